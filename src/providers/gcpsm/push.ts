/** Writes secrets of one project: the secret with its labels, and a version for each new payload. */
import { KeyedTurns } from '../../lib/keyedturns.ts';
import { isSecretNotFound, ProviderError } from '../../provider/errors.ts';
import type { PushRequest, PushTarget, SecretsWriter } from '../../provider/provider.ts';
import type { AccessedVersion, Secret, SecretManagerApi } from './api.ts';
import { crc32c } from './crc32c.ts';
import { changesOf, isManaged, newSecret, type PushMetadata, pushMetadataOf } from './pushmetadata.ts';
import { hasProperty, pushedBytes, withoutProperty, withProperty } from './pushpayload.ts';
import { latestVersion, type Place, parentName, secretName, versionName } from './resourcename.ts';
import { SecretPayload } from './secretpayload.ts';
import { accessNewest, isNotEnabled } from './versions.ts';

export interface GcpsmWriterOptions {
  readonly api: SecretManagerApi;
  readonly place: Place;
}

/** Somebody else may change the same secret in between; so many times in a row is no coincidence any more. */
const maxConflicts = 5;

export class GcpsmWriter implements SecretsWriter {
  readonly #api: SecretManagerApi;
  readonly #place: Place;
  /** Payloads have no etag to compare: two properties of one secret are pushed one after the other. */
  readonly #turns = new KeyedTurns();

  constructor({ api, place }: GcpsmWriterOptions) {
    this.#api = api;
    this.#place = place;
  }

  async push(request: PushRequest, signal: AbortSignal): Promise<void> {
    const metadata = pushMetadataOf(request.metadata);
    if (metadata !== undefined && request.property)
      throw new ProviderError('invalid', 'metadata cannot be pushed together with remoteRef.property');
    await this.#turns.take(request.remoteKey, async () => {
      await this.#settleSecret(request, metadata, signal);
      await this.#settlePayload(request, signal);
    });
  }

  /** A property, and the secret with its last one; without a property the secret. Only secrets that were pushed. */
  async delete({ remoteKey: key, property = '' }: PushTarget, signal: AbortSignal): Promise<void> {
    await this.#turns.take(key, async () => {
      if (property === '') await this.#deleteSecret(key, signal);
      else await this.#deleteProperty(key, property, signal);
    });
  }

  /** Whether there is a payload that can be read, and the property in it. */
  async exists({ remoteKey: key, property = '' }: PushTarget, signal: AbortSignal): Promise<boolean> {
    const payload = await this.#newest(key, signal);
    return payload !== undefined && (property === '' || hasProperty(payload, property));
  }

  /** Creates the secret, or changes its labels and annotations to what they should be. */
  async #settleSecret(
    { remoteKey: key, property }: PushRequest,
    metadata: PushMetadata | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    await untilSettled(key, async () => {
      const present = await this.#secret(key, signal);
      if (present === undefined) return this.#createSecret(key, metadata, signal);
      if (!isManaged(present) && !property)
        throw new ProviderError('denied', `the secret ${key} is not managed by external-secrets`);
      return this.#updateSecret(key, present, metadata, signal);
    });
  }

  #createSecret(key: string, metadata: PushMetadata | undefined, signal: AbortSignal): Promise<boolean> {
    const secret = newSecret(this.#place, metadata);
    return this.#api.createSecret({ parent: parentName(this.#place), secretId: key, secret }, signal);
  }

  async #updateSecret(
    key: string,
    present: Secret,
    metadata: PushMetadata | undefined,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { secret, paths } = changesOf(present, metadata);
    if (paths.length === 0) return true;
    const named = { ...secret, name: secretName(this.#place, key), etag: present.etag ?? '' };
    return this.#api.updateSecret({ secret: named, updateMask: { paths } }, signal);
  }

  async #settlePayload({ remoteKey: key, property = '', value }: PushRequest, signal: AbortSignal): Promise<void> {
    const bytes = pushedBytes(value);
    const latest = await this.#latest(key, signal);
    const wanted =
      property === '' ? bytes : withProperty(key, latest ?? (await this.#newest(key, signal)), property, bytes);
    if (latest === undefined || !Buffer.from(latest).equals(wanted)) await this.#addVersion(key, wanted, signal);
  }

  async #deleteProperty(key: string, property: string, signal: AbortSignal): Promise<void> {
    const secret = await this.#secret(key, signal);
    if (secret === undefined || !isManaged(secret)) return;
    const payload = await this.#newest(key, signal);
    if (payload === undefined || !hasProperty(payload, property)) return;
    const rest = withoutProperty(key, payload, property);
    if (rest === undefined) await this.#deleteSecret(key, signal);
    else await this.#addVersion(key, rest, signal);
  }

  /** Whoever takes the secret over in between keeps it. */
  async #deleteSecret(key: string, signal: AbortSignal): Promise<void> {
    await untilSettled(key, async () => {
      const secret = await this.#secret(key, signal);
      if (secret === undefined || !isManaged(secret)) return true;
      const deleting = this.#api.deleteSecret(secretName(this.#place, key), secret.etag ?? '', signal);
      return (await orAbsent(deleting)) ?? true;
    });
  }

  async #addVersion(key: string, data: Uint8Array, signal: AbortSignal): Promise<void> {
    const payload = { data, dataCrc32c: crc32c(data) };
    await this.#api.addSecretVersion({ parent: secretName(this.#place, key), payload }, signal);
  }

  #secret(key: string, signal: AbortSignal): Promise<Secret | undefined> {
    return orAbsent(this.#api.getSecret(secretName(this.#place, key), signal));
  }

  /** Undefined also when it is disabled or destroyed: readers do not see it, so a push has to make a new one. */
  #latest(key: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const name = versionName(this.#place, key, latestVersion);
    return payloadOrAbsent(key, this.#api.accessSecretVersion(name, signal));
  }

  #newest(key: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    return payloadOrAbsent(key, accessNewest(this.#api, this.#place, key, signal));
  }
}

/** @param attempt looks at the secret as it is now, and answers false when somebody else was faster */
async function untilSettled(key: string, attempt: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < maxConflicts; tries += 1) if (await attempt()) return;
  throw new ProviderError('unavailable', `the secret ${key} is being changed by somebody else all the time`);
}

async function orAbsent<T>(looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (isSecretNotFound(error)) return undefined;
    throw error;
  }
}

async function payloadOrAbsent(key: string, accessing: Promise<AccessedVersion>): Promise<Uint8Array | undefined> {
  try {
    return new SecretPayload(key, await accessing).bytes;
  } catch (error) {
    if (isSecretNotFound(error) || isNotEnabled(error)) return undefined;
    throw error;
  }
}
