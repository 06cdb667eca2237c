/** Reads what the store's spec holds, and what was pushed to this client. */
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
import { FakeWriter } from './push.ts';
import type { FakeSpec } from './schema.ts';
import { FakeSecret } from './secret.ts';

/** Values of `validationResult`, as in ESO's API. */
const validationUnknown = 1;
const validationFailed = 2;

export class FakeClient implements SecretsClient {
  readonly writer: FakeWriter;
  readonly #spec: FakeSpec;
  readonly #call: ApiCaller;

  constructor(spec: FakeSpec, context: ConnectContext) {
    this.#spec = spec;
    this.#call = context.calls('Fake', toProviderError);
    this.writer = new FakeWriter((key) => spec.data.some((entry) => entry.key === key), this.#call);
  }

  validate(signal: AbortSignal): Promise<ValidationResult> {
    return this.#call(
      'Validate',
      async () => {
        const { validationResult } = this.#spec;
        if (validationResult === validationFailed)
          throw new ProviderError('invalid', 'the store says validationResult 2: failed');
        return validationResult === validationUnknown ? 'unknown' : 'ready';
      },
      signal,
    );
  }

  readKey({ key, version }: RemoteRef): string {
    return JSON.stringify([key, version ?? '']);
  }

  read(ref: RemoteRef, signal: AbortSignal): Promise<RemoteSecret> {
    return this.#call('GetSecret', async () => this.#find(ref), signal);
  }

  find(query: FindQuery, signal: AbortSignal): Promise<SecretMap> {
    return this.#call('GetAllSecrets', async () => this.#findAll(query), signal);
  }

  async close(): Promise<void> {
    // Nothing is held that would have to be given back.
  }

  #find({ key, version = '' }: RemoteRef): FakeSecret {
    const entry = this.#spec.data.find((candidate) => candidate.key === key && (candidate.version ?? '') === version);
    const pushed = version === '' ? this.writer.get(key) : undefined;
    const value = entry === undefined ? pushed : Buffer.from(entry.value);
    if (value !== undefined) return new FakeSecret(key, value);
    throw new ProviderError(
      'notFound',
      `the store has no secret ${key}${version === '' ? '' : ` in version ${version}`}`,
    );
  }

  #findAll(query: FindQuery): SecretMap {
    if (query.tags !== undefined || query.nameRegexp === undefined) {
      throw new ProviderError('invalid', 'the fake provider finds by name only');
    }
    const isWanted = nameMatcher(query.nameRegexp);
    const found = new Map<string, Uint8Array>(this.writer.entries());
    // Of several versions the last one is taken, but the one without a version before all others.
    const byPreference = this.#spec.data.toSorted(
      (left, right) => Number(right.version !== undefined) - Number(left.version !== undefined),
    );
    for (const { key, value } of byPreference) found.set(key, Buffer.from(value));
    return convert(query.conversionStrategy, new Map([...found].filter(([key]) => isWanted(key))));
  }
}

/** Converts before any rewrite, as ESO's fake does. */
function convert(strategy: FindQuery['conversionStrategy'], found: SecretMap): SecretMap {
  try {
    return convertKeys(strategy, found);
  } catch (cause) {
    if (!(cause instanceof SecretKeyError)) throw cause;
    throw new ProviderError('invalid', cause.message, { cause });
  }
}

/** Everything here throws the right error by itself; anything else is a bug of ours. */
function toProviderError(cause: unknown): ProviderError {
  return new ProviderError('unavailable', 'the fake provider failed', { cause });
}
