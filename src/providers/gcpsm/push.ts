/** Writes secrets of one project: the secret with its labels, and a version for each new payload. */

import { marshalJsonPlain } from '../../lib/jsonvalue.ts';
import { KeyedTurns } from '../../lib/keyedturns.ts';
import { deleteJson, JsonPathError, setJson } from '../../lib/sjson.ts';
import { isSecretNotFound, ProviderError } from '../../provider/errors.ts';
import type { PushRequest, PushTarget, SecretMap, SecretsWriter } from '../../provider/provider.ts';
import type { Secret, SecretManagerApi } from './api.ts';
import { GoogleApiError } from './apierror.ts';
import { crc32c } from './crc32c.ts';
import { changesOf, isManaged, newSecret, type PushMetadata, pushMetadataOf } from './pushmetadata.ts';
import { latestVersion, type Place, parentName, secretName, versionName } from './resourcename.ts';
import { isJson, propertyOf, SecretPayload } from './secretpayload.ts';
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
  /** Versions have no etag to compare: two properties of one secret are pushed one after the other. */
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
      const secret = await this.#secret(key, signal);
      if (secret === undefined || !isManaged(secret)) return;
      const rest = property === '' ? undefined : await this.#without(key, property, signal);
      if (rest === undefined) await this.#deleteSecret(key, secret, signal);
      else if (rest !== 'unchanged') await this.#addVersion(key, rest, signal);
    });
  }

  /** Whether there is a payload that can be read, and the property in it. */
  async exists({ remoteKey: key, property = '' }: PushTarget, signal: AbortSignal): Promise<boolean> {
    const payload = await this.#newest(key, signal);
    if (payload === undefined || property === '') return payload !== undefined;
    return isJson(payload) && propertyOf(payload, property) !== undefined;
  }

  /** Creates the secret, or changes its labels and annotations to what they should be. */
  async #settleSecret(
    { remoteKey: key, property }: PushRequest,
    metadata: PushMetadata | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    await untilSettled(key, async () => {
      const present = await this.#secret(key, signal);
      if (present === undefined) {
        const request = { parent: parentName(this.#place), secretId: key, secret: newSecret(this.#place, metadata) };
        await this.#api.createSecret(request, signal);
        return;
      }
      if (!isManaged(present) && !property)
        throw new ProviderError('denied', `the secret ${key} is not managed by external-secrets`);
      await this.#updateSecret(key, present, metadata, signal);
    });
  }

  async #updateSecret(
    key: string,
    present: Secret,
    metadata: PushMetadata | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { secret, paths } = changesOf(present, metadata);
    if (paths.length === 0) return;
    const named = { ...secret, name: secretName(this.#place, key), etag: present.etag ?? '' };
    await this.#api.updateSecret({ secret: named, updateMask: { paths } }, signal);
  }

  async #settlePayload({ remoteKey: key, property = '', value }: PushRequest, signal: AbortSignal): Promise<void> {
    const bytes = value instanceof Map ? jsonOf(value) : value;
    const wanted =
      property === ''
        ? bytes
        : withProperty(key, (await this.#newest(key, signal)) ?? new Uint8Array(), property, bytes);
    const latest = await this.#latest(key, signal);
    if (latest === undefined || !Buffer.from(latest).equals(wanted)) await this.#addVersion(key, wanted, signal);
  }

  /** What is left of the payload; undefined: nothing. */
  async #without(key: string, property: string, signal: AbortSignal): Promise<Uint8Array | 'unchanged' | undefined> {
    const payload = await this.#newest(key, signal);
    if (payload === undefined || !isJson(payload) || propertyOf(payload, property) === undefined) return 'unchanged';
    const rest = edited(key, property, () => deleteJson(payload, property));
    return /^\s*\{\s*\}\s*$/.test(Buffer.from(rest).toString('utf8')) ? undefined : rest;
  }

  async #deleteSecret(key: string, seen: Secret, signal: AbortSignal): Promise<void> {
    let secret: Secret | undefined = seen;
    await untilSettled(key, async () => {
      secret ??= await this.#secret(key, signal);
      const etag = secret?.etag ?? '';
      const isWanted = secret !== undefined && isManaged(secret);
      secret = undefined;
      if (isWanted) await orAbsent(this.#api.deleteSecret(secretName(this.#place, key), etag, signal));
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
  async #latest(key: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const name = versionName(this.#place, key, latestVersion);
    return payloadOrAbsent(key, this.#api.accessSecretVersion(name, signal));
  }

  async #newest(key: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    return payloadOrAbsent(key, accessNewest(this.#api, this.#place, key, signal));
  }
}

/** Runs again when somebody else changed the secret in between. */
async function untilSettled(key: string, run: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < maxConflicts; tries += 1) {
    try {
      return await run();
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
  throw new ProviderError('unavailable', `the secret ${key} is being changed by somebody else all the time`);
}

/** An etag that is not the secret's any more, or a secret that has come into being. */
function isConflict(error: unknown): boolean {
  const cause = error instanceof ProviderError ? error.cause : undefined;
  return (
    (cause instanceof GoogleApiError && ['ABORTED', 'ALREADY_EXISTS'].includes(cause.code ?? '')) || isStaleEtag(cause)
  );
}

function isStaleEtag(cause: unknown): boolean {
  return cause instanceof GoogleApiError && cause.code === 'FAILED_PRECONDITION' && /etag/i.test(cause.message);
}

async function orAbsent<T>(looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (isSecretNotFound(error)) return undefined;
    throw error;
  }
}

async function payloadOrAbsent(
  key: string,
  accessing: ReturnType<SecretManagerApi['accessSecretVersion']>,
): Promise<Uint8Array | undefined> {
  try {
    return new SecretPayload(key, await accessing).bytes;
  } catch (error) {
    if (isSecretNotFound(error) || isNotEnabled(error)) return undefined;
    throw error;
  }
}

/** @throws ProviderError `invalid` for a payload that is no JSON object: it would be lost */
function withProperty(key: string, json: Uint8Array, property: string, value: Uint8Array): Uint8Array {
  if (json.byteLength > 0 && !/^\s*\{/.test(Buffer.from(json).toString('utf8')))
    throw new ProviderError('invalid', `the secret ${key} is not a JSON object, so that it takes no property`);
  return edited(key, property, () => setJson(json, property, value));
}

function edited(key: string, property: string, edit: () => Uint8Array): Uint8Array {
  try {
    return edit();
  } catch (cause) {
    if (!(cause instanceof JsonPathError)) throw cause;
    throw new ProviderError('invalid', `the property ${property} of ${key} cannot be written: ${cause.message}`, {
      cause,
    });
  }
}

/** A whole Secret, as one JSON object of strings. */
function jsonOf(values: SecretMap): Uint8Array {
  const texts = Array.from(values, ([key, value]) => [key, Buffer.from(value).toString('utf8')] as const);
  return Buffer.from(marshalJsonPlain(new Map(texts)));
}
