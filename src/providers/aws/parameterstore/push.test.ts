import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type AwsServer, startAws } from '../../../../test/support/aws.ts';
import type { PeekedParameter } from '../../../../test/support/aws-ssm.ts';
import type { PushRequest, SecretsWriter } from '../../../provider/provider.ts';
import { canary, providerRejection } from '../../../provider/testing/rejection.ts';
import { openStore } from '../testing/world.ts';

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

async function writer(): Promise<SecretsWriter> {
  const { client } = await openStore(aws, { service: 'ParameterStore', prefix: '/' });
  onTestFinished(() => client.close());
  return client.writer ?? expect.fail('nothing can be pushed');
}

async function push(request: Partial<PushRequest> = {}): Promise<PeekedParameter> {
  await (await writer()).push({ remoteKey: 'db', value: bytes('hunter2'), ...request }, never);
  return parameter();
}

function parameter(): PeekedParameter {
  return aws.parameter('/db') ?? expect.fail('there is no such parameter');
}

function writes(): Record<string, number> {
  const reads = new Set(['GetParameter', 'ListTagsForResource']);
  return Object.fromEntries(Object.entries(aws.counts()).filter(([name]) => !reads.has(name)));
}

describe('pushing to Parameter Store', () => {
  it('makes a parameter that says who manages it', async () => {
    expect(await push()).toMatchObject({
      value: 'hunter2',
      type: 'String',
      tags: managed,
      description: "secret 'managed-by:external-secrets'",
    });
  });

  it('writes nothing when nothing changed, and a version when the value did', async () => {
    await push();
    await push();
    expect(writes()).toEqual({ PutParameter: 1 });
    expect(await push({ value: bytes('hunter3') })).toMatchObject({ value: 'hunter3', versions: 2, tags: managed });
  });

  it('leaves alone what somebody else made', async () => {
    aws.putParameter('/db', canary);
    const error = await providerRejection(() => push());
    expect(error).toMatchObject({ kind: 'denied', message: 'the parameter /db is not managed by external-secrets' });
    await (await writer()).delete({ remoteKey: 'db' }, never);
    expect(parameter().value).toBe(canary);
    expect(writes()).toEqual({});
  });

  it('never writes out in the open what was encrypted', async () => {
    aws.putParameter('/db', 'old', { type: 'SecureString', tags: managed });
    expect(await push()).toMatchObject({ value: 'hunter2', type: 'SecureString' });
  });

  it('takes type, key, tier, policies, tags and description from the metadata', async () => {
    const policies = [{ Type: 'NoChangeNotification', Version: '1.0', Attributes: { After: '30', Unit: 'Days' } }];
    const spec = {
      secretType: 'SecureString',
      kmsKeyID: 'alias/k',
      tier: { type: 'Advanced', policies },
      tags: { team: 'a' },
      description: 'd',
    };
    expect(await push({ metadata: metadata(spec) })).toMatchObject({
      type: 'SecureString',
      keyId: 'alias/k',
      tier: 'Advanced',
      policies: JSON.stringify(policies),
      tags: { ...managed, team: 'a' },
      description: 'd',
    });
  });

  it('changes tags also when the value stays', async () => {
    await push({ metadata: metadata({ tags: { team: 'a', old: 'x' } }) });
    const { tags, versions } = await push({ metadata: metadata({ tags: { team: 'b' } }) });
    expect(tags).toEqual({ ...managed, team: 'b' });
    expect(versions).toBe(1);
  });

  it('writes a whole Secret as JSON, with base64 in it unless it is told otherwise', async () => {
    const value = new Map([
      ['b', bytes('2')],
      ['a', bytes('1')],
    ]);
    expect((await push({ value })).value).toBe('{"a":"MQ==","b":"Mg=="}');
    const decoded = await push({ value, metadata: metadata({ encodeAsDecoded: true }) });
    expect(decoded.value).toBe('{"a":"1","b":"2"}');
  });

  it('puts properties into the object that is there, and takes them out again', async () => {
    await push({ property: 'user', value: bytes('root') });
    expect((await push({ property: 'password' })).value).toBe('{"user":"root","password":"hunter2"}');
    const to = await writer();
    expect(await to.exists({ remoteKey: 'db', property: 'user' }, never)).toBe(true);
    await to.delete({ remoteKey: 'db', property: 'user' }, never);
    expect(parameter().value).toBe('{"password":"hunter2"}');
    expect(await to.exists({ remoteKey: 'db', property: 'user' }, never)).toBe(false);
    await to.delete({ remoteKey: 'db', property: 'password' }, never);
    expect(aws.parameter('/db')).toBeUndefined();
    expect(await to.exists({ remoteKey: 'db' }, never)).toBe(false);
  });

  it('does not repeat a value that AWS refuses', async () => {
    const error = await providerRejection(() => push({ value: bytes(canary.repeat(1_000)) }));
    expect(error.kind).toBe('invalid');
  });

  it.each([
    ['bytes that are no text', { value: Uint8Array.of(0xff) }],
    ['an unknown member of metadata', { metadata: metadata({ colour: 'red' }) }],
  ])('refuses %s', async (_, request) => {
    expect((await providerRejection(() => push(request))).kind).toBe('invalid');
    expect(writes()).toEqual({});
  });

  it('deletes the parameter', async () => {
    await push();
    const to = await writer();
    await to.delete({ remoteKey: 'db' }, never);
    await to.delete({ remoteKey: 'db' }, never);
    expect(aws.parameter('/db')).toBeUndefined();
  });
});
