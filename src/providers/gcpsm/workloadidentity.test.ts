import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GcpServer } from '../../../test/support/gcp.ts';
import type { SecretsClient } from '../../provider/provider.ts';
import { SessionPool } from '../../provider/sessioncache.ts';
import { connectForTest } from '../../provider/testing/connect.ts';
import { MemoryObjects } from '../../provider/testing/memoryobjects.ts';
import { providerRejection, textOf } from '../../provider/testing/rejection.ts';
import { realClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { provider } from './index.ts';
import { project } from './testing/store.ts';
import { TokenIssuer } from './testing/tokenissuer.ts';

const never = new AbortController().signal;
const email = 'reader@test-project.iam.gserviceaccount.com';
const pool = 'test-project.svc.id.goog';
const audience = `identitynamespace:${pool}:https://container.googleapis.com/v1/projects/test-project/locations/europe-west3/clusters/main`;
const cluster = { clusterProjectID: project, clusterLocation: 'europe-west3', clusterName: 'main' };

let server: GcpServer;
let issuer: TokenIssuer;
let objects: MemoryObjects;
let sessions: SessionPool;
const opened: SecretsClient[] = [];

beforeEach(async () => {
  server = await GcpServer.start();
  server.secrets.put(`projects/${project}/secrets/db`, Buffer.from('hunter2'));
  server.identities.grants.set(`serviceAccount:${pool}[test/app]`, new Set(['secretmanager.versions.access *']));
  issuer = new TokenIssuer();
  issuer.trustedBy(server, audience, pool);
  objects = new MemoryObjects(issuer.createToken);
  objects.putServiceAccount('test/app');
  sessions = new SessionPool({ clock: realClock, log: silentLogger });
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((client) => client.close()));
  await sessions.close();
  await server.stop();
});

async function connect(workloadIdentity: object = cluster, spec: object = {}): Promise<SecretsClient> {
  const auth = { workloadIdentity: { serviceAccountRef: { name: 'app' }, ...workloadIdentity } };
  const options = { objects, sessions, environment: server.environment() };
  const { client } = await connectForTest(provider, { auth, ...spec }, options);
  opened.push(client);
  return client;
}

async function read(client: SecretsClient): Promise<string> {
  return textOf((await client.read({ key: 'db' }, never)).value(undefined));
}

function annotate(): void {
  objects.putServiceAccount('test/app', { annotations: { 'iam.gke.io/gcp-service-account': email } });
  server.createServiceAccount(email, 'secretmanager.versions.access *');
}

function mayActAsAccount(): void {
  server.identities.grants.get(`serviceAccount:${pool}[test/app]`)?.add(`iam.serviceAccounts.getAccessToken ${email}`);
}

describe('workload identity', () => {
  it('is the ServiceAccount itself where it names no other', async () => {
    expect(await read(await connect())).toBe('hunter2');
    expect(server.counts()).toEqual({ bind: 1, AccessSecretVersion: 1 });
    expect(issuer.issued).toEqual([{ name: 'test/app', audiences: [pool] }]);
  });

  it('acts as the service account that the annotation names', async () => {
    annotate();
    mayActAsAccount();
    server.identities.grants.get(`serviceAccount:${pool}[test/app]`)?.delete('secretmanager.versions.access *');
    expect(await read(await connect())).toBe('hunter2');
    expect(server.counts()).toEqual({ bind: 1, impersonate: 1, AccessSecretVersion: 1 });
  });

  it('asks for the audiences that the store adds', async () => {
    await read(await connect({ ...cluster, serviceAccountRef: { name: 'app', audiences: ['extra'] } }));
    expect(issuer.issued).toEqual([{ name: 'test/app', audiences: [pool, 'extra'] }]);
  });

  it('makes one token for all clients of an identity, and another for another', async () => {
    objects.putServiceAccount('test/second');
    server.identities.grants.set(`serviceAccount:${pool}[test/second]`, new Set(['*']));
    const same = await Promise.all([connect(), connect()]);
    const other = await connect({ ...cluster, serviceAccountRef: { name: 'second' } });
    await Promise.all([...same, other, ...same].map(read));
    expect(server.counts()).toEqual({ bind: 2, AccessSecretVersion: 5 });
  });

  it('learns from the metadata server where it is, once', async () => {
    server.metadata.set('project/project-id', project);
    server.metadata.set('instance/attributes/cluster-location', 'europe-west3');
    server.metadata.set('instance/attributes/cluster-name', 'main\n');
    expect(await read(await connect({}))).toBe('hunter2');
    expect(await read(await connect({}))).toBe('hunter2');
    expect(server.counts()).toEqual({ metadata: 3, bind: 1, AccessSecretVersion: 2 });
  });

  it('reads the secrets of another project when the store says so', async () => {
    server.secrets.put('projects/other-project/secrets/db', Buffer.from('from there'));
    expect(await read(await connect(cluster, { projectID: 'other-project' }))).toBe('from there');
  });

  it('keeps a token whose end is told by a clock that is hours behind', async () => {
    annotate();
    mayActAsAccount();
    const client = await connect();
    // Tokens of ServiceAccounts hold for 15 minutes, so only the last step sees the wrong clock.
    server.intercept = ({ name }) => {
      if (name === 'impersonate') server.identities.clockOffsetMs = -7_200_000;
      return undefined;
    };
    await read(client);
    await read(client);
    expect(server.counts()).toMatchObject({ impersonate: 1, AccessSecretVersion: 2 });
  });
});

describe('workload identity that does not work', () => {
  it('says that the account may not be acted as, or is not there', async () => {
    annotate();
    const error = await providerRejection(async () => read(await connect()));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain("Permission 'iam.serviceAccounts.getAccessToken' denied");
    mayActAsAccount();
    server.identities.serviceAccounts.delete(email);
    const gone = await providerRejection(async () => read(await connect()));
    expect(gone.kind).toBe('denied');
    expect(gone.message).toContain(`Gaia id not found for email ${email}`);
  });

  it('says that the pool does not trust the cluster', async () => {
    server.identities.providers.clear();
    const error = await providerRejection(async () => read(await connect()));
    expect(error).toMatchObject({ kind: 'denied' });
    expect(error.message).toContain('invalid_target');
  });

  it('says what the metadata server does not know', async () => {
    const error = await providerRejection(() => connect({}));
    expect(error.kind).toBe('invalid');
    expect(error.message).toContain('the metadata server does not know project/project-id');
  });

  it('says that there is no Google Cloud around', async () => {
    const environment = { ...server.environment(), GCE_METADATA_HOST: 'metadata.invalid' };
    const auth = { workloadIdentity: { serviceAccountRef: { name: 'app' } } };
    const error = await providerRejection(() => connectForTest(provider, { auth }, { objects, sessions, environment }));
    expect(error.kind).toBe('unavailable');
    expect(error.message).toContain('metadata.invalid could not be reached');
  });

  it('says that the ServiceAccount is not there, or out of reach', async () => {
    expect((await providerRejection(() => connect({ ...cluster, serviceAccountRef: { name: 'none' } }))).kind).toBe(
      'invalid',
    );
    const elsewhere = { ...cluster, serviceAccountRef: { name: 'app', namespace: 'other' } };
    expect((await providerRejection(() => connect(elsewhere))).kind).toBe('invalid');
    expect(issuer.issued).toEqual([]);
  });

  it.each(['{}', '[]', 'nonsense'])('says that the answer could not be understood: %s', async (body) => {
    server.intercept = ({ name }) => (name === 'bind' ? { status: 200, body } : undefined);
    expect(await providerRejection(async () => read(await connect()))).toMatchObject({ kind: 'unavailable' });
  });
});
