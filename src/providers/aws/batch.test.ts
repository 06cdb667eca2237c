import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type AwsServer, startAws } from '../../../test/support/aws.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { RemoteRef, SecretsClient } from '../../provider/provider.ts';
import { canary, expectNoCanary, textOf } from '../../provider/testing/rejection.ts';
import { FakeClock } from '../../runtime/testing/fakeclock.ts';
import { BatchedReads } from './batch.ts';
import { RemoteValue } from './property.ts';
import { AwsServiceError } from './serviceerror.ts';
import { openStore } from './testing/world.ts';

const never = new AbortController().signal;
const secretNames = Array.from({ length: 45 }, (_, index) => `app-${index}`);
const parameters = { service: 'ParameterStore' };

let aws: AwsServer;

beforeEach(async () => {
  aws = await startAws();
});

afterEach(() => aws.stop());

async function open(spec: object = {}): Promise<SecretsClient> {
  const { client } = await openStore(aws, spec);
  onTestFinished(() => client.close());
  return client;
}

/** What each ref was answered, in the order of the refs: its text, or the kind of its error. */
async function readMany(client: SecretsClient, refs: readonly RemoteRef[]): Promise<(string | undefined)[]> {
  const answers = await client.readMany?.(refs, never);
  return refs.map((ref) => {
    const answer = answers?.get(client.readKey(ref));
    if (answer instanceof ProviderError) expectNoCanary(answer);
    return answer instanceof ProviderError ? answer.kind : answer && textOf(answer.value(undefined));
  });
}

function allowing(...actions: string[]): void {
  aws.setPolicy({ Statement: { Effect: 'Allow', Action: actions, Resource: '*' } });
}

function refsOf(names: readonly string[]): RemoteRef[] {
  return names.map((key) => ({ key }));
}

describe('many secrets', () => {
  beforeEach(() => {
    for (const name of secretNames) aws.putSecret(name, `value of ${name}`);
  });

  it('are read twenty a call', async () => {
    const values = await readMany(await open(), refsOf(secretNames));
    expect(values).toEqual(secretNames.map((name) => `value of ${name}`));
    expect(aws.counts()).toEqual({ BatchGetSecretValue: 3 });
  });

  it('are read one by one where batches are denied, and no batch is tried again', async () => {
    allowing('secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret');
    const client = await open();
    expect(await readMany(client, refsOf(['app-1', 'app-2']))).toEqual(['value of app-1', 'value of app-2']);
    expect(await readMany(client, refsOf(['app-1', 'app-2']))).toEqual(['value of app-1', 'value of app-2']);
    expect(aws.counts()).toEqual({ BatchGetSecretValue: 1, GetSecretValue: 4 });
  });

  it('are read one by one where there were too many batches, without slowing the store', async () => {
    aws.faults.add({ kind: 'throttle', operation: 'BatchGetSecretValue', times: 1, retryAfterMs: 60_000 });
    expect(await readMany(await open(), refsOf(['app-1', 'app-2']))).toEqual(['value of app-1', 'value of app-2']);
    expect(aws.counts()).toEqual({ BatchGetSecretValue: 1, GetSecretValue: 2 });
  });

  it('have an error each, where one is missing, denied or waits for its deletion', async () => {
    aws.putSecret('hidden', canary);
    aws.setPolicy({
      Statement: [
        { Effect: 'Allow', Action: '*', Resource: '*' },
        {
          Effect: 'Deny',
          Action: 'secretsmanager:GetSecretValue',
          Resource: 'arn:aws:secretsmanager:*:*:secret:hidden-*',
        },
      ],
    });
    const client = await open();
    await client.writer?.push({ remoteKey: 'gone', value: Buffer.from(canary) }, never);
    await client.writer?.delete({ remoteKey: 'gone' }, never);
    aws.reset();
    const values = await readMany(client, refsOf(['app-1', 'missing', 'hidden', 'gone']));
    expect(values).toEqual(['value of app-1', 'notFound', 'denied', 'notFound']);
    expect(aws.counts()).toEqual({ BatchGetSecretValue: 1 });
  });

  it('are asked for by ARN as well as by name', async () => {
    const arn = aws.secret('app-1')?.arn ?? '';
    const refs = refsOf([arn, 'app-1', arn.slice(0, -7)]);
    expect(await readMany(await open(), refs)).toEqual(Array(3).fill('value of app-1'));
  });

  it('have versions and tags, which no batch can give', async () => {
    const version = aws.putSecret('app-1', 'newer');
    aws.putSecret('app-1', 'newest', { tags: { team: 'a' } });
    const refs: RemoteRef[] = [
      { key: 'app-1' },
      { key: 'app-1', version: `uuid/${version}` },
      { key: 'app-1', metadataPolicy: 'Fetch' },
      { key: 'app-2', version: 'AWSCURRENT' },
    ];
    expect(await readMany(await open(), refs)).toEqual(['newest', 'newer', '{"team":"a"}', 'value of app-2']);
    expect(aws.counts()).toEqual({ BatchGetSecretValue: 1, GetSecretValue: 1, DescribeSecret: 1 });
  });

  it('are one read each for the same key', async () => {
    expect(await readMany(await open({ prefix: 'app-' }), refsOf(['1', '1']))).toEqual(Array(2).fill('value of app-1'));
    expect(aws.counts()).toEqual({ GetSecretValue: 1 });
  });

  it.each([
    ['fail', 'unavailable'],
    ['cutShort', 'unavailable'],
    ['notJson', 'unavailable'],
  ] as const)('all have the error of a batch that came to nothing: %s', async (kind, expected) => {
    aws.faults.add({ kind, operation: 'BatchGetSecretValue' });
    expect(await readMany(await open(), refsOf(['app-1', 'app-2']))).toEqual([expected, expected]);
    expect(aws.counts()['GetSecretValue']).toBeUndefined();
  });

  it('are given up together with whoever wanted them', async () => {
    aws.faults.add({ kind: 'hang' });
    const client = await open();
    const abort = new AbortController();
    const reason = new Error('nobody waits');
    const reading = client.readMany?.(refsOf(['app-1', 'app-2']), abort.signal);
    abort.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });
});

describe('many parameters', () => {
  beforeEach(() => {
    for (const name of secretNames) aws.putParameter(name, `value of ${name}`, { type: 'SecureString' });
  });

  it('are read ten a call', async () => {
    const values = await readMany(await open(parameters), refsOf(secretNames));
    expect(values).toEqual(secretNames.map((name) => `value of ${name}`));
    expect(aws.counts()).toEqual({ GetParameters: 5 });
  });

  it('are read one by one where batches are denied', async () => {
    allowing('ssm:GetParameter');
    const client = await open(parameters);
    for (let round = 0; round < 2; round += 1)
      expect(await readMany(client, refsOf(['app-1', 'app-2']))).toEqual(['value of app-1', 'value of app-2']);
    expect(aws.counts()).toEqual({ GetParameters: 1, GetParameter: 4 });
  });

  it('have versions and labels, and an error each', async () => {
    aws.putParameter('app-1', 'newer', { labels: ['stable'] });
    aws.putParameter('app-1', 'newest');
    const versions = ['', '1', 'stable', '3', '9'].map((version) => ({ key: 'app-1', version }));
    const refs: RemoteRef[] = [...versions, { key: 'missing' }];
    const expected = ['newest', 'value of app-1', 'newer', 'newest', 'invalid', 'notFound'];
    expect(await readMany(await open(parameters), refs)).toEqual(expected);
  });

  it('may be denied one by one, which a batch tells of none', async () => {
    aws.setPolicy({
      Statement: [
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: 'ssm:GetParameter*', Resource: 'arn:aws:ssm:*:*:parameter/app-2' },
      ],
    });
    const values = await readMany(await open(parameters), refsOf(['app-1', 'app-2', 'app-3']));
    expect(values).toEqual(['value of app-1', 'denied', 'value of app-3']);
  });
});

describe('batches that were refused', () => {
  const refs = refsOf(['a', 'b']);
  const value = new RemoteValue({ name: 'a', version: undefined, bytes: Buffer.from('x') });
  const denied = new ProviderError('denied', 'no', {
    cause: new AwsServiceError('no', { code: 'AccessDeniedException' }),
  });

  it.each([
    ['because of a policy are tried again after five minutes', 5 * 60_000, () => Promise.reject(denied)],
    ['because there were too many are tried again after half a minute', 30_000, async () => undefined],
  ])('%s', async (_, pauseMs, refuse) => {
    const clock = new FakeClock();
    let tries = 0;
    const batches = new BatchedReads({
      clock,
      size: 10,
      readKey: ({ key }) => key,
      read: async () => value,
      readBatch: () => {
        tries += 1;
        return refuse();
      },
      isBatchable: () => true,
    });
    for (const [afterMs, triesSoFar] of [
      [0, 1],
      [pauseMs - 1, 1],
      [1, 2],
    ] as const) {
      clock.advance(afterMs);
      expect([...(await batches.readMany(refs, never)).values()]).toEqual([value, value]);
      expect(tries).toBe(triesSoFar);
    }
  });
});
