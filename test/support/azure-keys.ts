/** Keys of a vault: what is private goes in and never comes out. */
import {
  type Attributes,
  type ObjectSeed,
  type ObjectVersion,
  pageOf,
  type Tags,
  VaultObjects,
} from './azure-objects.ts';
import { type AzureCall, AzureFault } from './azure-wire.ts';

export interface Jwk {
  readonly kty?: string;
  readonly key_ops?: readonly string[];
  readonly [member: string]: unknown;
}

const privateMembers = { RSA: ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'], EC: ['crv', 'x', 'y', 'd'] };
const publicMembers = { RSA: ['n', 'e'], EC: ['crv', 'x', 'y'] };
const operations = ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'];

export class KeysModel {
  readonly objects: VaultObjects<Jwk>;

  constructor(now: () => number) {
    this.objects = new VaultObjects({ collection: 'keys', noun: 'Key', now });
  }

  /** @param jwk with the private members */
  put(name: string, jwk: Jwk, seed: ObjectSeed): ObjectVersion<Jwk> {
    const kind = jwk.kty;
    if (kind !== 'RSA' && kind !== 'EC') throw new AzureFault(400, 'BadParameter', `Invalid kty value: ${kind}`);
    const missing = privateMembers[kind].find((member) => typeof jwk[member] !== 'string');
    if (missing !== undefined) {
      throw new AzureFault(400, 'BadParameter', `The JWK lacks the property '${missing}' of a private ${kind} key.`);
    }
    const shown = Object.fromEntries(publicMembers[kind].map((member) => [member, jwk[member]]));
    return this.objects.add(name, { kty: kind, key_ops: jwk.key_ops ?? operations, ...shown }, seed);
  }

  handle(call: AzureCall): unknown {
    const [, name = '', version] = call.segments;
    const base = call.url.origin;
    switch (call.operation) {
      case 'GetKeys':
        return pageOf(call, this.objects.current(), (key) => ({ kid: `${base}/keys/${key.name}`, ...about(key) }));
      case 'GetKey':
        return bundle(base, this.objects.get(name, version));
      case 'ImportKey':
        return bundle(base, this.#import(name, call.body));
      case 'DeleteKey':
        return { ...bundle(base, this.objects.remove(name)), ...this.objects.deletion(name, base) };
      case 'GetDeletedKey':
        return { ...bundle(base, this.objects.deleted(name)), ...this.objects.deletion(name, base) };
      default:
        throw new AzureFault(405, 'MethodNotAllowed', `${call.method} is not allowed here`);
    }
  }

  #import(name: string, body: string): ObjectVersion<Jwk> {
    const { key, attributes, tags } = JSON.parse(body) as { key?: Jwk; attributes?: Attributes; tags?: Tags };
    if (key === undefined) throw new AzureFault(400, 'BadParameter', "Property 'key' is required.");
    return this.put(name, key, { attributes, tags });
  }
}

function bundle(base: string, key: ObjectVersion<Jwk>): object {
  return { key: { kid: `${base}/keys/${key.name}/${key.version}`, ...key.content }, ...about(key) };
}

function about({ attributes, tags }: ObjectVersion<Jwk>): object {
  return {
    attributes: { ...attributes, recoveryLevel: 'Recoverable+Purgeable', recoverableDays: 90 },
    ...(tags === undefined ? {} : { tags }),
  };
}
