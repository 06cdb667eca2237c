import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type AwsServer, startAws } from '../../../test/support/aws.ts';
import type { RemoteRef, RemoteSecret } from '../../provider/provider.ts';
import { canary, providerRejection, textOf } from '../../provider/testing/rejection.ts';
import { openStore } from './testing/world.ts';

const never = new AbortController().signal;

let aws: AwsServer;

beforeEach(async () => {
  aws = await startAws();
});

afterEach(() => aws.stop());

async function read(ref: RemoteRef, spec: object = {}): Promise<RemoteSecret> {
  const { client } = await openStore(aws, spec);
  onTestFinished(() => client.close());
  return client.read(ref, never);
}

async function textAt(ref: RemoteRef, spec: object = {}): Promise<string> {
  return textOf((await read(ref, spec)).value(undefined));
}

function membersOf(secret: RemoteSecret, property?: string): Record<string, string> {
  return Object.fromEntries(Array.from(secret.map(property), ([key, bytes]) => [key, textOf(bytes)]));
}

describe('a secret of Secrets Manager', () => {
  it('is named by its name or its ARN, to which no prefix is put', async () => {
    aws.putSecret('team/db', 'hunter2');
    expect(await textAt({ key: 'team/db' })).toBe('hunter2');
    expect(await textAt({ key: 'db' }, { prefix: 'team/' })).toBe('hunter2');
    expect(await textAt({ key: arnOf('team/db') }, { prefix: 'team/' })).toBe('hunter2');
  });

  it('is text or bytes', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    aws.putSecret('binary', bytes);
    expect(Buffer.from((await read({ key: 'binary' })).value(undefined))).toEqual(Buffer.from(bytes));
    aws.putSecret('text', 'żółw 🐢\n');
    expect(await textAt({ key: 'text' })).toBe('żółw 🐢\n');
  });

  it('has stages, of which AWSCURRENT is always named, and ids of versions', async () => {
    const first = aws.putSecret('db', 'one');
    aws.putSecret('db', 'two');
    aws.putSecret('db', 'three', { stages: ['AWSPENDING'] });
    expect(await textAt({ key: 'db' })).toBe('two');
    expect(await textAt({ key: 'db', version: 'AWSPREVIOUS' })).toBe('one');
    expect(await textAt({ key: 'db', version: 'AWSPENDING' })).toBe('three');
    expect(await textAt({ key: 'db', version: `uuid/${first}` })).toBe('one');
    expect((await read({ key: 'db', version: `uuid/${first}` })).version).toBe(first);
    expect((await providerRejection(() => read({ key: 'db', version: 'none' }))).kind).toBe('notFound');
  });

  it('gives its tags as JSON, keys sorted, for a policy that allows no more', async () => {
    aws.putSecret('db', canary, { tags: { team: 'a', env: 'prod' } });
    aws.setPolicy({ Statement: { Effect: 'Allow', Action: 'secretsmanager:DescribeSecret', Resource: '*' } });
    const tags = await read({ key: 'db', metadataPolicy: 'Fetch', version: 'AWSPREVIOUS' });
    expect(textOf(tags.value(undefined))).toBe('{"env":"prod","team":"a"}');
    expect(textOf(tags.value('team'))).toBe('a');
    expect(membersOf(tags)).toEqual({ env: 'prod', team: 'a' });
  });

  it('is missing when it waits for its deletion', async () => {
    aws.putSecret('db', canary);
    const { client } = await openStore(aws);
    onTestFinished(() => client.close());
    await client.writer?.push({ remoteKey: 'pushed', value: Buffer.from('x') }, never);
    await client.writer?.delete({ remoteKey: 'pushed' }, never);
    const error = await providerRejection(() => client.read({ key: 'pushed' }, never));
    expect(error.kind).toBe('notFound');
    expect(error.message).toContain('pushed');
  });

  it('is not missing, but denied, where IAM hides it', async () => {
    aws.setPolicy({ Statement: { Effect: 'Allow', Action: 'ssm:*', Resource: '*' } });
    const error = await providerRejection(() => read({ key: 'db' }));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain('db: ');
  });
});

describe('a property', () => {
  const json = `{"a.b":"dotted","a":{"b":"nested"},"list":[{"n":1},{"n":2}],"big":12345678901234567890,"flag":true}`;

  it.each([
    ['a key with dots before the path along them', 'a.b', 'dotted'],
    ['a path', 'list.1.n', '2'],
    ['a query', 'list.#(n==2).n', '2'],
    ['a number as it is written', 'big', '12345678901234567890'],
    ['an object as it is written', 'a', '{"b":"nested"}'],
  ])('is %s', async (_, property, value) => {
    aws.putSecret('db', json);
    expect(textOf((await read({ key: 'db' })).value(property))).toBe(value);
  });

  it('that is not there is an error which does not delete anything', async () => {
    aws.putSecret('db', `{"password":"${canary}"}`);
    const secret = await read({ key: 'db' });
    const error = await providerRejection(async () => secret.value('user'));
    expect(error).toMatchObject({ kind: 'invalid', message: 'the secret db has no property user' });
  });

  it('of what is no JSON is an error that does not quote it', async () => {
    aws.putSecret('db', canary);
    const secret = await read({ key: 'db' });
    expect((await providerRejection(async () => secret.value('user'))).kind).toBe('invalid');
    expect((await providerRejection(async () => secret.map(undefined))).kind).toBe('invalid');
  });

  it('may be the object whose members are taken, strings without quotes', async () => {
    aws.putSecret('db', json);
    expect(membersOf(await read({ key: 'db' }), 'list.0')).toEqual({ n: '1' });
    expect(membersOf(await read({ key: 'db' }))).toMatchObject({ 'a.b': 'dotted', a: '{"b":"nested"}', flag: 'true' });
  });
});

describe('a parameter', () => {
  const spec = { service: 'ParameterStore' };

  it('is decrypted, and named by its name or its ARN', async () => {
    aws.putParameter('/team/db', 'hunter2', { type: 'SecureString' });
    expect(await textAt({ key: '/team/db' }, spec)).toBe('hunter2');
    expect(await textAt({ key: 'db' }, { ...spec, prefix: '/team/' })).toBe('hunter2');
    const arn = 'arn:aws:ssm:us-east-1:123456789012:parameter/team/db';
    expect(await textAt({ key: arn }, { ...spec, prefix: '/team/' })).toBe('hunter2');
  });

  it('has numbers and labels of versions', async () => {
    aws.putParameter('db', 'one', { labels: ['stable'] });
    aws.putParameter('db', 'two');
    expect(await textAt({ key: 'db' }, spec)).toBe('two');
    expect(await textAt({ key: 'db', version: '1' }, spec)).toBe('one');
    expect(await textAt({ key: 'db', version: 'stable' }, spec)).toBe('one');
    expect((await read({ key: 'db' }, spec)).version).toBe('2');
  });

  it('gives its tags as JSON', async () => {
    aws.putParameter('db', canary, { tags: { team: 'a' } });
    const tags = await read({ key: 'db', metadataPolicy: 'Fetch' }, spec);
    expect(textOf(tags.value(undefined))).toBe('{"team":"a"}');
    const missing = await providerRejection(() => read({ key: 'none', metadataPolicy: 'Fetch' }, spec));
    expect(missing.kind).toBe('notFound');
  });

  it('is missing', async () => {
    const error = await providerRejection(() => read({ key: 'none' }, spec));
    expect(error.kind).toBe('notFound');
    expect(error.message).toContain('none: ');
  });
});

describe('the region', () => {
  it('of the store is the one that is asked', async () => {
    aws.putSecret('db', 'here');
    aws.putSecret('db', 'there', { region: 'eu-central-1' });
    expect(await textAt({ key: 'db' }, { region: 'eu-central-1' })).toBe('there');
  });
});

function arnOf(name: string): string {
  const arn = aws.secret(name)?.arn;
  return arn ?? expect.fail(`${name} has no ARN`);
}
