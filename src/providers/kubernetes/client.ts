/** Reads Secrets of one namespace of one cluster. */
import type { KubeClient, ListOptions } from '../../kube/client.ts';
import type { ClusterConnection } from '../../kube/connection.ts';
import { openKubeClient } from '../../kube/open.ts';
import { type Secret, secrets } from '../../kube/resources.ts';
import { convertKeys, SecretKeyError } from '../../lib/secretkeys.ts';
import type { ApiCaller, ConnectContext } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';
import { nameMatcher } from '../../provider/namematcher.ts';
import type {
  FindQuery,
  RemoteRef,
  RemoteSecret,
  SecretMap,
  SecretsClient,
  ValidationResult,
} from '../../provider/provider.ts';
import { proveAccess } from './access.ts';
import { toProviderError } from './errors.ts';
import { KubernetesWriter } from './push.ts';
import { dataOf, jsonOfData, SecretData } from './secretdata.ts';
import { SecretMetadata } from './secretmetadata.ts';

export interface KubernetesClientOptions {
  readonly connection: ClusterConnection;
  readonly namespace: string;
  readonly context: ConnectContext;
}

const pageSize = 500;

export class KubernetesClient implements SecretsClient {
  readonly writer: KubernetesWriter;
  readonly #kube: KubeClient;
  readonly #namespace: string;
  readonly #call: ApiCaller;

  static async open({ connection, namespace, context }: KubernetesClientOptions): Promise<KubernetesClient> {
    const { clock, settings } = context;
    const kube = await openKubeClient({ connection, clock, userAgent: settings.userAgent, retries: false });
    return new KubernetesClient(kube, namespace, context);
  }

  constructor(kube: KubeClient, namespace: string, context: ConnectContext) {
    this.#kube = kube;
    this.#namespace = namespace;
    this.#call = context.calls('Kubernetes', toProviderError);
    this.writer = new KubernetesWriter({ kube, namespace, call: this.#call, store: context.store });
  }

  async validate(signal: AbortSignal): Promise<ValidationResult> {
    return proveAccess(this.#kube, this.#namespace, this.#call, signal);
  }

  /** A Secret has no versions to choose from. */
  readKey({ key, metadataPolicy = 'None' }: RemoteRef): string {
    return JSON.stringify([key, metadataPolicy]);
  }

  async read({ key, metadataPolicy }: RemoteRef, signal: AbortSignal): Promise<RemoteSecret> {
    const name = { namespace: this.#namespace, name: key };
    const secret = await this.#call('GetSecret', (limit) => this.#kube.get(secrets, name, { signal: limit }), signal);
    return metadataPolicy === 'Fetch' ? new SecretMetadata(secret) : new SecretData(secret);
  }

  /** By labels if there are tags, else by name, as in ESO 2.9; each value is all data of a Secret as JSON. */
  async find({ tags, nameRegexp, conversionStrategy }: FindQuery, signal: AbortSignal): Promise<SecretMap> {
    if (tags === undefined && nameRegexp === undefined) throw new ProviderError('invalid', 'find needs a name or tags');
    const isWanted = tags === undefined ? byName(nameRegexp) : byLabels(tags);
    const labelSelector =
      tags === undefined
        ? undefined
        : Object.entries(tags)
            .map(([key, value]) => `${key}=${value}`)
            .join(',');
    const found = new Map<string, Uint8Array>();
    for await (const secret of this.#list({ namespace: this.#namespace, labelSelector }, signal)) {
      if (isWanted(secret)) found.set(secret.metadata.name ?? '', jsonOfData(dataOf(secret)));
    }
    return convert(conversionStrategy, found);
  }

  async close(): Promise<void> {
    await this.#kube.close();
  }

  async *#list(selection: ListOptions, signal: AbortSignal): AsyncGenerator<Secret, void, void> {
    let token: string | undefined;
    do {
      const options = { ...selection, limit: pageSize, continue: token };
      const page = await this.#call(
        'ListSecrets',
        (limit) => this.#kube.list(secrets, { ...options, signal: limit }),
        signal,
      );
      yield* page.items;
      token = page.continue;
    } while (token !== undefined);
  }
}

function byName(nameRegexp: string | undefined): (secret: Secret) => boolean {
  const matches = nameMatcher(nameRegexp);
  return ({ metadata }) => matches(metadata.name ?? '');
}

/** The server has chosen already; this holds even if a value of `tags` is more than a value to a label selector. */
function byLabels(tags: Readonly<Record<string, string>>): (secret: Secret) => boolean {
  return ({ metadata }) => Object.entries(tags).every(([key, value]) => metadata.labels?.[key] === value);
}

/** Converts before any rewrite, as ESO's kubernetes provider does. */
function convert(strategy: FindQuery['conversionStrategy'], found: SecretMap): SecretMap {
  try {
    return convertKeys(strategy, found);
  } catch (cause) {
    if (!(cause instanceof SecretKeyError)) throw cause;
    throw new ProviderError('invalid', cause.message, { cause });
  }
}
