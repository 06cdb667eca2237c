/** Writes secrets: only those that were pushed, which their tags tell. */
import type { DescribeSecretCommandOutput } from '@aws-sdk/client-secrets-manager';
import { KeyedTurns } from '../../../lib/keyedturns.ts';
import type { ScopedObjects } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { PushRequest, PushTarget, SecretsWriter } from '../../../provider/provider.ts';
import { isAlreadyThere } from '../errors.ts';
import { ifThere } from '../ifthere.ts';
import { prefixed } from '../name.ts';
import { hasProperty, lenientText, pushedValue, withoutProperty } from '../pushvalue.ts';
import type { AwsSpec } from '../schema.ts';
import { isManaged, managedTags, tagsOf, toApiTags } from '../tags.ts';
import type { SecretsManagerApi } from './api.ts';
import { type PushMetadata, pushMetadataOf } from './pushmetadata.ts';
import { regionsOf, settleAttributes, settlePolicy } from './settle.ts';
import { currentValue, putValue, valueInput } from './value.ts';

export interface SecretsManagerWriterOptions {
  readonly api: SecretsManagerApi;
  readonly spec: AwsSpec;
  readonly objects: ScopedObjects;
}

const defaultDescription = "secret 'managed-by:external-secrets'";
/** The first version's id, as in ESO: creating twice is then the same as creating once. */
const firstVersionId = '00000000-0000-0000-0000-000000000001';

export class SecretsManagerWriter implements SecretsWriter {
  readonly #api: SecretsManagerApi;
  readonly #spec: AwsSpec;
  readonly #objects: ScopedObjects;
  /** Two properties of one secret are pushed one after the other: there is nothing that tells a lost update. */
  readonly #turns = new KeyedTurns();

  constructor({ api, spec, objects }: SecretsManagerWriterOptions) {
    this.#api = api;
    this.#spec = spec;
    this.#objects = objects;
  }

  async push(request: PushRequest, signal: AbortSignal): Promise<void> {
    const name = prefixed(this.#spec.prefix, request.remoteKey);
    const metadata = pushMetadataOf(request.metadata);
    await this.#turns.take(name, async () => {
      const present = await this.#describe(name, signal);
      if (present !== undefined) await this.#update(present, name, request, metadata, signal);
      else await this.#create(name, request, metadata, signal);
    });
  }

  /** A property, and the secret with its last one; without a property the secret. What is not managed stays. */
  async delete({ remoteKey, property = '' }: PushTarget, signal: AbortSignal): Promise<void> {
    const name = prefixed(this.#spec.prefix, remoteKey);
    await this.#turns.take(name, async () => {
      const present = await this.#describe(name, signal);
      if (present === undefined || present.DeletedDate !== undefined || !isManaged(tagsOf(present.Tags))) return;
      if (property === '') await this.#delete(name, present, signal);
      else await this.#deleteProperty(name, present, property, signal);
    });
  }

  /** Whether there is a value that can be read, and the property in it. */
  async exists({ remoteKey, property = '' }: PushTarget, signal: AbortSignal): Promise<boolean> {
    const value = await currentValue(this.#api, prefixed(this.#spec.prefix, remoteKey), signal);
    return value !== undefined && (property === '' || hasProperty(value.bytes, property));
  }

  async #create(name: string, request: PushRequest, metadata: PushMetadata, signal: AbortSignal): Promise<void> {
    try {
      await this.#api.createSecret(newSecret(name, request, metadata), signal);
    } catch (error) {
      if (!isAlreadyThere(error)) throw error;
      // Somebody else was faster: what they made is judged like any other.
      await this.#update(await this.#api.describeSecret(name, signal), name, request, metadata, signal);
      return;
    }
    await settlePolicy({ api: this.#api, objects: this.#objects, name, metadata }, signal);
  }

  async #update(
    present: DescribeSecretCommandOutput,
    name: string,
    request: PushRequest,
    metadata: PushMetadata,
    signal: AbortSignal,
  ): Promise<void> {
    if (!isManaged(tagsOf(present.Tags)))
      throw new ProviderError('denied', `the secret ${name} is not managed by external-secrets`);
    // Whoever pushes wants it to be there.
    if (present.DeletedDate !== undefined) await this.#api.restoreSecret(name, signal);
    await this.#settleValue(name, request, metadata, signal);
    await settleAttributes({ api: this.#api, objects: this.#objects, name, present, metadata }, signal);
  }

  async #settleValue(name: string, request: PushRequest, metadata: PushMetadata, signal: AbortSignal): Promise<void> {
    const present = await currentValue(this.#api, name, signal);
    const change = { name: `the secret ${name}`, present: present?.bytes, textOf: lenientText };
    const bytes = pushedValue(change, request);
    const format = metadata.secretPushFormat ?? present?.format ?? 'binary';
    const isSame = present?.format === format && Buffer.from(present.bytes).equals(bytes);
    if (!isSame) await putValue(this.#api, name, { bytes, format }, signal);
  }

  async #deleteProperty(
    name: string,
    present: DescribeSecretCommandOutput,
    property: string,
    signal: AbortSignal,
  ): Promise<void> {
    const value = await currentValue(this.#api, name, signal);
    if (value === undefined || !hasProperty(value.bytes, property)) return;
    const bytes = withoutProperty(`the secret ${name}`, value.bytes, property);
    if (bytes === undefined) await this.#delete(name, present, signal);
    else await putValue(this.#api, name, { bytes, format: value.format }, signal);
  }

  /** AWS deletes no secret that has replicas. */
  async #delete(name: string, { ReplicationStatus }: DescribeSecretCommandOutput, signal: AbortSignal): Promise<void> {
    const { forceDeleteWithoutRecovery, recoveryWindowInDays } = this.#spec.secretsManager ?? {};
    const regions = regionsOf(ReplicationStatus);
    if (regions.length > 0) await this.#api.removeRegions(name, regions, signal);
    const input = {
      SecretId: name,
      ForceDeleteWithoutRecovery: forceDeleteWithoutRecovery || undefined,
      RecoveryWindowInDays: recoveryWindowInDays || undefined,
    };
    await ifThere(this.#api.deleteSecret(input, signal));
  }

  #describe(name: string, signal: AbortSignal): Promise<DescribeSecretCommandOutput | undefined> {
    return ifThere(this.#api.describeSecret(name, signal));
  }
}

function newSecret(name: string, request: PushRequest, metadata: PushMetadata) {
  const { secretPushFormat: format = 'binary', description = defaultDescription, kmsKeyId, tags } = metadata;
  const change = { name: `the secret ${name}`, present: undefined, textOf: lenientText };
  const replicas = metadata.replicationLocations?.map((Region) => ({ Region })) ?? [];
  return {
    Name: name,
    ClientRequestToken: firstVersionId,
    Description: description,
    KmsKeyId: kmsKeyId,
    Tags: toApiTags(managedTags(tags)),
    AddReplicaRegions: replicas.length > 0 ? replicas : undefined,
    ...valueInput(name, pushedValue(change, request), format),
  };
}
