import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type AwsOptions, type AwsServer, startAws, testKey } from '../../../test/support/aws.ts';
import { SessionPool } from '../../provider/sessioncache.ts';
import type { TestConnectOptions } from '../../provider/testing/connect.ts';
import type { MemoryObjects } from '../../provider/testing/memoryobjects.ts';
import { canary, providerRejection, textOf } from '../../provider/testing/rejection.ts';
import { realClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { tokenObjects, webIdentityToken } from './testing/tokens.ts';
import { keyObjects, type OpenStore, openStore } from './testing/world.ts';

const never = new AbortController().signal;
const reader = 'arn:aws:iam::123456789012:role/reader';
const middle = 'arn:aws:iam::123456789012:role/middle';
const roleAnnotation = 'eks.amazonaws.com/role-arn';
const readOnlyDb = {
  Statement: {
    Effect: 'Allow',
    Action: 'secretsmanager:GetSecretValue',
    Resource: 'arn:aws:secretsmanager:*:*:secret:db-*',
  },
} as const;

let aws: AwsServer;
let sessions: SessionPool;

beforeEach(async () => {
  sessions = new SessionPool({ clock: realClock, log: silentLogger });
  await start({});
});

afterEach(async () => {
  await sessions.close();
  await aws.stop();
});

async function start(options: AwsOptions): Promise<void> {
  await aws?.stop();
  aws = await startAws(options);
  aws.putSecret('db', 'hunter2');
}

async function open(spec: object, options: TestConnectOptions = {}): Promise<OpenStore> {
  const store = await openStore(aws, spec, { sessions, ...options });
  onTestFinished(() => store.client.close());
  return store;
}

async function password({ client }: OpenStore): Promise<string> {
  return textOf((await client.read({ key: 'db' }, never)).value(undefined));
}

function serviceAccounts(annotations: Record<string, string> = { [roleAnnotation]: reader }): MemoryObjects {
  const objects = tokenObjects();
  objects.putServiceAccount('test/app', { annotations });
  return objects;
}

const jwt = { jwt: { serviceAccountRef: { name: 'app' } } };

describe('access keys in Secrets', () => {
  it('read secrets, line ends and all', async () => {
    const objects = keyObjects();
    objects.putSecret('test/aws', { data: { id: `${testKey.accessKeyId}\n`, secret: `${testKey.secretAccessKey}\n` } });
    const store = await open({}, { objects });
    expect(await password(store)).toBe('hunter2');
    expect(await store.client.validate(never)).toBe('ready');
    expect(aws.assumptions).toEqual([]);
  });

  it('may be temporary, with a session token', async () => {
    const { Credentials: given } = await temporaryKeys();
    const objects = keyObjects();
    objects.putSecret('test/temporary', { data: given });
    const auth = {
      secretRef: {
        accessKeyIDSecretRef: { name: 'temporary', key: 'AccessKeyId' },
        secretAccessKeySecretRef: { name: 'temporary', key: 'SecretAccessKey' },
        sessionTokenSecretRef: { name: 'temporary', key: 'SessionToken' },
      },
    };
    expect(await password(await open({ auth }, { objects }))).toBe('hunter2');
    aws.expireSessions();
    const error = await providerRejection(async () => password(await open({ auth }, { objects })));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain('ExpiredTokenException');
  });

  it('are refused by AWS when they are wrong, without repeating them', async () => {
    const objects = keyObjects();
    objects.putSecret('test/aws', { data: { id: testKey.accessKeyId, secret: canary } });
    const error = await providerRejection(async () => password(await open({}, { objects })));
    expect(error.kind).toBe('denied');
  });

  it.each([
    ['no Secret', { data: {} }, 'other/aws'],
    ['no key', { data: { id: 'x' } }, 'test/aws'],
    ['an empty key', { data: { id: 'x', secret: ' \n' } }, 'test/aws'],
  ])('are missing: %s', async (_, secret, at) => {
    const objects = serviceAccounts();
    objects.putSecret(at, secret);
    expect((await providerRejection(() => open({}, { objects }))).kind).toBe('invalid');
  });

  async function temporaryKeys(): Promise<{ Credentials: Record<string, string> }> {
    const token = webIdentityToken('somebody', ['sts.amazonaws.com']);
    const body = new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      RoleArn: reader,
      RoleSessionName: 'test',
      WebIdentityToken: token,
    });
    const answer = await (await fetch(aws.url, { method: 'POST', body })).text();
    const at = (name: string): string => new RegExp(`<${name}>([^<]*)<`).exec(answer)?.[1] ?? '';
    const names = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'];
    return { Credentials: Object.fromEntries(names.map((name) => [name, at(name)])) };
  }
});

describe('the role of a ServiceAccount', () => {
  it('is assumed with a token made for STS, under the name that ESO uses', async () => {
    await start({ roles: { [reader]: { policy: readOnlyDb, subjects: ['system:serviceaccount:test:app'] } } });
    const store = await open({ auth: jwt }, { objects: serviceAccounts() });
    expect(await password(store)).toBe('hunter2');
    expect(aws.assumptions).toMatchObject([
      { roleArn: reader, by: 'system:serviceaccount:test:app', sessionName: 'external-secrets-provider-aws' },
    ]);
  });

  it('is assumed once for many reads and many stores that use the same ServiceAccount', async () => {
    const objects = serviceAccounts();
    const stores = await Promise.all([1, 2, 3].map(() => open({ auth: jwt }, { objects })));
    await Promise.all([...stores, ...stores].map(password));
    expect(aws.counts()).toEqual({ AssumeRoleWithWebIdentity: 1, GetSecretValue: 6 });
  });

  it('is never shared with another ServiceAccount or another role', async () => {
    const objects = serviceAccounts();
    objects.putServiceAccount('test/other', { annotations: { [roleAnnotation]: reader } });
    await password(await open({ auth: jwt }, { objects }));
    await password(await open({ auth: { jwt: { serviceAccountRef: { name: 'other' } } } }, { objects }));
    await password(await open({ auth: jwt }, { objects: serviceAccounts({ [roleAnnotation]: middle }) }));
    expect(aws.assumptions.map(({ roleArn, by }) => [roleArn, by])).toEqual([
      [reader, 'system:serviceaccount:test:app'],
      [reader, 'system:serviceaccount:test:other'],
      [middle, 'system:serviceaccount:test:app'],
    ]);
  });

  it('takes the audience of the annotation, and more', async () => {
    await start({ audience: 'sts.amazonaws.com.cn' });
    const objects = serviceAccounts({ [roleAnnotation]: reader, 'eks.amazonaws.com/audience': 'sts.amazonaws.com.cn' });
    expect(await password(await open({ auth: jwt }, { objects }))).toBe('hunter2');
    const extra = { jwt: { serviceAccountRef: { name: 'app', audiences: ['sts.amazonaws.com.cn'] } } };
    expect(await password(await open({ auth: extra }, { objects: serviceAccounts() }))).toBe('hunter2');
  });

  it('is missing', async () => {
    const error = await providerRejection(() => open({ auth: jwt }, { objects: serviceAccounts({}) }));
    expect(error).toMatchObject({
      kind: 'invalid',
      message: 'the ServiceAccount test/app has no annotation eks.amazonaws.com/role-arn',
    });
  });

  it('does not trust the ServiceAccount', async () => {
    await start({ roles: { [reader]: { subjects: ['system:serviceaccount:prod:app'] } } });
    const { client } = await open({ auth: jwt }, { objects: serviceAccounts() });
    const error = await providerRejection(() => client.validate(never));
    expect(error).toMatchObject({ kind: 'denied' });
    expect(error.message).toContain('no AWS session');
  });

  it('is that of whoever uses a ClusterSecretStore, and unknown while nobody does', async () => {
    const cluster = { store: { kind: 'ClusterSecretStore', namespace: undefined } } as unknown as TestConnectOptions;
    const objects = serviceAccounts();
    expect(await (await open({ auth: jwt }, { ...cluster, objects, referent: undefined })).client.validate(never)).toBe(
      'unknown',
    );
    expect(await password(await open({ auth: jwt }, { ...cluster, objects }))).toBe('hunter2');
  });
});

describe('roles that are assumed', () => {
  it('form a chain, the last one with external id and tags', async () => {
    await start({ roles: { [middle]: {}, [reader]: { externalId: 'e-1', trusts: [assumed(middle)] } } });
    const store = await open({
      additionalRoles: [middle],
      role: reader,
      externalID: 'e-1',
      sessionTags: [{ key: 'team', value: 'a' }],
      transitiveTagKeys: ['team'],
    });
    expect(await password(store)).toBe('hunter2');
    expect(await password(store)).toBe('hunter2');
    expect(aws.assumptions).toMatchObject([
      { roleArn: middle, by: 'arn:aws:iam::123456789012:user/tester', tags: {}, externalId: undefined },
      {
        roleArn: reader,
        by: `${assumed(middle)}/external-secrets-provider-aws`,
        tags: { team: 'a' },
        externalId: 'e-1',
      },
    ]);
    expect(aws.assumptions[1]?.transitiveTagKeys).toEqual(['team']);
    expect(aws.counts()).toEqual({ AssumeRole: 2, GetSecretValue: 2 });
  });

  it('follow the role of a ServiceAccount', async () => {
    const store = await open({ auth: jwt, role: middle }, { objects: serviceAccounts() });
    expect(await password(store)).toBe('hunter2');
    expect(aws.assumptions.map(({ roleArn }) => roleArn)).toEqual([reader, middle]);
  });

  it('are one session for stores with the same identity, and another for any other', async () => {
    await password(await open({ role: reader }));
    await password(await open({ role: reader, prefix: '' }));
    expect(aws.counts()['AssumeRole']).toBe(1);
    await password(await open({ role: reader, externalID: 'e-1' }));
    await password(await open({ role: reader, sessionTags: [{ key: 'team', value: 'a' }] }));
    await password(await open({ role: reader, additionalRoles: [middle] }));
    expect(aws.counts()['AssumeRole']).toBe(5);
  });

  it('say which store asks, when the policy of session tags is Simple', async () => {
    await password(await open({ role: reader, sessionTagsPolicy: 'Simple', customSessionTags: { env: 'prod' } }));
    expect(aws.assumptions[0]?.tags).toEqual({
      esoNamespace: 'test',
      esoStoreName: 'test-store',
      esoStoreKind: 'SecretStore',
    });
  });

  it('carry the custom tags under Custom, and never a namespace of their choice', async () => {
    const sessionTags = [{ key: 'esoNamespace', value: 'prod' }];
    const customSessionTags = { env: 'prod', empty: '' };
    await password(await open({ role: reader, sessionTagsPolicy: 'Custom', customSessionTags, sessionTags }));
    expect(aws.assumptions[0]?.tags).toMatchObject({ env: 'prod', esoNamespace: 'test' });
    expect(aws.assumptions[0]?.tags).not.toHaveProperty('empty');
  });

  it('carry, for a ClusterSecretStore, the namespace of whoever uses it', async () => {
    const cluster = { store: { kind: 'ClusterSecretStore', namespace: undefined } } as unknown as TestConnectOptions;
    const spec = { role: reader, sessionTagsPolicy: 'Simple', auth: withNamespace('test') };
    await password(await open(spec, { ...cluster, referent: 'team-a' }));
    await password(await open(spec, { ...cluster, referent: 'team-b' }));
    expect(aws.assumptions.map(({ tags }) => tags['esoNamespace'])).toEqual(['team-a', 'team-b']);
    expect(await (await open(spec, { ...cluster, referent: undefined })).client.validate(never)).toBe('unknown');
  });

  it('are refused without a word about the base being gone', async () => {
    await start({ roles: {} });
    const error = await providerRejection(async () => (await open({ role: reader })).client.validate(never));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain('sts:AssumeRole');
  });

  function assumed(role: string): string {
    return role.replace(':iam::', ':sts::').replace(':role/', ':assumed-role/');
  }

  function withNamespace(namespace: string): object {
    return {
      secretRef: {
        accessKeyIDSecretRef: { name: 'aws', namespace, key: 'id' },
        secretAccessKeySecretRef: { name: 'aws', namespace, key: 'secret' },
      },
    };
  }
});

describe('a session that AWS does not take any more', () => {
  it('is replaced once, behind the back of whoever reads', async () => {
    const store = await open({ auth: jwt, role: middle }, { objects: serviceAccounts() });
    await password(store);
    aws.expireSessions();
    expect(await password(store)).toBe('hunter2');
    expect(aws.assumptions.map(({ roleArn }) => roleArn)).toEqual([reader, middle, reader, middle]);
  });

  it('is replaced once for all who read at the same time', async () => {
    const store = await open({ role: reader });
    await password(store);
    aws.expireSessions();
    await Promise.all(Array.from({ length: 20 }, () => password(store)));
    expect(aws.counts()['AssumeRole']).toBe(2);
  });

  it('is not replaced over and over', async () => {
    const store = await open({ role: reader });
    aws.faults.add({ kind: 'expiredToken', operation: 'GetSecretValue' });
    const error = await providerRejection(() => password(store));
    expect(error.kind).toBe('denied');
    expect(aws.counts()).toEqual({ AssumeRole: 2, GetSecretValue: 2 });
  });

  it('is kept when only a permission is missing', async () => {
    await start({ roles: { [reader]: { policy: readOnlyDb } } });
    const { client } = await open({ role: reader });
    expect((await providerRejection(() => client.read({ key: 'other' }, never))).kind).toBe('denied');
    expect((await providerRejection(() => client.read({ key: 'other' }, never))).kind).toBe('denied');
    expect(aws.counts()['AssumeRole']).toBe(1);
  });
});
