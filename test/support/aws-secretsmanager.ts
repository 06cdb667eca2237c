/** Secrets Manager in memory: versions and stages, tags, filters with paging, deletion with a recovery window. */
import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { parse } from './aws-identities.ts';
import { type AwsCaller, page } from './aws-resources.ts';
import {
  addVersion,
  describe,
  markedForDeletion,
  matches,
  moveStage,
  type PeekedSecret,
  peeked,
  replication,
  type Secret,
  type SecretValue,
  stagesOf,
  valueAnswer,
  versionOf,
} from './aws-secret.ts';
import { AwsFault } from './aws-wire.ts';

const Tags = z.array(z.object({ Key: z.string().min(1), Value: z.string() })).max(50);
const SecretId = z.string().min(1).max(2048);
const Value = {
  SecretString: z.string().min(1).max(65_536).optional(),
  SecretBinary: z.string().min(1).max(87_400).optional(),
  ClientRequestToken: z.string().min(32).max(64).optional(),
};
const Replicas = z.array(z.object({ Region: z.string() })).default([]);
const Filters = z.array(z.object({ Key: z.string(), Values: z.array(z.string()).min(1).max(10) })).max(10);

const requests = {
  GetSecretValue: z.object({
    SecretId,
    VersionId: z.string().min(32).max(64).optional(),
    VersionStage: z.string().min(1).max(256).optional(),
  }),
  BatchGetSecretValue: z.object({
    SecretIdList: z.array(SecretId).min(1).max(20).optional(),
    Filters: Filters.optional(),
    MaxResults: z.int().min(1).max(20).default(20),
    NextToken: z.string().optional(),
  }),
  ListSecrets: z.object({
    Filters: Filters.default([]),
    MaxResults: z.int().min(1).max(100).default(100),
    NextToken: z.string().optional(),
  }),
  CreateSecret: z.object({
    Name: z.string().regex(/^[\w/+=.@-]{1,512}$/),
    ...Value,
    Description: z.string().max(2048).optional(),
    KmsKeyId: z.string().optional(),
    Tags: Tags.default([]),
    AddReplicaRegions: Replicas,
  }),
  PutSecretValue: z.object({ SecretId, ...Value, VersionStages: z.array(z.string()).default(['AWSCURRENT']) }),
  UpdateSecret: z.object({ SecretId, Description: z.string().optional(), KmsKeyId: z.string().optional() }),
  TagResource: z.object({ SecretId, Tags }),
  UntagResource: z.object({ SecretId, TagKeys: z.array(z.string()) }),
  DeleteSecret: z.object({
    SecretId,
    RecoveryWindowInDays: z.int().min(7).max(30).optional(),
    ForceDeleteWithoutRecovery: z.boolean().optional(),
  }),
  UpdateSecretVersionStage: z.object({
    SecretId,
    VersionStage: z.string(),
    MoveToVersionId: z.string(),
    RemoveFromVersionId: z.string().optional(),
  }),
  PutResourcePolicy: z.object({ SecretId, ResourcePolicy: z.string(), BlockPublicPolicy: z.boolean().optional() }),
  ReplicateSecretToRegions: z.object({ SecretId, AddReplicaRegions: Replicas }),
  RemoveRegionsFromReplication: z.object({ SecretId, RemoveReplicaRegions: z.array(z.string()) }),
  OneSecret: z.object({ SecretId }),
};

const worksOnDeleted = new Set(['DescribeSecret', 'DeleteSecret', 'RestoreSecret']);

export interface SecretSeed {
  readonly region?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly stages?: readonly string[];
}

export interface SecretsManagerOptions {
  readonly accountId: string;
  readonly region: string;
  /** Answers for names that nobody put, so that a benchmark needs no million secrets. */
  readonly secretFor: ((name: string) => string | undefined) | undefined;
  readonly now: () => number;
}

export class SecretsManagerModel {
  readonly #options: SecretsManagerOptions;
  readonly #secrets = new Map<string, Secret>();

  constructor(options: SecretsManagerOptions) {
    this.#options = options;
  }

  /** Makes the secret, or gives it a new version. @returns the version's id */
  put(name: string, value: SecretValue, seed: SecretSeed = {}): string {
    const region = seed.region ?? this.#options.region;
    const secret = this.#secrets.get(`${region}/${name}`) ?? this.#create(name, region);
    secret.deletedAt = undefined;
    for (const [key, text] of Object.entries(seed.tags ?? {})) secret.tags.set(key, text);
    const stored = typeof value === 'string' ? { string: value } : { binary: Buffer.from(value).toString('base64') };
    return addVersion(secret, { id: randomUUID(), ...stored }, seed.stages ?? ['AWSCURRENT']);
  }

  remove(name: string, region = this.#options.region): void {
    this.#secrets.delete(`${region}/${name}`);
  }

  /** The secret's current value, tags and the rest, for assertions. */
  peek(name: string, region = this.#options.region): PeekedSecret | undefined {
    const secret = this.#secrets.get(`${region}/${name}`);
    return secret === undefined ? undefined : peeked(secret);
  }

  handle(operation: string, input: unknown, caller: AwsCaller): unknown {
    switch (operation) {
      case 'GetSecretValue':
        return this.#getSecretValue(parse(requests.GetSecretValue, input), caller);
      case 'BatchGetSecretValue':
        return this.#batchGetSecretValue(parse(requests.BatchGetSecretValue, input), caller);
      case 'ListSecrets':
        return this.#listSecrets(parse(requests.ListSecrets, input), caller);
      case 'CreateSecret':
        return this.#createSecret(parse(requests.CreateSecret, input), caller);
      default:
        return this.#handleOne(operation, input, caller);
    }
  }

  #handleOne(operation: string, input: unknown, caller: AwsCaller): unknown {
    const { SecretId: id } = parse(requests.OneSecret, input);
    const secret = this.#authorized(id, operation, caller);
    if (secret.deletedAt !== undefined && !worksOnDeleted.has(operation)) throw markedForDeletion();
    const run = this.#operations[operation];
    if (run === undefined) throw new AwsFault('UnknownOperationException', `no such operation: ${operation}`);
    return { ARN: secret.arn, Name: secret.name, ...run(secret, input) };
  }

  readonly #operations: Readonly<Record<string, (secret: Secret, input: unknown) => object>> = {
    DescribeSecret: (secret) => describe(secret),
    PutSecretValue: (secret, input) => {
      const request = parse(requests.PutSecretValue, input);
      const id = addVersion(secret, versionOf(request), request.VersionStages);
      return { VersionId: id, VersionStages: stagesOf(secret, id) };
    },
    UpdateSecret: (secret, input) => {
      const request = parse(requests.UpdateSecret, input);
      secret.description = request.Description ?? secret.description;
      secret.kmsKeyId = request.KmsKeyId ?? secret.kmsKeyId;
      return {};
    },
    TagResource: (secret, input) => {
      for (const { Key, Value: text } of parse(requests.TagResource, input).Tags) secret.tags.set(Key, text);
      return {};
    },
    UntagResource: (secret, input) => {
      for (const key of parse(requests.UntagResource, input).TagKeys) secret.tags.delete(key);
      return {};
    },
    DeleteSecret: (secret, input) => {
      const request = parse(requests.DeleteSecret, input);
      if (request.ForceDeleteWithoutRecovery === true && request.RecoveryWindowInDays !== undefined)
        throw new AwsFault('InvalidParameterException', "You can't use ForceDeleteWithoutRecovery with a window.");
      if (secret.replicas.size > 0)
        throw new AwsFault('InvalidRequestException', "You can't delete a secret that has replicas.");
      if (request.ForceDeleteWithoutRecovery === true) this.remove(secret.name, secret.region);
      secret.deletedAt = this.#options.now();
      return { DeletionDate: secret.deletedAt / 1_000 + (request.RecoveryWindowInDays ?? 30) * 86_400 };
    },
    RestoreSecret: (secret) => {
      secret.deletedAt = undefined;
      return {};
    },
    UpdateSecretVersionStage: (secret, input) => {
      const request = parse(requests.UpdateSecretVersionStage, input);
      moveStage(secret, request.VersionStage, request.MoveToVersionId);
      return {};
    },
    PutResourcePolicy: (secret, input) => {
      secret.resourcePolicy = parse(requests.PutResourcePolicy, input).ResourcePolicy;
      return {};
    },
    GetResourcePolicy: (secret) => ({ ResourcePolicy: secret.resourcePolicy }),
    DeleteResourcePolicy: (secret) => {
      secret.resourcePolicy = undefined;
      return {};
    },
    ReplicateSecretToRegions: (secret, input) => {
      for (const { Region } of parse(requests.ReplicateSecretToRegions, input).AddReplicaRegions)
        secret.replicas.add(Region);
      return { ReplicationStatus: replication(secret) };
    },
    RemoveRegionsFromReplication: (secret, input) => {
      for (const region of parse(requests.RemoveRegionsFromReplication, input).RemoveReplicaRegions)
        secret.replicas.delete(region);
      return { ReplicationStatus: replication(secret) };
    },
  };

  #getSecretValue(request: z.output<typeof requests.GetSecretValue>, caller: AwsCaller): unknown {
    const secret = this.#authorized(request.SecretId, 'GetSecretValue', caller);
    if (secret.deletedAt !== undefined) throw markedForDeletion();
    const stage = request.VersionStage ?? (request.VersionId === undefined ? 'AWSCURRENT' : undefined);
    const id = request.VersionId ?? secret.stages.get(stage ?? '');
    const version = id === undefined ? undefined : secret.versions.get(id);
    const isStaged = stage === undefined || secret.stages.get(stage) === id;
    if (version === undefined || !isStaged) {
      const which = request.VersionId === undefined ? `staging label: ${stage}` : `VersionId: ${request.VersionId}`;
      throw new AwsFault(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for ${which}`,
      );
    }
    return valueAnswer(secret, version);
  }

  #batchGetSecretValue(request: z.output<typeof requests.BatchGetSecretValue>, caller: AwsCaller): unknown {
    caller.authorize('secretsmanager:BatchGetSecretValue', '*');
    if ((request.SecretIdList === undefined) === (request.Filters === undefined))
      throw new AwsFault('InvalidParameterException', 'Either SecretIdList or Filters must be provided.');
    const listed = page(this.#matching(request.Filters ?? [], caller.region), request);
    const ids = request.SecretIdList ?? listed.items.map(({ arn }) => arn);
    const SecretValues: unknown[] = [];
    const Errors: unknown[] = [];
    for (const id of ids) {
      try {
        SecretValues.push(this.#getSecretValue({ SecretId: id }, caller));
      } catch (error) {
        if (!(error instanceof AwsFault)) throw error;
        Errors.push({ SecretId: id, ErrorCode: error.code, Message: error.message });
      }
    }
    const next = request.SecretIdList === undefined ? listed.next : undefined;
    return { SecretValues, Errors, NextToken: next };
  }

  #listSecrets(request: z.output<typeof requests.ListSecrets>, caller: AwsCaller): unknown {
    caller.authorize('secretsmanager:ListSecrets', '*');
    const { items, next } = page(this.#matching(request.Filters, caller.region), request);
    return {
      SecretList: items.map((secret) => ({ ARN: secret.arn, Name: secret.name, ...describe(secret) })),
      NextToken: next,
    };
  }

  #createSecret(request: z.output<typeof requests.CreateSecret>, caller: AwsCaller): unknown {
    const arn = this.#arn(request.Name, caller.region);
    caller.authorize('secretsmanager:CreateSecret', arn, {});
    if (this.#secrets.has(`${caller.region}/${request.Name}`)) {
      throw new AwsFault(
        'ResourceExistsException',
        `The operation failed because the secret ${request.Name} already exists.`,
      );
    }
    const secret = this.#create(request.Name, caller.region);
    secret.description = request.Description;
    secret.kmsKeyId = request.KmsKeyId;
    for (const { Key, Value: text } of request.Tags) secret.tags.set(Key, text);
    for (const { Region } of request.AddReplicaRegions) secret.replicas.add(Region);
    const hasValue = request.SecretString !== undefined || request.SecretBinary !== undefined;
    const id = hasValue ? addVersion(secret, versionOf(request), ['AWSCURRENT']) : undefined;
    return { ARN: secret.arn, Name: secret.name, VersionId: id };
  }

  /** The secret, when the caller may do this to it; whether it exists is told only to who may know. */
  #authorized(id: string, operation: string, caller: AwsCaller): Secret {
    const secret = this.#find(id, caller.region);
    const tags = [...(secret?.tags ?? [])].map(([key, value]) => [`secretsmanager:ResourceTag/${key}`, value]);
    const resource = secret?.arn ?? this.#arn(id, caller.region);
    caller.authorize(`secretsmanager:${operation}`, resource, Object.fromEntries(tags) as Record<string, string>);
    if (secret !== undefined) return secret;
    throw new AwsFault('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  #find(id: string, region: string): Secret | undefined {
    const named = this.#secrets.get(`${region}/${id}`);
    if (named !== undefined) return named;
    if (id.startsWith('arn:'))
      return [...this.#secrets.values()].find(({ arn }) => arn === id || arn.replace(/-\w{6}$/, '') === id);
    const value = this.#options.secretFor?.(id);
    if (value === undefined) return undefined;
    const secret = this.#blank(id, region);
    addVersion(secret, { id: '00000000-0000-4000-8000-000000000000', string: value }, ['AWSCURRENT']);
    return secret;
  }

  #matching(filters: z.output<typeof Filters>, region: string): [string, Secret][] {
    return [...this.#secrets]
      .filter(([, secret]) => secret.region === region && secret.deletedAt === undefined)
      .filter(([, secret]) => filters.every((filter) => matches(secret, filter)));
  }

  #create(name: string, region: string): Secret {
    const secret = this.#blank(name, region);
    this.#secrets.set(`${region}/${name}`, secret);
    return secret;
  }

  #blank(name: string, region: string): Secret {
    return {
      name,
      arn: this.#arn(name, region),
      region,
      description: undefined,
      kmsKeyId: undefined,
      tags: new Map(),
      versions: new Map(),
      stages: new Map(),
      replicas: new Set(),
      resourcePolicy: undefined,
      deletedAt: undefined,
    };
  }

  #arn(name: string, region: string): string {
    if (name.startsWith('arn:')) return name;
    const suffix = createHash('sha256').update(name).digest('hex').slice(0, 6);
    return `arn:aws:secretsmanager:${region}:${this.#options.accountId}:secret:${name}-${suffix}`;
  }
}
