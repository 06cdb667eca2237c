/** Secrets of a vault. */
import {
  type Attributes,
  type ObjectSeed,
  type ObjectVersion,
  pageOf,
  type Tags,
  VaultObjects,
} from './azure-objects.ts';
import { type AzureCall, AzureFault } from './azure-wire.ts';

export interface SecretContent {
  readonly value: string;
  readonly contentType?: string | undefined;
  /** The key behind it: the secret belongs to a certificate. */
  readonly kid?: string;
}

const maxValueBytes = 25 * 1_024;

export class SecretsModel {
  readonly objects: VaultObjects<SecretContent>;

  constructor(now: () => number) {
    this.objects = new VaultObjects({ collection: 'secrets', noun: 'Secret', now });
  }

  put(name: string, content: SecretContent, seed: ObjectSeed): ObjectVersion<SecretContent> {
    if (Buffer.byteLength(content.value) > maxValueBytes) {
      throw new AzureFault(400, 'BadParameter', `The secret value must be at most ${maxValueBytes} bytes.`);
    }
    return this.objects.add(name, content, seed);
  }

  handle(call: AzureCall): unknown {
    const [, name = '', version] = call.segments;
    const base = call.url.origin;
    switch (call.operation) {
      case 'GetSecrets':
        return pageOf(call, this.objects.current(), (secret) => item(base, secret, false));
      case 'GetSecretVersions':
        return pageOf(call, this.objects.versions(name), (secret) => item(base, secret, true));
      case 'GetSecret':
        return bundle(base, enabled(this.objects.get(name, version)));
      case 'SetSecret':
        return bundle(base, this.#set(name, call.body));
      case 'DeleteSecret':
        return { ...item(base, this.objects.remove(name), true), ...this.objects.deletion(name, base) };
      case 'GetDeletedSecret':
        return { ...item(base, this.objects.deleted(name), true), ...this.objects.deletion(name, base) };
      case 'RecoverDeletedSecret':
        return item(base, this.objects.recover(name), true);
      default:
        throw new AzureFault(405, 'MethodNotAllowed', `${call.method} is not allowed here`);
    }
  }

  #set(name: string, body: string): ObjectVersion<SecretContent> {
    const input = JSON.parse(body) as { value?: unknown; contentType?: string; attributes?: Attributes; tags?: Tags };
    if (typeof input.value !== 'string') {
      throw new AzureFault(400, 'BadParameter', "The request body does not contain the required property 'value'.");
    }
    const { value, contentType, attributes, tags } = input;
    return this.put(name, { value, contentType }, { attributes, tags });
  }
}

/** Reading is the one thing that a disabled secret refuses. */
function enabled(secret: ObjectVersion<SecretContent>): ObjectVersion<SecretContent> {
  if (secret.attributes.enabled !== false) return secret;
  const message = 'Operation get is not allowed on a disabled secret.';
  throw new AzureFault(403, 'Forbidden', message, { innerCode: 'SecretDisabled' });
}

function bundle(base: string, secret: ObjectVersion<SecretContent>): object {
  return { value: secret.content.value, ...item(base, secret, true) };
}

function item(base: string, secret: ObjectVersion<SecretContent>, withVersion: boolean): object {
  const { name, version, content, attributes, tags } = secret;
  const { contentType, kid } = content;
  return {
    id: `${base}/secrets/${name}${withVersion ? `/${version}` : ''}`,
    ...(contentType === undefined ? {} : { contentType }),
    ...(kid === undefined ? {} : { kid, managed: true }),
    attributes: { ...attributes, recoveryLevel: 'Recoverable+Purgeable', recoverableDays: 90 },
    ...(tags === undefined ? {} : { tags }),
  };
}
