import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GcpServer } from '../../../test/support/gcp.ts';
import type { SecretsClient } from '../../provider/provider.ts';
import { connectForTest } from '../../provider/testing/connect.ts';
import { canary, providerRejection, textOf } from '../../provider/testing/rejection.ts';
import { provider } from './index.ts';
import { account, project } from './testing/store.ts';
import { TokenIssuer } from './testing/tokenissuer.ts';

const never = new AbortController().signal;

let server: GcpServer;
let folder: string;
const opened: SecretsClient[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gcpsm-'));
  server = await GcpServer.start();
  server.secrets.put(`projects/${project}/secrets/db`, Buffer.from('hunter2'));
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((client) => client.close()));
  await server.stop();
  await rm(folder, { recursive: true });
});

async function connect(
  environment: Record<string, string> = {},
  spec: object = { projectID: project },
): Promise<SecretsClient> {
  const all = { ...server.environment(), ...environment };
  const { client } = await connectForTest(provider, spec, { environment: all });
  opened.push(client);
  return client;
}

async function read(environment: Record<string, string>, spec?: object): Promise<string> {
  const client = await connect(environment, spec);
  return textOf((await client.read({ key: 'db' }, never)).value(undefined));
}

async function fileOf(credentials: object | string, name = 'credentials.json'): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, typeof credentials === 'string' ? credentials : JSON.stringify(credentials));
  return file;
}

describe('application default credentials', () => {
  it('are those of the metadata server, its project included', async () => {
    server.metadata.set('project/project-id', project);
    server.metadata.set('instance/service-accounts/default/token', 'serviceAccount:node');
    server.identities.grants.set('serviceAccount:node', new Set(['*']));
    expect(await read({}, {})).toBe('hunter2');
    expect(server.counts()).toEqual({ metadata: 2, AccessSecretVersion: 1 });
  });

  it('are a service account key, of the project that the environment names', async () => {
    const file = await fileOf(server.createServiceAccount(account));
    expect(await read({ GOOGLE_APPLICATION_CREDENTIALS: file, GOOGLE_CLOUD_PROJECT: project }, {})).toBe('hunter2');
  });

  it('are read anew for each token, because mounted files change', async () => {
    const file = await fileOf(server.createServiceAccount(account));
    const client = await connect({ GOOGLE_APPLICATION_CREDENTIALS: file });
    await client.read({ key: 'db' }, never);
    server.identities.serviceAccounts.delete(account);
    server.identities.revokeAll();
    await fileOf(server.createServiceAccount('next@test-project.iam.gserviceaccount.com'));
    expect(textOf((await client.read({ key: 'db' }, never)).value(undefined))).toBe('hunter2');
  });

  it('are those of a person, where gcloud keeps them', async () => {
    const user = {
      type: 'authorized_user',
      client_id: 'id',
      client_secret: 'secret',
      refresh_token: 'good-refresh-token',
    };
    server.identities.grants.set('user:tester@example.com', new Set(['*']));
    await mkdir(join(folder, '.config', 'gcloud'), { recursive: true });
    await fileOf(user, join('.config', 'gcloud', 'application_default_credentials.json'));
    expect(await read({ HOME: folder })).toBe('hunter2');
    expect(server.counts()).toEqual({ token: 1, AccessSecretVersion: 1 });
  });

  it('are those of an account that others may act as', async () => {
    const source = JSON.parse(server.createServiceAccount(account, 'iam.serviceAccounts.getAccessToken *')) as object;
    const email = 'reader@test-project.iam.gserviceaccount.com';
    server.createServiceAccount(email);
    const url = `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${email}:generateAccessToken`;
    const file = await fileOf({
      type: 'impersonated_service_account',
      service_account_impersonation_url: url,
      source_credentials: source,
    });
    expect(await read({ GOOGLE_APPLICATION_CREDENTIALS: file })).toBe('hunter2');
    expect(server.counts()).toEqual({ token: 1, impersonate: 1, AccessSecretVersion: 1 });
  });

  it('are those of an identity of some pool', async () => {
    const issuer = new TokenIssuer();
    const audience = '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/p';
    issuer.trustedBy(server, audience, 'for-google');
    server.identities.grants.set(`principal:${audience}/subject/system:serviceaccount:ops:operator`, new Set(['*']));
    const { token } = await issuer.createToken(
      { namespace: 'ops', name: 'operator' },
      { audiences: ['for-google'], expirationSeconds: 600 },
    );
    const source = { file: await fileOf(token, 'token') };
    const file = await fileOf({ type: 'external_account', audience, credential_source: source });
    expect(await read({ GOOGLE_APPLICATION_CREDENTIALS: file })).toBe('hunter2');
  });
});

describe('application default credentials that do not work', () => {
  it.each([
    [`{"type": "${canary}"`, 'is not JSON'],
    [{ type: canary }, 'unknown type'],
    [{}, 'type is missing or wrong'],
    [{ type: 'authorized_user', client_secret: canary }, 'client_id is missing or wrong'],
    [{ type: 'impersonated_service_account', source_credentials: { type: 'x' } }, 'service_account_impersonation_url'],
  ])('are invalid, and not repeated: %j', async (credentials, reason) => {
    const file = await fileOf(credentials);
    const client = await connect({ GOOGLE_APPLICATION_CREDENTIALS: file });
    const error = await providerRejection(() => client.validate(never));
    expect(error.kind).toBe('invalid');
    expect(error.message).toContain(reason);
  });

  it('are invalid when the file that is named is not there', async () => {
    const client = await connect({ GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'absent') });
    expect((await providerRejection(() => client.validate(never))).kind).toBe('invalid');
    expect(server.calls).toEqual([]);
  });

  it('are denied when a person has to log in again', async () => {
    const user = { type: 'authorized_user', client_id: 'id', client_secret: canary, refresh_token: canary };
    const client = await connect({ GOOGLE_APPLICATION_CREDENTIALS: await fileOf(user) });
    expect((await providerRejection(() => client.validate(never))).kind).toBe('denied');
  });

  it('are unavailable when nothing around is Google Cloud', async () => {
    const client = await connect({ GCE_METADATA_HOST: 'metadata.invalid' });
    expect((await providerRejection(() => client.validate(never))).kind).toBe('unavailable');
  });

  it('leave the project open when nobody knows it', async () => {
    const error = await providerRejection(() => connect({}, {}));
    expect(error).toMatchObject({ kind: 'invalid', message: 'the metadata server does not know project/project-id' });
  });
});
