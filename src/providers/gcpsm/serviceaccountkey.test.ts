import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GcpServer } from '../../../test/support/gcp.ts';
import { GcpError, refusal } from '../../../test/support/gcp-error.ts';
import type { StoreIdentity } from '../../provider/context.ts';
import type { SecretsClient } from '../../provider/provider.ts';
import { SessionPool } from '../../provider/sessioncache.ts';
import { connectForTest, type TestConnectOptions, testStore } from '../../provider/testing/connect.ts';
import { canary, providerRejection, textOf } from '../../provider/testing/rejection.ts';
import { realClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { provider } from './index.ts';
import { account, connectByKey, keyAuth, keyOptions, project } from './testing/store.ts';

const never = new AbortController().signal;

let server: GcpServer;
let sessions: SessionPool;
const opened: SecretsClient[] = [];

beforeEach(async () => {
  server = await GcpServer.start();
  sessions = new SessionPool({ clock: realClock, log: silentLogger });
  server.secrets.put(`projects/${project}/secrets/db`, Buffer.from('hunter2'));
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((client) => client.close()));
  await sessions.close();
  await server.stop();
});

async function connect(options: TestConnectOptions = {}, spec: object = {}): Promise<SecretsClient> {
  const { client } = await connectByKey(server, spec, { sessions, ...options });
  opened.push(client);
  return client;
}

async function read(client: SecretsClient): Promise<string> {
  return textOf((await client.read({ key: 'db' }, never)).value(undefined));
}

describe('logging in by a service account key', () => {
  it('signs an assertion, and shares the token with all clients of the key', async () => {
    const options = keyOptions(server);
    const [first, second] = await Promise.all([connect(options), connect(options)]);
    expect(await Promise.all([first, second, first].map(read))).toEqual(['hunter2', 'hunter2', 'hunter2']);
    expect(server.counts()).toEqual({ token: 1, AccessSecretVersion: 3 });
  });

  it('gives another key a token of its own', async () => {
    const options = keyOptions(server);
    const other = server.createServiceAccount('other@test-project.iam.gserviceaccount.com');
    options.objects.putSecret('test/other', { data: { 'key.json': other } });
    await read(await connect(options));
    await read(
      await connect(options, { auth: { secretRef: { secretAccessKeySecretRef: { name: 'other', key: 'key.json' } } } }),
    );
    expect(server.counts()['token']).toBe(2);
  });

  it('takes another token when the API does not take the old one any more', async () => {
    const client = await connect();
    await read(client);
    server.identities.revokeAll();
    expect(await read(client)).toBe('hunter2');
    expect(server.counts()).toEqual({ token: 2, AccessSecretVersion: 3 });
  });

  it('gives up when the API does not take the new one either', async () => {
    const client = await connect();
    server.intercept = ({ name }) =>
      name === 'AccessSecretVersion' ? refusal(new GcpError('UNAUTHENTICATED', 'Not you.')) : undefined;
    expect(await providerRejection(() => read(client))).toMatchObject({ kind: 'denied' });
    expect(server.counts()['AccessSecretVersion']).toBe(2);
  });

  it('proves the credentials without reading anything', async () => {
    const client = await connect();
    expect(await client.validate(never)).toBe('ready');
    expect(server.counts()).toEqual({ token: 1 });
  });
});

describe('a service account key that does not work', () => {
  const options = (json: string): TestConnectOptions => {
    const given = keyOptions(server);
    given.objects.putSecret('test/gcp', { data: { 'key.json': json } });
    return given;
  };

  it.each([
    [`{"private_key": "${canary}`, 'is not JSON'],
    [canary, 'is not JSON'],
    [JSON.stringify({ type: 'authorized_user', refresh_token: canary }), 'type is missing or wrong'],
    [JSON.stringify({ type: 'service_account', private_key: canary }), 'client_email is missing or wrong'],
    [JSON.stringify({ type: 'service_account', client_email: 'a', private_key: canary }), 'not a private key in PEM'],
    ['null', 'it is missing or wrong'],
  ])('is invalid, and not repeated: %s', async (json, reason) => {
    const error = await providerRejection(() => connect(options(json)));
    expect(error.kind).toBe('invalid');
    expect(error.message).toContain(reason);
    expect(server.calls).toEqual([]);
  });

  it('is denied when the account is gone, which does not mean that secrets are', async () => {
    const client = await connect();
    server.identities.serviceAccounts.delete(account);
    const error = await providerRejection(() => client.read({ key: 'gone' }, never));
    expect(error).toMatchObject({ kind: 'denied' });
    expect(error.message).toContain('invalid_grant: Invalid grant: account not found');
  });

  it('is denied when the clocks differ, and Google says so', async () => {
    for (const hours of [2, -2]) {
      server.identities.clockOffsetMs = hours * 3_600_000;
      const client = await connect({ sessions: new SessionPool({ clock: realClock, log: silentLogger }) });
      const error = await providerRejection(() => client.validate(never));
      expect(error.kind).toBe('denied');
      expect(error.message).toContain('Check your iat and exp values in the JWT claim');
    }
    server.identities.clockOffsetMs = 60_000;
    expect(await read(await connect())).toBe('hunter2');
  });

  it.each([
    [429, '{"error": "rate_limit_exceeded"}', 'throttled'],
    [503, '', 'unavailable'],
    [200, `{"access_token": {"${canary}": 1}}`, 'unavailable'],
    [200, canary, 'unavailable'],
  ])('fails as the token endpoint does: %i %s', async (status, body, kind) => {
    server.intercept = ({ name }) =>
      name === 'token' ? { status, body, headers: { 'content-type': 'application/json' } } : undefined;
    const client = await connect();
    expect((await providerRejection(() => client.validate(never))).kind).toBe(kind);
  });
});

describe('a store with a service account key', () => {
  const judge = (spec: object, store: Partial<StoreIdentity> = {}) =>
    provider.validate(provider.Spec.parse(spec), { ...testStore, ...store });

  it('needs a project and names a key', () => {
    expect(judge({ projectID: project, auth: keyAuth })).toEqual({ errors: [], warnings: [] });
    expect(judge({ auth: keyAuth }).errors).toEqual(['projectID is required with auth.secretRef']);
    expect(judge({ projectID: project, auth: { secretRef: {} } }).errors).toEqual([
      'auth.secretRef.secretAccessKeySecretRef is required',
    ]);
    expect(judge({ projectID: project, auth: { secretRef: { secretAccessKeySecretRef: {} } } }).errors).toEqual([
      'a reference in auth has no name',
    ]);
  });

  it('may not reach into another namespace', async () => {
    const auth = { secretRef: { secretAccessKeySecretRef: { name: 'gcp', namespace: 'other', key: 'key.json' } } };
    expect(judge({ projectID: project, auth }).errors).toHaveLength(1);
    expect(judge({ projectID: project, auth }, { kind: 'ClusterSecretStore' }).errors).toEqual([]);
    expect((await providerRejection(() => connect({}, { auth }))).kind).toBe('invalid');
  });

  it('is open only for whoever uses it, in a ClusterSecretStore without a namespace', async () => {
    const store = { kind: 'ClusterSecretStore', namespace: undefined } as const;
    const unresolved = await connect({ store: store as object, referent: undefined });
    expect(await unresolved.validate(never)).toBe('unknown');
    expect((await providerRejection(() => unresolved.read({ key: 'db' }, never))).kind).toBe('invalid');
    expect(await read(await connect({ store: store as object, referent: 'test' }))).toBe('hunter2');
  });

  it('warns of a second way to log in, and refuses what cannot be a place', () => {
    const auth = { ...keyAuth, workloadIdentity: { serviceAccountRef: { name: 'app' } } };
    expect(judge({ projectID: project, auth }).warnings).toHaveLength(1);
    expect(judge({ projectID: 'a/b', location: 'evil.example/', auth: keyAuth }).errors).toHaveLength(2);
  });

  it('closes its connections', async () => {
    const { client } = await connectForTest(provider, { projectID: project, auth: keyAuth }, keyOptions(server));
    await read(client);
    expect(await server.connections()).toBeGreaterThan(0);
    await client.close();
    await expect.poll(() => server.connections()).toBe(0);
  });
});
