/** One secret of Secrets Manager: its versions, stages and tags, and what the API tells of it. */
import { randomUUID } from 'node:crypto';
import { keysAfter, type StoredTag, toTags } from './aws-resources.ts';
import { AwsFault } from './aws-wire.ts';

/** A value as tests give it. */
export type SecretValue = string | Uint8Array;

export interface SecretVersion {
  readonly id: string;
  readonly string?: string | undefined;
  /** Base64, as it travels. */
  readonly binary?: string | undefined;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  description: string | undefined;
  kmsKeyId: string | undefined;
  readonly tags: Map<string, string>;
  readonly versions: Map<string, SecretVersion>;
  /** Stage to version id. */
  readonly stages: Map<string, string>;
  readonly replicas: Set<string>;
  resourcePolicy: string | undefined;
  deletedAt: number | undefined;
}

export interface SecretFilter {
  readonly Key: string;
  readonly Values: readonly string[];
}

export interface PeekedSecret {
  readonly arn: string;
  readonly value: SecretValue | undefined;
  readonly description: string | undefined;
  readonly kmsKeyId: string | undefined;
  readonly resourcePolicy: string | undefined;
  readonly replicas: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly versions: number;
  readonly isDeleted: boolean;
}

/** Filters of Secrets Manager match the beginning, not the whole; `!` negates. */
export function matches(secret: Secret, { Key, Values }: SecretFilter): boolean {
  const candidates = {
    name: [secret.name],
    description: [secret.description ?? ''],
    'tag-key': [...secret.tags.keys()],
    'tag-value': [...secret.tags.values()],
  }[Key];
  if (candidates === undefined) throw new AwsFault('InvalidParameterException', `no such filter: ${Key}`);
  return Values.some((value) =>
    value.startsWith('!')
      ? !candidates.some((candidate) => candidate.startsWith(value.slice(1)))
      : candidates.some((candidate) => candidate.startsWith(value)),
  );
}

export function versionOf(request: {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: string | undefined;
  readonly ClientRequestToken?: string | undefined;
}): SecretVersion {
  if ((request.SecretString === undefined) === (request.SecretBinary === undefined))
    throw new AwsFault('InvalidParameterException', 'You must provide either SecretString or SecretBinary.');
  return {
    id: request.ClientRequestToken ?? randomUUID(),
    string: request.SecretString,
    binary: request.SecretBinary,
  };
}

export function addVersion(secret: Secret, version: SecretVersion, stages: readonly string[]): string {
  const existing = secret.versions.get(version.id);
  if (existing !== undefined && (existing.string !== version.string || existing.binary !== version.binary)) {
    throw new AwsFault(
      'ResourceExistsException',
      'You can not modify the value of a version, only make new ones: this ClientRequestToken was used before.',
    );
  }
  secret.versions.set(version.id, version);
  for (const stage of stages) moveStage(secret, stage, version.id);
  if (secret.versions.size === 1) moveStage(secret, 'AWSCURRENT', version.id);
  return version.id;
}

export function moveStage(secret: Secret, stage: string, versionId: string): void {
  if (!secret.versions.has(versionId))
    throw new AwsFault('ResourceNotFoundException', `Secrets Manager can't find the version ${versionId}`);
  const before = secret.stages.get(stage);
  secret.stages.set(stage, versionId);
  if (stage === 'AWSCURRENT' && before !== undefined && before !== versionId) secret.stages.set('AWSPREVIOUS', before);
}

export function stagesOf(secret: Secret, versionId: string): string[] {
  return keysAfter(secret.stages, versionId);
}

export function describe(secret: Secret): object {
  const stages = [...new Set(secret.stages.values())].map((id) => [id, stagesOf(secret, id)] as const);
  return {
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    Tags: toTags(secret.tags) satisfies StoredTag[],
    VersionIdsToStages: Object.fromEntries(stages),
    ReplicationStatus: secret.replicas.size === 0 ? undefined : replication(secret),
    DeletedDate: secret.deletedAt === undefined ? undefined : secret.deletedAt / 1_000,
  };
}

export function replication(secret: Secret): object[] {
  return [...secret.replicas].map((Region) => ({ Region, Status: 'InSync' }));
}

export function valueAnswer(secret: Secret, version: SecretVersion): object {
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    VersionStages: stagesOf(secret, version.id),
    CreatedDate: 1_700_000_000,
    SecretString: version.string,
    SecretBinary: version.binary,
  };
}

export function markedForDeletion(): AwsFault {
  return new AwsFault(
    'InvalidRequestException',
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}

export function peeked(secret: Secret): PeekedSecret {
  const current = secret.versions.get(secret.stages.get('AWSCURRENT') ?? '');
  const value = current?.string ?? (current?.binary === undefined ? undefined : Buffer.from(current.binary, 'base64'));
  const { arn, description, kmsKeyId, resourcePolicy, replicas, deletedAt } = secret;
  return {
    arn,
    value,
    description,
    kmsKeyId,
    resourcePolicy,
    replicas: [...replicas],
    tags: Object.fromEntries(secret.tags),
    versions: secret.versions.size,
    isDeleted: deletedAt !== undefined,
  };
}
