/** Reads parameters by their full names or ARNs, alone and many at once. */
import type { Parameter } from '@aws-sdk/client-ssm';
import type { Clock } from '../../../lib/clock.ts';
import { utf8Bytes } from '../../../lib/utf8.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { RemoteRef, RemoteSecret } from '../../../provider/provider.ts';
import { type Answers, BatchedReads } from '../batch.ts';
import { about } from '../errors.ts';
import { RemoteValue } from '../property.ts';
import { tagsSecret } from '../tags.ts';
import type { ParameterStoreApi } from './api.ts';

/** The most that GetParameters takes. */
const batchSize = 10;

export class ParameterReader {
  readonly #api: ParameterStoreApi;
  readonly #batched: BatchedReads;

  constructor(api: ParameterStoreApi, clock: Clock) {
    this.#api = api;
    this.#batched = new BatchedReads({
      clock,
      size: batchSize,
      readKey: (ref) => this.readKey(ref),
      read: (ref, signal) => this.read(ref, signal),
      readBatch: (refs, signal) => this.#readBatch(refs, signal),
      isBatchable: ({ metadataPolicy }) => metadataPolicy !== 'Fetch',
    });
  }

  /** Tags have no versions. */
  readKey(ref: RemoteRef): string {
    const { key, metadataPolicy = 'None' } = ref;
    return JSON.stringify([metadataPolicy, metadataPolicy === 'Fetch' ? key : selectorOf(ref)]);
  }

  async read(ref: RemoteRef, signal: AbortSignal): Promise<RemoteSecret> {
    const { key, metadataPolicy } = ref;
    try {
      if (metadataPolicy === 'Fetch') return tagsSecret(key, await this.#api.tags(key, signal));
      return parameterValue(key, await this.#api.getParameter(selectorOf(ref), signal));
    } catch (error) {
      throw about(key, error);
    }
  }

  readMany(refs: readonly RemoteRef[], signal: AbortSignal): Promise<Answers> {
    return this.#batched.readMany(refs, signal);
  }

  async #readBatch(refs: readonly RemoteRef[], signal: AbortSignal): Promise<Answers | undefined> {
    const output = await this.#api.getParameters(refs.map(selectorOf), signal);
    if (output === undefined) return undefined;
    const { Parameters = [], InvalidParameters = [] } = output;
    const answers: Answers = new Map();
    for (const ref of refs) {
      const parameter = Parameters.find((candidate) => isOf(ref, candidate));
      if (parameter !== undefined) answers.set(this.readKey(ref), parameterValue(ref.key, parameter));
      // With a version it may be the version that is not there, which only a read of its own tells.
      else if (!ref.version && InvalidParameters.includes(ref.key)) answers.set(this.readKey(ref), missing(ref.key));
    }
    return answers;
  }
}

/** A version is a number or a label. */
function selectorOf({ key, version }: RemoteRef): string {
  return version ? `${key}:${version}` : key;
}

function isOf({ key, version }: RemoteRef, { Name, ARN, Selector, Version }: Parameter): boolean {
  if (key !== Name && key !== ARN) return false;
  // Imitations of AWS leave the selector out.
  if (Selector === undefined || Selector === '') return !version || version === String(Version);
  return Selector === `:${version}`;
}

function missing(key: string): ProviderError {
  return new ProviderError('notFound', `${key}: AWS has no such parameter`);
}

/** Texts; an empty one does not exist. */
export function parameterValue(key: string, parameter: Parameter | undefined): RemoteValue {
  const { Value: value, Version } = parameter ?? {};
  if (value === undefined) throw new ProviderError('unavailable', `${key} was answered without a value`);
  const version = Version === undefined ? undefined : String(Version);
  return new RemoteValue({ name: `the parameter ${key}`, version, bytes: utf8Bytes(value) });
}
