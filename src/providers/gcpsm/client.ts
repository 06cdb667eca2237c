/** Reads secrets of one project, or of one region of it. */
import { mapLimited } from '../../lib/limited.ts';
import { convertKeys, SecretKeyError } from '../../lib/secretkeys.ts';
import { isSecretNotFound, ProviderError } from '../../provider/errors.ts';
import { nameMatcher } from '../../provider/namematcher.ts';
import type {
  FindQuery,
  RemoteRef,
  RemoteSecret,
  SecretMap,
  SecretsClient,
  ValidationResult,
} from '../../provider/provider.ts';
import type { AccessedVersion, SecretManagerApi } from './api.ts';
import { GcpsmWriter } from './push.ts';
import { lastSegment, latestVersion, type Place, parentName, secretName, versionName } from './resourcename.ts';
import { SecretMetadata } from './secretmetadata.ts';
import { SecretPayload } from './secretpayload.ts';
import type { Transport } from './transport.ts';
import { accessNewest, latestOrFetch } from './versions.ts';

export interface GcpsmClientOptions {
  readonly api: SecretManagerApi;
  readonly transport: Transport;
  readonly place: Place;
  /** `secretVersionSelectionPolicy` of the store. */
  readonly policy: string;
}

/** Reads at the same time of one `find`. */
const concurrency = 8;

export class GcpsmClient implements SecretsClient {
  readonly writer: GcpsmWriter;
  readonly #api: SecretManagerApi;
  readonly #transport: Transport;
  readonly #place: Place;
  readonly #policy: string;

  constructor({ api, transport, place, policy }: GcpsmClientOptions) {
    this.#api = api;
    this.#transport = transport;
    this.#place = place;
    this.#policy = policy;
    this.writer = new GcpsmWriter({ api, place });
  }

  async validate(signal: AbortSignal): Promise<ValidationResult> {
    await this.#api.authenticate(signal);
    return 'ready';
  }

  /** Metadata has no versions. */
  readKey({ key, version, metadataPolicy = 'None' }: RemoteRef): string {
    return JSON.stringify([key, metadataPolicy, metadataPolicy === 'Fetch' ? '' : version || latestVersion]);
  }

  async read({ key, version, metadataPolicy }: RemoteRef, signal: AbortSignal): Promise<RemoteSecret> {
    if (metadataPolicy === 'Fetch')
      return new SecretMetadata(key, await this.#api.getSecret(secretName(this.#place, key), signal));
    return new SecretPayload(key, await this.#access(key, version, signal));
  }

  /** By name if there is a name, else by labels, as in ESO 2.9; both within `path`, the beginning of names. */
  async find({ path, nameRegexp, tags, conversionStrategy }: FindQuery, signal: AbortSignal): Promise<SecretMap> {
    if (nameRegexp === undefined && tags === undefined) throw new ProviderError('invalid', 'find needs a name or tags');
    const isWanted = nameMatcher(nameRegexp);
    const labels = nameRegexp === undefined ? (tags ?? {}) : {};
    const keys: string[] = [];
    for await (const { name, labels: actual } of this.#api.listSecrets(
      parentName(this.#place),
      filterOf(labels, path),
      signal,
    )) {
      const key = lastSegment(name);
      if (isWanted(key) && key.startsWith(path ?? '') && hasLabels(actual ?? {}, labels)) keys.push(key);
    }
    const found = await mapLimited(keys, concurrency, (key) => this.#present(key, signal));
    return convert(conversionStrategy, new Map(found.filter((entry) => entry !== undefined)));
  }

  async close(): Promise<void> {
    await this.#api.close();
    await this.#transport.close();
  }

  #access(key: string, version: string | undefined, signal: AbortSignal): Promise<AccessedVersion> {
    if (!version && this.#policy === latestOrFetch) return accessNewest(this.#api, this.#place, key, signal);
    return this.#api.accessSecretVersion(versionName(this.#place, key, version || latestVersion), signal);
  }

  /** Undefined for a secret that has no version yet, or went away after it was listed. */
  async #present(key: string, signal: AbortSignal): Promise<[string, Uint8Array] | undefined> {
    try {
      return [key, new SecretPayload(key, await this.#access(key, undefined, signal)).bytes];
    } catch (error) {
      if (isSecretNotFound(error)) return undefined;
      throw error;
    }
  }
}

/** As far as the server can choose; its `:` means "contains". */
function filterOf(labels: Readonly<Record<string, string>>, path: string | undefined): string {
  const terms = Object.entries(labels).map(([key, value]) => `labels.${quoted(key)}=${quoted(value)}`);
  return [...terms, ...(path ? [`name:${quoted(path)}`] : [])].join(' AND ');
}

/** Whatever stands in it, a quoted term is one term. */
function quoted(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, String.raw`\$&`)}"`;
}

function hasLabels(actual: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => actual[key] === value);
}

/** Converts before any rewrite, as ESO's gcpsm does. */
function convert(strategy: FindQuery['conversionStrategy'], found: SecretMap): SecretMap {
  try {
    return convertKeys(strategy, found);
  } catch (cause) {
    if (!(cause instanceof SecretKeyError)) throw cause;
    throw new ProviderError('invalid', cause.message, { cause });
  }
}
