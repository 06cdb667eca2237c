/** A platform engineer's AWS manifests, applied as they are, against Secrets Manager, STS and a real token issuer. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { externalSecrets } from '../../src/api/resources.ts';
import { namespaces, secrets } from '../../src/kube/resources.ts';
import { type AwsServer, startAws } from '../support/aws.ts';
import { type IamPolicy, parsePolicy } from '../support/aws-iam.ts';
import { eventually } from '../support/eventually.ts';
import { type RunningOperator, runOperator } from '../support/runningoperator.ts';
import { describeWorld, type World } from '../support/world.ts';

const accountId = '123456789012';
const namespace = 'production';
const remote = {
  'database/postgres/production': { username: 'app', password: 'pg-p4ssw0rd', host: 'pg.internal', database: 'orders' },
  'cache/redis/production': { password: 'redis-p4ssw0rd', host: 'redis.internal' },
  'external-apis/stripe': { api_key: 'sk_live_abcdef' },
  'external-apis/sendgrid': { api_key: 'SG.abcdef' },
};

async function manifest(name: string): Promise<string> {
  const text = await readFile(join(import.meta.dirname, 'manifests', name), 'utf8');
  return text.replaceAll('ACCOUNT-ID', accountId);
}

/** The user's policy, for the names that the user's manifests read: as it stands it is about `app/*`. */
async function userPolicy(): Promise<IamPolicy> {
  const text = await manifest('iam-policy.json');
  return parsePolicy(text.replace('secret:app/*', 'secret:*'), accountId);
}

describeWorld("the user's AWS manifests", (world) => {
  let aws: AwsServer;
  let operator: RunningOperator;

  beforeAll(async () => {
    const { jwks } = world().issuer;
    const keys = createLocalJWKSet(jwks as JSONWebKeySet);
    aws = await startAws({
      accountId,
      policy: await userPolicy(),
      verifyToken: async (token) => (await jwtVerify(token, keys)).payload,
    });
    for (const [name, value] of Object.entries(remote)) aws.putSecret(name, JSON.stringify(value));
    await world().applyObject({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    operator = await runOperator(world(), { namespace, environment: aws.env() });
    await world().apply(await manifest('aws-secretstore.yaml'));
  });

  afterAll(async () => {
    await operator.stop();
    await world().kube.delete(namespaces, { name: namespace });
    await aws.stop();
  });

  it('make the store ready, through the role of its ServiceAccount', async () => {
    await eventually(async () => {
      expect(await columns(world(), 'secretstore', 'aws-secrets-manager')).toMatchObject({
        STATUS: 'Valid',
        READY: 'True',
      });
    });
    expect(aws.assumptions[0]).toMatchObject({
      roleArn: `arn:aws:iam::${accountId}:role/external-secrets-role`,
      sessionName: 'external-secrets-provider-aws',
    });
  });

  it('give postgres-credentials its three keys for one read', async () => {
    const before = aws.counts()['GetSecretValue'] ?? 0;
    await world().apply(await manifest('database-credentials.yaml'));
    await becomesReady(world(), 'database-credentials');
    expect(await dataOf(world(), 'postgres-credentials')).toEqual({
      username: 'app',
      password: 'pg-p4ssw0rd',
      host: 'pg.internal',
    });
    expect((aws.counts()['GetSecretValue'] ?? 0) - before).toBe(1);
    const { metadata } = await world().kube.get(secrets, { namespace, name: 'postgres-credentials' });
    expect(metadata.ownerReferences).toEqual([
      expect.objectContaining({ kind: 'ExternalSecret', name: 'database-credentials' }),
    ]);
  });

  it('render app-configuration from four remote secrets, with its two keys only', async () => {
    const before = aws.counts()['GetSecretValue'] ?? 0;
    await world().apply(await manifest('application-config.yaml'));
    await becomesReady(world(), 'application-config');
    const data = await dataOf(world(), 'app-configuration');
    expect(Object.keys(data).sort()).toEqual(['.env.production', 'config.yaml']);
    expect(data['.env.production']).toBe(
      [
        'DATABASE_URL=postgresql://app:pg-p4ssw0rd@pg.internal:5432/orders',
        'REDIS_URL=redis://redis-p4ssw0rd@redis.internal:6379/0',
        'STRIPE_API_KEY=sk_live_abcdef',
        'SENDGRID_API_KEY=SG.abcdef',
        '',
      ].join('\n'),
    );
    expect(data['config.yaml']).toBe(
      [
        'database:',
        '  url: "postgresql://app:pg-p4ssw0rd@pg.internal:5432/orders"',
        '  pool_size: 20',
        '  ssl_mode: "require"',
        'redis:',
        '  url: "redis://redis-p4ssw0rd@redis.internal:6379/0"',
        'api_keys:',
        '  stripe: "sk_live_abcdef"',
        '  sendgrid: "SG.abcdef"',
        '',
      ].join('\n'),
    );
    // Those of a moment ago serve again; no more than the four are ever read.
    expect((aws.counts()['GetSecretValue'] ?? 0) - before).toBeLessThanOrEqual(4);
    const { type } = await world().kube.get(secrets, { namespace, name: 'app-configuration' });
    expect(type).toBe('Opaque');
  });

  it('need nothing of AWS but what the policy allows', () => {
    const { GetSecretValue, BatchGetSecretValue = 0, AssumeRoleWithWebIdentity, ...others } = aws.counts();
    expect(GetSecretValue).toBeGreaterThan(0);
    expect(AssumeRoleWithWebIdentity).toBe(1);
    // Asked for once, refused, and not asked for again.
    expect(BatchGetSecretValue).toBeLessThanOrEqual(1);
    expect(others).toEqual({});
  });

  it('repair what somebody deletes', async () => {
    const { metadata } = await world().kube.get(secrets, { namespace, name: 'postgres-credentials' });
    await world().kube.delete(secrets, { namespace, name: 'postgres-credentials' });
    await eventually(async () => {
      const again = await world().kube.get(secrets, { namespace, name: 'postgres-credentials' });
      expect(again.metadata.uid).not.toBe(metadata.uid);
    });
  });

  it('show in kubectl what became of them', async () => {
    expect(await columns(world(), 'externalsecret', 'database-credentials')).toMatchObject({
      STORETYPE: 'SecretStore',
      STORE: 'aws-secrets-manager',
      'REFRESH INTERVAL': '300s',
      STATUS: 'SecretSynced',
      READY: 'True',
    });
  });
});

async function becomesReady(world: World, name: string): Promise<void> {
  await eventually(async () => {
    const { status } = await world.kube.get(externalSecrets, { namespace, name });
    expect(status?.conditions).toEqual([
      expect.objectContaining({ type: 'Ready', status: 'True', reason: 'SecretSynced' }),
    ]);
  });
}

async function dataOf(world: World, name: string): Promise<Record<string, string>> {
  const { data = {} } = await world.kube.get(secrets, { namespace, name });
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

/** The line that `kubectl get` prints, by column. */
async function columns(world: World, kind: string, name: string): Promise<Record<string, string>> {
  const { body } = await world.raw.send(`/apis/external-secrets.io/v1/namespaces/${namespace}/${kind}s/${name}`, {
    accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
  });
  const table = body as { columnDefinitions: { name: string }[]; rows: { cells: unknown[] }[] };
  return Object.fromEntries(
    table.columnDefinitions.map(({ name: column }, index) => [
      column.toUpperCase(),
      String(table.rows[0]?.cells[index]),
    ]),
  );
}

describe('the policy of the user', () => {
  it('allows reading and describing secrets, and nothing else', async () => {
    const { Statement } = JSON.parse(await manifest('iam-policy.json')) as { Statement: { Action: string[] }[] };
    expect(Statement.flatMap(({ Action }) => Action)).toEqual([
      'secretsmanager:GetSecretValue',
      'secretsmanager:DescribeSecret',
    ]);
  });
});
