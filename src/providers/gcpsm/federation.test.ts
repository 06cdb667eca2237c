import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GcpServer } from '../../../test/support/gcp.ts';
import type { SecretsClient } from '../../provider/provider.ts';
import { connectForTest, testStore } from '../../provider/testing/connect.ts';
import { MemoryObjects } from '../../provider/testing/memoryobjects.ts';
import { canary, providerRejection, textOf } from '../../provider/testing/rejection.ts';
import { provider } from './index.ts';
import { project } from './testing/store.ts';
import { TokenIssuer } from './testing/tokenissuer.ts';

const never = new AbortController().signal;
const email = 'reader@test-project.iam.gserviceaccount.com';
const audience =
  '//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/pool/providers/cluster';
const subject = `principal:${audience}/subject/system:serviceaccount:test:app`;

let server: GcpServer;
let issuer: TokenIssuer;
let objects: MemoryObjects;
let folder: string;
const opened: SecretsClient[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gcpsm-'));
  server = await GcpServer.start();
  server.secrets.put(`projects/${project}/secrets/db`, Buffer.from('hunter2'));
  issuer = new TokenIssuer();
  issuer.trustedBy(server, audience, 'for-google');
  server.identities.grants.set(subject, new Set(['secretmanager.versions.access *']));
  objects = new MemoryObjects(issuer.createToken);
  objects.putServiceAccount('test/app');
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((client) => client.close()));
  await server.stop();
  await rm(folder, { recursive: true });
});

async function connect(workloadIdentityFederation: object): Promise<SecretsClient> {
  const spec = { projectID: project, auth: { workloadIdentityFederation } };
  const { client } = await connectForTest(provider, spec, { objects, environment: server.environment() });
  opened.push(client);
  return client;
}

async function read(workloadIdentityFederation: object): Promise<string> {
  const client = await connect(workloadIdentityFederation);
  return textOf((await client.read({ key: 'db' }, never)).value(undefined));
}

function serviceAccount(principal = subject): void {
  server.createServiceAccount(email, 'secretmanager.versions.access *');
  server.identities.grants.set(principal, new Set([`iam.serviceAccounts.getAccessToken ${email}`]));
}

describe('federation by a ServiceAccount', () => {
  const federation = { audience, serviceAccountRef: { name: 'app', audiences: ['for-google'] } };

  it('trades its token for that of an identity of the pool', async () => {
    expect(await read(federation)).toBe('hunter2');
    expect(server.counts()).toEqual({ exchange: 1, AccessSecretVersion: 1 });
    expect(issuer.issued).toEqual([{ name: 'test/app', audiences: ['for-google'] }]);
  });

  it('acts as the service account that the store or the annotation names', async () => {
    serviceAccount();
    expect(await read({ ...federation, gcpServiceAccountEmail: email })).toBe('hunter2');
    objects.putServiceAccount('test/app', { annotations: { 'iam.gke.io/gcp-service-account': email } });
    expect(await read(federation)).toBe('hunter2');
    expect(server.counts()).toEqual({ exchange: 2, impersonate: 2, AccessSecretVersion: 2 });
  });

  it('is denied when the token is for somebody else', async () => {
    const error = await providerRejection(() => read({ audience, serviceAccountRef: { name: 'app' } }));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain('invalid_grant');
  });
});

describe('federation by AWS credentials', () => {
  const federation = {
    audience,
    awsSecurityCredentials: { region: 'eu-central-1', awsCredentialsSecretRef: { name: 'aws' } },
  };
  const principal = `principal:${audience}/aws/AKIAEXAMPLE/eu-central-1`;

  beforeEach(() => {
    server.identities.awsKeys.set('AKIAEXAMPLE', canary);
    server.identities.grants.set(principal, new Set(['secretmanager.versions.access *']));
    objects.putSecret('test/aws', { data: { aws_access_key_id: 'AKIAEXAMPLE', aws_secret_access_key: canary } });
  });

  it('signs what Google asks AWS', async () => {
    expect(await read(federation)).toBe('hunter2');
    expect(server.counts()).toEqual({ exchange: 1, AccessSecretVersion: 1 });
  });

  it('takes a session token along, and acts as a service account', async () => {
    serviceAccount(principal);
    objects.putSecret('test/aws', {
      data: { aws_access_key_id: 'AKIAEXAMPLE', aws_secret_access_key: canary, aws_session_token: 'session' },
    });
    expect(await read({ ...federation, gcpServiceAccountEmail: email })).toBe('hunter2');
  });

  it('is denied when the credentials are wrong, and invalid when there are none', async () => {
    server.identities.awsKeys.set('AKIAEXAMPLE', 'another');
    expect((await providerRejection(() => read(federation))).kind).toBe('denied');
    objects.putSecret('test/aws', { data: { aws_access_key_id: 'AKIAEXAMPLE' } });
    const error = await providerRejection(() => read(federation));
    expect(error.kind).toBe('invalid');
    expect(error.message).toContain('aws_secret_access_key');
  });
});

describe('federation by a credential configuration', () => {
  const credConfig = { name: 'configuration', key: 'credentials.json' };
  const tokenUrl = 'https://sts.googleapis.com/v1/token';

  function configure(configuration: object): void {
    const json = JSON.stringify({
      type: 'external_account',
      audience,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: tokenUrl,
      ...configuration,
    });
    objects.putConfigMap('test/configuration', { 'credentials.json': json });
  }

  async function subjectToken(): Promise<string> {
    const options = { audiences: ['for-google'], expirationSeconds: 600 };
    return (await issuer.createToken({ namespace: 'test', name: 'app' }, options)).token;
  }

  it('takes the token from a file', async () => {
    const file = join(folder, 'token');
    await writeFile(file, await subjectToken());
    configure({ credential_source: { file } });
    expect(await read({ credConfig })).toBe('hunter2');
  });

  it('takes the token from a URL that the store names, too, in JSON', async () => {
    server.metadata.set('subject', JSON.stringify({ token: await subjectToken() }));
    const url = `http://${server.host}/computeMetadata/v1/subject`;
    const format = { type: 'json', subject_token_field_name: 'token' };
    configure({ credential_source: { url, headers: { 'Metadata-Flavor': 'Google' }, format } });
    expect(await read({ credConfig, externalTokenEndpoint: url })).toBe('hunter2');
    const error = await providerRejection(() => read({ credConfig, externalTokenEndpoint: 'https://other.example' }));
    expect(error.message).toContain('externalTokenEndpoint');
  });

  it('acts as the service account of the configuration, or of the store', async () => {
    serviceAccount();
    const file = join(folder, 'token');
    await writeFile(file, await subjectToken());
    const url = `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${email}:generateAccessToken`;
    configure({ credential_source: { file }, service_account_impersonation_url: url });
    expect(await read({ credConfig })).toBe('hunter2');
    configure({ credential_source: { file } });
    expect(await read({ credConfig, gcpServiceAccountEmail: email })).toBe('hunter2');
  });

  it('uses the audience of the store before its own', async () => {
    const file = join(folder, 'token');
    await writeFile(file, await subjectToken());
    configure({ audience: 'another', credential_source: { file } });
    expect(await read({ credConfig, audience })).toBe('hunter2');
    expect((await providerRejection(() => read({ credConfig }))).kind).toBe('denied');
  });

  const aws = {
    environment_id: 'aws1',
    region_url: 'http://169.254.169.254/latest/meta-data/placement/availability-zone',
    url: 'http://169.254.169.254/latest/meta-data/iam/security-credentials',
    regional_cred_verification_url: 'https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15',
  };

  it.each([
    [{ type: 'service_account', private_key: canary }, 'type is missing or wrong'],
    [{}, 'credential_source is missing or wrong'],
    [{ credential_source: {} }, 'neither file, url nor environment_id'],
    [{ credential_source: { executable: { command: `/bin/echo ${canary}` } } }, 'executable is not allowed'],
    [{ credential_source: { certificate: {}, file: '/x' } }, 'certificate is not allowed'],
    [{ credential_source: { url: 'http://169.254.169.254/' } }, 'externalTokenEndpoint'],
    [{ credential_source: { file: '/x' }, token_url: 'https://evil.example' }, `token_url is not ${tokenUrl}`],
    [
      {
        credential_source: { file: '/x' },
        service_account_impersonation_url: `https://evil.example/serviceAccounts/${email}:generateAccessToken`,
      },
      'service_account_impersonation_url',
    ],
    [{ credential_source: { file: '/x' }, audience: '' }, 'there is no audience'],
    [{ credential_source: { ...aws, environment_id: 'azure1' } }, 'environment_id'],
    [
      { credential_source: { ...aws, url: 'http://evil.example/latest/meta-data/iam/security-credentials' } },
      'url is not',
    ],
    [{ credential_source: { ...aws, region_url: 'http://evil.example' } }, 'region_url is not'],
    [
      { credential_source: { ...aws, imdsv2_session_token_url: 'http://evil.example' } },
      'imdsv2_session_token_url is not',
    ],
    [
      { credential_source: { file: '/var/run/secrets/kubernetes.io/serviceaccount/token' } },
      'the token of the operator',
    ],
    [
      { credential_source: { file: '/var/run/../run/secrets/kubernetes.io/x/../serviceaccount/token' } },
      'the token of the operator',
    ],
  ])('refuses %j', async (configuration, reason) => {
    configure(configuration);
    const error = await providerRejection(() => connect({ credConfig }));
    expect(error.kind).toBe('invalid');
    expect(error.message).toContain(reason);
    expect(server.calls).toEqual([]);
  });

  it('refuses what is not JSON, and repeats nothing', async () => {
    objects.putConfigMap('test/configuration', { 'credentials.json': `{"${canary}` });
    expect((await providerRejection(() => connect({ credConfig }))).message).toBe(
      'the ConfigMap configuration is not JSON',
    );
  });

  it('says that the file cannot be used, and repeats nothing of it', async () => {
    configure({ credential_source: { file: join(folder, 'absent') } });
    expect(await providerRejection(() => read({ credConfig }))).toMatchObject({
      kind: 'denied',
      message: 'credential_source could not be used',
    });
    await writeFile(join(folder, 'target'), canary);
    await symlink(join(folder, 'target'), join(folder, 'link'));
    configure({ credential_source: { file: join(folder, 'link') } });
    expect((await providerRejection(() => read({ credConfig }))).kind).toBe('denied');
  });

  it('accepts the metadata of a node of AWS', async () => {
    configure({ credential_source: aws });
    await connect({ credConfig });
    expect(server.calls).toEqual([]);
  });
});

describe('a store with federation', () => {
  it.each([
    [{}, 'exactly one of'],
    [{ audience }, 'exactly one of'],
    [{ audience, serviceAccountRef: { name: 'app' }, credConfig: { name: 'a', key: 'b' } }, 'exactly one of'],
    [{ serviceAccountRef: { name: 'app' } }, 'audience is required'],
  ])('is not valid with %j', async (workloadIdentityFederation, reason) => {
    const spec = { projectID: project, auth: { workloadIdentityFederation } };
    expect(provider.validate(provider.Spec.parse(spec), testStore).errors.join()).toContain(reason);
    expect((await providerRejection(() => connect(workloadIdentityFederation))).message).toContain(reason);
  });
});
