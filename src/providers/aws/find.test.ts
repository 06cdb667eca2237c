import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type AwsServer, startAws } from '../../../test/support/aws.ts';
import type { FindQuery } from '../../provider/provider.ts';
import { canary, providerRejection, textOf } from '../../provider/testing/rejection.ts';
import { openStore } from './testing/world.ts';

const never = new AbortController().signal;

let aws: AwsServer;

beforeEach(async () => {
  aws = await startAws();
});

afterEach(() => aws.stop());

async function find(query: FindQuery, spec: object = {}): Promise<Record<string, string>> {
  const { client } = await openStore(aws, spec);
  onTestFinished(() => client.close());
  const found = (await client.find?.(query, never)) ?? new Map<string, Uint8Array>();
  return Object.fromEntries(Array.from(found, ([key, value]) => [key, textOf(value)]));
}

async function namesOf(query: FindQuery, spec: object = {}): Promise<string[]> {
  return Object.keys(await find(query, spec)).sort();
}

function refusing(...actions: string[]): void {
  aws.setPolicy({
    Statement: [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: actions, Resource: '*' },
    ],
  });
}

describe('finding secrets', () => {
  it('goes through all pages, and reads twenty a call', async () => {
    const names = Array.from({ length: 130 }, (_, index) => `app-${index}`);
    for (const name of names) aws.putSecret(name, `value of ${name}`);
    aws.putSecret('other', 'x');
    const found = await find({ nameRegexp: '^app-' });
    expect(Object.keys(found).sort()).toEqual(names.sort());
    expect(found['app-129']).toBe('value of app-129');
    expect(aws.counts()).toEqual({ ListSecrets: 2, BatchGetSecretValue: 7 });
  });

  it('reads one by one where batches are denied', async () => {
    for (const name of ['app-1', 'app-2']) aws.putSecret(name, name);
    refusing('secretsmanager:BatchGetSecretValue');
    expect(await find({ nameRegexp: 'app' })).toEqual({ 'app-1': 'app-1', 'app-2': 'app-2' });
  });

  it('takes names as AWS has them, with no prefix before them again', async () => {
    for (const name of ['team/db', 'db']) aws.putSecret(name, name);
    expect(await find({ nameRegexp: '^team/db$' }, { prefix: 'team/' })).toEqual({ 'team/db': 'team/db' });
  });

  it('takes a path for the beginning of names', async () => {
    for (const name of ['team-a/db', 'team-a/web', 'x/team-a/db', 'team-b/db']) aws.putSecret(name, name);
    expect(await namesOf({ path: 'team-a/', nameRegexp: 'db' })).toEqual(['team-a/db']);
  });

  it('wants a tag to have that very value, and all of several', async () => {
    aws.putSecret('both', 'x', { tags: { team: 'a', env: 'prod' } });
    aws.putSecret('one', 'x', { tags: { team: 'a' } });
    aws.putSecret('crossed', 'x', { tags: { team: 'prod', env: 'a' } });
    aws.putSecret('longer', 'x', { tags: { team: 'ab', env: 'prod' } });
    expect(await namesOf({ tags: { team: 'a', env: 'prod' } })).toEqual(['both']);
    expect(await namesOf({ tags: { team: 'a' }, nameRegexp: '^o' })).toEqual(['one']);
  });

  it('passes over what waits for its deletion', async () => {
    for (const name of ['app-1', 'app-2']) aws.putSecret(name, name, { tags: { 'managed-by': 'external-secrets' } });
    const { client } = await openStore(aws);
    onTestFinished(() => client.close());
    await client.writer?.delete({ remoteKey: 'app-1' }, never);
    expect(await namesOf({ nameRegexp: 'app' })).toEqual(['app-2']);
  });

  it('fails when one of them cannot be read: half an answer would delete the rest', async () => {
    for (const name of ['app-1', 'app-2', 'app-3']) aws.putSecret(name, canary);
    aws.setPolicy({
      Statement: [
        { Effect: 'Allow', Action: '*', Resource: '*' },
        {
          Effect: 'Deny',
          Action: 'secretsmanager:GetSecretValue',
          Resource: 'arn:aws:secretsmanager:*:*:secret:app-2-*',
        },
      ],
    });
    const error = await providerRejection(() => find({ nameRegexp: 'app' }));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain('app-2');
  });

  it('is denied where listing is', async () => {
    refusing('secretsmanager:ListSecrets');
    expect((await providerRejection(() => find({ nameRegexp: 'app' }))).kind).toBe('denied');
  });

  it.each([
    ['neither name nor tags', {}],
    ['a name that is no regular expression', { nameRegexp: '(' }],
  ])('is not possible with %s', async (_, query) => {
    expect((await providerRejection(() => find(query))).kind).toBe('invalid');
  });
});

describe('finding parameters', () => {
  const store = { service: 'ParameterStore' };

  beforeEach(() => {
    const tags = { team: 'a' };
    aws.putParameter('/team-a/db', 'one', { type: 'SecureString', tags });
    aws.putParameter('/team-a/deep/db', 'two', { tags: { team: 'a', env: 'prod' } });
    aws.putParameter('/team-b/db', 'three');
  });

  it('takes the values along with the names, however deep, in pages', async () => {
    for (let index = 0; index < 23; index += 1) aws.putParameter(`/many/${index}`, `${index}`);
    const found = await find({ path: '/many', nameRegexp: '' }, store);
    expect(Object.keys(found)).toHaveLength(23);
    expect(aws.counts()).toEqual({ GetParametersByPath: 3 });
  });

  it('begins at the top without a path', async () => {
    expect(await find({ nameRegexp: 'db$' }, store)).toEqual({
      '/team-a/db': 'one',
      '/team-a/deep/db': 'two',
      '/team-b/db': 'three',
    });
  });

  it('describes and reads where walking paths is denied', async () => {
    refusing('ssm:GetParametersByPath');
    expect(await find({ path: '/team-a', nameRegexp: 'db$' }, store)).toEqual({
      '/team-a/db': 'one',
      '/team-a/deep/db': 'two',
    });
    expect(aws.counts()).toEqual({ GetParametersByPath: 1, DescribeParameters: 1, GetParameters: 1 });
  });

  it('wants name, path and all tags, unlike ESO 2.9', async () => {
    expect(await namesOf({ tags: { team: 'a' } }, store)).toEqual(['/team-a/db', '/team-a/deep/db']);
    expect(await namesOf({ tags: { team: 'a', env: 'prod' } }, store)).toEqual(['/team-a/deep/db']);
    expect(await namesOf({ tags: { team: 'a' }, nameRegexp: 'deep' }, store)).toEqual(['/team-a/deep/db']);
    expect(await namesOf({ tags: { team: 'a' }, path: '/team-b' }, store)).toEqual([]);
  });

  it('fails when AWS does', async () => {
    aws.faults.add({ kind: 'fail', operation: 'GetParametersByPath' });
    expect((await providerRejection(() => find({ nameRegexp: '' }, store))).kind).toBe('unavailable');
    expect(aws.counts()).toEqual({ GetParametersByPath: 1 });
  });
});
