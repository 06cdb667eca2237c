/** Writes Secrets of one namespace of one cluster. Whatever is there is overwritten, as ESO 2.9 does. */

import type { KubeClient } from '../../kube/client.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../../kube/errors.ts';
import { orMissing } from '../../kube/ormissing.ts';
import { type Secret, secrets } from '../../kube/resources.ts';
import { byteOrder } from '../../lib/byteorder.ts';
import type { ApiCaller, StoreIdentity } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { PushRequest, PushTarget, SecretsWriter } from '../../provider/provider.ts';
import { mergedMetadata, type PushMetadata, pushMetadataOf } from './pushmetadata.ts';
import { dataOf, jsonOfData } from './secretdata.ts';

export interface KubernetesWriterOptions {
  readonly kube: KubeClient;
  readonly namespace: string;
  readonly call: ApiCaller;
  readonly store: StoreIdentity;
}

/** Somebody else may write the same Secret in between; so many times in a row is no coincidence any more. */
const maxConflicts = 5;

export class KubernetesWriter implements SecretsWriter {
  readonly #kube: KubeClient;
  readonly #namespace: string;
  readonly #call: ApiCaller;
  readonly #store: StoreIdentity;

  constructor(options: KubernetesWriterOptions) {
    this.#kube = options.kube;
    this.#namespace = options.namespace;
    this.#call = options.call;
    this.#store = options.store;
  }

  async push(request: PushRequest, signal: AbortSignal): Promise<void> {
    if (!(request.value instanceof Map) && (request.property ?? '') === '') {
      throw new ProviderError('invalid', 'remoteRef.property is required to push one key of a Secret');
    }
    const metadata = pushMetadataOf(request.metadata, this.#store);
    const namespace = metadata.remoteNamespace ?? this.#namespace;
    await this.#untilSettled(namespace, request.remoteKey, signal, (present) => {
      return desired(present ?? { metadata: { namespace, name: request.remoteKey } }, request, metadata);
    });
  }

  /** A property, and the Secret with its last one; without a property the Secret. What is not there is fine. */
  async delete({ remoteKey, property = '' }: PushTarget, signal: AbortSignal): Promise<void> {
    await this.#untilSettled(this.#namespace, remoteKey, signal, (present) => {
      const { [property]: removed, ...rest } = present?.data ?? {};
      if (present === undefined || (property !== '' && removed === undefined)) return present;
      return property === '' || Object.keys(rest).length === 0 ? undefined : { ...present, data: rest };
    });
  }

  async exists({ remoteKey, property = '' }: PushTarget, signal: AbortSignal): Promise<boolean> {
    const present = await this.#get(this.#namespace, remoteKey, signal);
    return present !== undefined && (property === '' || present.data?.[property] !== undefined);
  }

  /** Makes the Secret what `decide` says of its present state; decides anew when somebody else wrote in between. */
  async #untilSettled(
    namespace: string,
    name: string,
    signal: AbortSignal,
    decide: (present: Secret | undefined) => Secret | undefined,
  ): Promise<void> {
    for (let tries = 0; tries < maxConflicts; tries += 1) {
      const present = await this.#get(namespace, name, signal);
      if (await this.#become(present, decide(present), signal)) return;
    }
    throw new ProviderError('unavailable', `the Secret ${name} is being changed by somebody else all the time`);
  }

  /** @returns false when somebody else was faster */
  async #become(present: Secret | undefined, wanted: Secret | undefined, signal: AbortSignal): Promise<boolean> {
    if (wanted === undefined)
      return (
        present === undefined ||
        this.#write('DeleteSecret', (limit) => this.#kube.delete(secrets, nameOf(present), { signal: limit }), signal)
      );
    if (present === undefined)
      return this.#write('CreateSecret', (limit) => this.#kube.create(secrets, wanted, { signal: limit }), signal);
    if (JSON.stringify(wanted) === JSON.stringify(present)) return true;
    return this.#write('UpdateSecret', (limit) => this.#kube.replace(secrets, wanted, { signal: limit }), signal);
  }

  #write(call: string, run: (signal: AbortSignal) => Promise<unknown>, signal: AbortSignal): Promise<boolean> {
    return this.#call(
      call,
      async (limit) => {
        try {
          await run(limit);
          return true;
        } catch (error) {
          if (isConflict(error) || isAlreadyExists(error) || isNotFoundOf(call, error)) return false;
          throw error;
        }
      },
      signal,
    );
  }

  #get(namespace: string, name: string, signal: AbortSignal): Promise<Secret | undefined> {
    return this.#call(
      'GetSecret',
      (limit) => orMissing(this.#kube.get(secrets, { namespace, name }, { signal: limit })),
      signal,
    );
  }
}

/** When a Secret goes away between look and write, the next look sees it; a missing namespace stays an error. */
function isNotFoundOf(call: string, error: unknown): boolean {
  return call !== 'CreateSecret' && isNotFound(error);
}

function nameOf({ metadata }: Secret): { namespace: string; name: string } {
  return { namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
}

function desired(present: Secret, request: PushRequest, metadata: PushMetadata): Secret {
  const isNew = present.metadata.resourceVersion === undefined;
  return {
    ...present,
    ...(isNew ? { type: request.secretType ?? 'Opaque' } : {}),
    metadata: { ...present.metadata, ...mergedMetadata(present, request.source, metadata) },
    data: dataAfter(present, request),
  };
}

function dataAfter(present: Secret, { value, property = '' }: PushRequest): Record<string, string> {
  if (value instanceof Map && property === '') return base64Of(value);
  const bytes = value instanceof Map ? jsonOfData(value) : value;
  return base64Of(dataOf(present).set(property, bytes));
}

/** Keys sorted, as the API server answers them: what has not changed then looks the same. */
function base64Of(data: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  const sorted = [...data].sort(([left], [right]) => byteOrder(left, right));
  return Object.fromEntries(sorted.map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
}
