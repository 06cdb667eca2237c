import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type AwsServer, startAws } from '../../../../test/support/aws.ts';
import type { PeekedSecret } from '../../../../test/support/aws-secret.ts';
import type { PushRequest, SecretsWriter } from '../../../provider/provider.ts';
import type { TestConnectOptions } from '../../../provider/testing/connect.ts';
import { canary, providerRejection } from '../../../provider/testing/rejection.ts';
import { keyObjects, openStore } from '../testing/world.ts';

const never = new AbortController().signal;
const managed = { 'managed-by': 'external-secrets' };
const bytes = (text: string): Uint8Array => Buffer.from(text);
const metadata = (spec: object): object => ({
  apiVersion: 'kubernetes.external-secrets.io/v1alpha1',
  kind: 'PushSecretMetadata',
  spec,
});

let aws: AwsServer;

beforeEach(async () => {
  aws = await startAws();
});

afterEach(() => aws.stop());

async function writer(spec: object = {}, options: TestConnectOptions = {}): Promise<SecretsWriter> {
  const { client } = await openStore(aws, spec, { retry: { maxRetries: 2, retryIntervalMs: 1 }, ...options });
  onTestFinished(() => client.close());
  return client.writer ?? expect.fail('nothing can be pushed');
}

async function push(
  request: Partial<PushRequest> = {},
  spec: object = {},
  options: TestConnectOptions = {},
): Promise<PeekedSecret> {
  await (await writer(spec, options)).push({ remoteKey: 'db', value: bytes('hunter2'), ...request }, never);
  return secret(`${(spec as { prefix?: string }).prefix ?? ''}${request.remoteKey ?? 'db'}`);
}

function secret(name = 'db'): PeekedSecret {
  return aws.secret(name) ?? expect.fail(`there is no secret ${name}`);
}

function writes(): Record<string, number> {
  const reads = new Set(['GetSecretValue', 'DescribeSecret', 'GetResourcePolicy']);
  return Object.fromEntries(Object.entries(aws.counts()).filter(([name]) => !reads.has(name)));
}

describe('pushing to Secrets Manager', () => {
  it('makes a secret of bytes that says who manages it', async () => {
    expect(await push()).toMatchObject({
      value: Buffer.from('hunter2'),
      tags: managed,
      description: "secret 'managed-by:external-secrets'",
      versions: 1,
    });
    expect(writes()).toEqual({ CreateSecret: 1 });
  });

  it('writes nothing when nothing changed', async () => {
    await push();
    await push();
    expect(writes()).toEqual({ CreateSecret: 1 });
  });

  it('adds a version when the value changed, and leaves everything else', async () => {
    aws.putSecret('db', 'old', { tags: { ...managed, team: 'a' } });
    expect(await push()).toMatchObject({ value: 'hunter2', versions: 2, tags: { ...managed, team: 'a' } });
    expect(writes()).toEqual({ PutSecretValue: 1 });
  });

  it('puts the prefix before the name', async () => {
    expect(await push({}, { prefix: 'team/' })).toMatchObject({ versions: 1 });
  });

  it('leaves alone what somebody else made', async () => {
    aws.putSecret('db', canary, { tags: { team: 'a' } });
    const error = await providerRejection(() => push());
    expect(error).toMatchObject({ kind: 'denied', message: 'the secret db is not managed by external-secrets' });
    await (await writer()).delete({ remoteKey: 'db' }, never);
    await (await writer()).delete({ remoteKey: 'db', property: 'x' }, never);
    expect(secret()).toMatchObject({ value: canary, isDeleted: false });
    expect(writes()).toEqual({});
  });

  it('writes a whole Secret as one JSON object', async () => {
    const value = new Map([
      ['b', bytes('2 <&>')],
      ['a', bytes('1')],
    ]);
    const pushed = await push({ value, metadata: metadata({ secretPushFormat: 'string' }) });
    expect(pushed.value).toBe('{"a":"1","b":"2 <&>"}');
  });

  it('restores a secret that waits for its deletion', async () => {
    await push();
    await (await writer()).delete({ remoteKey: 'db' }, never);
    expect(secret().isDeleted).toBe(true);
    const again = await push({ value: bytes('again') });
    expect(again).toMatchObject({ isDeleted: false, value: Buffer.from('again') });
  });

  it('does not repeat a value that AWS refuses', async () => {
    aws.putSecret('db', 'x', { tags: managed });
    const error = await providerRejection(() => push({ value: bytes(canary.repeat(3_000)) }));
    expect(error.kind).toBe('invalid');
  });

  it('writes no bytes as text', async () => {
    const value = Uint8Array.of(0xff, 0xfe);
    const error = await providerRejection(() => push({ value, metadata: metadata({ secretPushFormat: 'string' }) }));
    expect(error.kind).toBe('invalid');
  });
});

describe('a pushed property', () => {
  it('is put into the object that is there', async () => {
    aws.putSecret('db', '{"user":"root", "n": 12345678901234567890}', { tags: managed });
    const { value } = await push({ property: 'password' });
    expect(value).toBe('{"user":"root", "n": 12345678901234567890,"password":"hunter2"}');
  });

  it('makes the secret when there is none', async () => {
    expect((await push({ property: 'password' })).value).toEqual(Buffer.from('{"password":"hunter2"}'));
  });

  it('is not lost when another is pushed at the same time', async () => {
    const to = await writer();
    const properties = ['a', 'b', 'c', 'd'];
    await Promise.all(properties.map((property) => to.push({ remoteKey: 'db', property, value: bytes('x') }, never)));
    expect(Object.keys(JSON.parse(String(secret().value)) as object).sort()).toEqual(properties);
  });

  it('does not replace what is no object', async () => {
    aws.putSecret('db', canary, { tags: managed });
    expect((await providerRejection(() => push({ property: 'password' }))).kind).toBe('invalid');
    expect(secret().value).toBe(canary);
  });

  it('is deleted alone, and the secret with the last one', async () => {
    aws.putSecret('db', '{"a":"1","b":"2"}', { tags: managed });
    const from = await writer({ secretsManager: { forceDeleteWithoutRecovery: true } });
    await from.delete({ remoteKey: 'db', property: 'missing' }, never);
    expect(writes()).toEqual({});
    await from.delete({ remoteKey: 'db', property: 'a' }, never);
    expect(secret().value).toBe('{"b":"2"}');
    await from.delete({ remoteKey: 'db', property: 'b' }, never);
    expect(aws.secret('db')).toBeUndefined();
  });
});

describe('whether something is there', () => {
  it('is told of secrets and properties', async () => {
    aws.putSecret('db', '{"a":"1"}');
    const to = await writer();
    expect(await to.exists({ remoteKey: 'db' }, never)).toBe(true);
    expect(await to.exists({ remoteKey: 'db', property: 'a' }, never)).toBe(true);
    expect(await to.exists({ remoteKey: 'db', property: 'b' }, never)).toBe(false);
    expect(await to.exists({ remoteKey: 'none' }, never)).toBe(false);
  });

  it('is not known to whoever may not look', async () => {
    aws.faults.add({ kind: 'deny' });
    const to = await writer();
    expect((await providerRejection(() => to.exists({ remoteKey: 'db' }, never))).kind).toBe('denied');
  });
});

describe('metadata of a push', () => {
  it('gives tags, description, key and regions to a new secret', async () => {
    const spec = { tags: { team: 'a' }, description: 'd', kmsKeyID: 'alias/k', replicationLocations: ['eu-west-1'] };
    expect(await push({ metadata: metadata(spec) })).toMatchObject({
      tags: { ...managed, team: 'a' },
      description: 'd',
      kmsKeyId: 'alias/k',
      replicas: ['eu-west-1'],
    });
    expect(writes()).toEqual({ CreateSecret: 1 });
  });

  it('changes them on one that is there, and only what differs', async () => {
    await push({ metadata: metadata({ tags: { team: 'a', old: 'x' }, replicationLocations: ['eu-west-1'] }) });
    const spec = { tags: { team: 'b' }, description: 'new', replicationLocations: ['eu-west-2'] };
    for (let round = 0; round < 2; round += 1)
      expect(await push({ metadata: metadata(spec) })).toMatchObject({
        tags: { ...managed, team: 'b' },
        description: 'new',
        replicas: ['eu-west-2'],
        versions: 1,
      });
    expect(writes()).toEqual({
      CreateSecret: 1,
      UpdateSecret: 1,
      UntagResource: 1,
      TagResource: 1,
      RemoveRegionsFromReplication: 1,
      ReplicateSecretToRegions: 1,
    });
  });

  it('turns bytes into text when it says so', async () => {
    await push();
    expect((await push({ metadata: metadata({ secretPushFormat: 'string' }) })).value).toBe('hunter2');
  });

  it('takes a policy from a ConfigMap or Secret, and leaves it without', async () => {
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    const objects = keyObjects();
    objects.putConfigMap('test/policies', { reader: policy });
    objects.putSecret('test/policies', { data: { reader: policy, broken: '{' } });
    const of = (kind: string, key = 'reader') =>
      metadata({ resourcePolicy: { blockPublicPolicy: true, policySourceRef: { kind, name: 'policies', key } } });
    expect((await push({ metadata: of('ConfigMap') }, {}, { objects })).resourcePolicy).toBe(policy);
    expect((await push({ metadata: of('Secret') }, {}, { objects })).resourcePolicy).toBe(policy);
    expect((await push({ value: bytes('new') })).resourcePolicy).toBe(policy);
    expect(writes()).toEqual({ CreateSecret: 1, PutResourcePolicy: 1, PutSecretValue: 1 });
    const error = await providerRejection(() => push({ metadata: of('Secret', 'broken') }, {}, { objects }));
    expect(error.kind).toBe('invalid');
  });

  it.each([
    ['an unknown member', { colour: 'red' }],
    ['a format that there is not', { secretPushFormat: 'xml' }],
    ['two different keys', { kmsKeyID: 'a', kmsKeyId: 'b' }],
  ])('may not have %s', async (_, spec) => {
    expect((await providerRejection(() => push({ metadata: metadata(spec) }))).kind).toBe('invalid');
    expect(writes()).toEqual({});
  });
});

describe('deleting', () => {
  it('leaves the days that the store says, and takes replicas off first', async () => {
    await push({ metadata: metadata({ replicationLocations: ['eu-west-1'] }) });
    await (await writer({ secretsManager: { recoveryWindowInDays: 7 } })).delete({ remoteKey: 'db' }, never);
    expect(secret()).toMatchObject({ isDeleted: true, replicas: [] });
  });

  it('is done when there is nothing', async () => {
    await (await writer()).delete({ remoteKey: 'none' }, never);
    expect(writes()).toEqual({});
  });
});
