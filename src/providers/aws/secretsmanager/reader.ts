/** Reads secrets by their full names or ARNs, alone and many at once. */
import type { GetSecretValueCommandInput, SecretValueEntry } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../../../lib/clock.ts';
import { utf8Bytes } from '../../../lib/utf8.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { RemoteRef, RemoteSecret } from '../../../provider/provider.ts';
import { type Answers, BatchedReads } from '../batch.ts';
import { about, toProviderError } from '../errors.ts';
import { RemoteValue } from '../property.ts';
import { AwsServiceError } from '../serviceerror.ts';
import { tagsOf, tagsSecret } from '../tags.ts';
import type { SecretsManagerApi } from './api.ts';

const currentStage = 'AWSCURRENT';
const idPrefix = 'uuid/';
/** The most that BatchGetSecretValue takes. */
const batchSize = 20;

export class SecretReader {
  readonly #api: SecretsManagerApi;
  readonly #batched: BatchedReads;

  constructor(api: SecretsManagerApi, clock: Clock) {
    this.#api = api;
    this.#batched = new BatchedReads({
      clock,
      size: batchSize,
      readKey: (ref) => this.readKey(ref),
      read: (ref, signal) => this.read(ref, signal),
      readBatch: (refs, signal) => this.#readBatch(refs, signal),
      isBatchable,
    });
  }

  /** Tags have no versions. */
  readKey({ key, version, metadataPolicy = 'None' }: RemoteRef): string {
    return JSON.stringify([metadataPolicy, key, metadataPolicy === 'Fetch' ? '' : version || currentStage]);
  }

  async read(ref: RemoteRef, signal: AbortSignal): Promise<RemoteSecret> {
    const { key, metadataPolicy } = ref;
    try {
      if (metadataPolicy === 'Fetch')
        return tagsSecret(key, tagsOf((await this.#api.describeSecret(key, signal)).Tags));
      return secretValue(key, await this.#api.getSecretValue({ SecretId: key, ...versionOf(ref) }, signal));
    } catch (error) {
      throw about(key, error);
    }
  }

  readMany(refs: readonly RemoteRef[], signal: AbortSignal): Promise<Answers> {
    return this.#batched.readMany(refs, signal);
  }

  async #readBatch(refs: readonly RemoteRef[], signal: AbortSignal): Promise<Answers | undefined> {
    const output = await this.#api.batchGetSecretValue(
      refs.map(({ key }) => key),
      signal,
    );
    if (output === undefined) return undefined;
    const { SecretValues = [], Errors = [] } = output;
    const answers: Answers = new Map();
    for (const ref of refs) {
      const entry = SecretValues.find((value) => isOf(ref.key, value));
      const failure = Errors.find(({ SecretId }) => SecretId === ref.key);
      if (entry !== undefined) answers.set(this.readKey(ref), secretValue(ref.key, entry));
      else if (failure !== undefined) answers.set(this.readKey(ref), errorOf(ref.key, failure));
    }
    return answers;
  }
}

/** A batch knows neither versions nor tags. */
function isBatchable({ version, metadataPolicy }: RemoteRef): boolean {
  return metadataPolicy !== 'Fetch' && (!version || version === currentStage);
}

/** The stage is always named: then AWS and everything that imitates it mean the same. */
function versionOf({ version }: RemoteRef): Pick<GetSecretValueCommandInput, 'VersionId' | 'VersionStage'> {
  if (version?.startsWith(idPrefix) === true) return { VersionId: version.slice(idPrefix.length) };
  return { VersionStage: version || currentStage };
}

/** Asked for by name, by ARN, or by an ARN without the six characters that AWS adds. */
function isOf(id: string, { ARN = '', Name }: SecretValueEntry): boolean {
  return id === Name || id === ARN || (id.startsWith('arn:') && ARN.replace(/-\w{6}$/, '') === id);
}

/** @throws ProviderError `invalid` when there is neither text nor bytes */
export function secretValue(
  key: string,
  { SecretString, SecretBinary, VersionId }: Pick<SecretValueEntry, 'SecretString' | 'SecretBinary' | 'VersionId'>,
): RemoteValue {
  const bytes = SecretString === undefined ? SecretBinary : utf8Bytes(SecretString);
  if (bytes === undefined) throw new ProviderError('unavailable', `${key} was answered without a value`);
  return new RemoteValue({ name: `the secret ${key}`, version: VersionId, bytes });
}

function errorOf(
  key: string,
  { ErrorCode: code, Message: message = '' }: { ErrorCode?: string | undefined; Message?: string | undefined },
): ProviderError {
  const error = toProviderError(new AwsServiceError(message, { code, status: 400 }));
  const named = about(key, error);
  return named instanceof ProviderError ? named : error;
}
