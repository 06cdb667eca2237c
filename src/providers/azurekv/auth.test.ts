import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testApp, testTenant } from '../../../test/support/azure.ts';
import { createCertificate, type TestCertificate } from '../../../test/support/azure-certificate.ts';
import type { SecretsClient } from '../../provider/provider.ts';
import { SessionPool } from '../../provider/sessioncache.ts';
import { MemoryObjects } from '../../provider/testing/memoryobjects.ts';
import { canary, providerRejection, textOf } from '../../provider/testing/rejection.ts';
import { realClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { AzureWorld, credentials, never } from './testing/world.ts';

const issuer = 'https://cluster.example.com';
const subject = 'system:serviceaccount:test:reader';
const workload = '33333333-3333-4333-8333-333333333333';
const managed = '44444444-4444-4444-8444-444444444444';

let world: AzureWorld;
let certificate: TestCertificate;
let other: TestCertificate;
let signToken: (claims?: {
  subject?: string;
  audience?: string[] | string;
  lifetimeSeconds?: number;
}) => Promise<string>;
let directory: string;

beforeAll(async () => {
  certificate = await createCertificate('an application');
  other = await createCertificate('another application');
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256' }] };
  signToken = (claims = {}) =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'RS256', kid: 'k' })
      .setIssuer(issuer)
      .setSubject(claims.subject ?? subject)
      .setAudience(claims.audience ?? 'api://AzureADTokenExchange')
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1_000) + (claims.lifetimeSeconds ?? 600))
      .sign(privateKey);
  world = await AzureWorld.start({
    apps: {
      [testApp.clientId]: { secrets: [testApp.clientSecret], certificates: [certificate.cert] },
      [workload]: { federated: [{ issuer, subject, jwks }] },
    },
    managedIdentities: [managed],
  });
  world.server.putSecret('db', 'hunter2');
  directory = await mkdtemp(join(tmpdir(), 'azurekv-'));
});

afterEach(async () => {
  await world.tidy();
});

afterAll(async () => {
  await world.stop();
  await rm(directory, { recursive: true });
});

async function read(client: SecretsClient, key = 'db'): Promise<string> {
  return textOf((await client.read({ key }, never)).value(undefined));
}

function certificateSpec(pem: string): object {
  world.objects.putSecret('test/certificate', { data: { id: testApp.clientId, pem } });
  const authSecretRef = {
    clientId: { name: 'certificate', key: 'id' },
    clientCertificate: { name: 'certificate', key: 'pem' },
  };
  return { ...world.bareSpec(), authSecretRef };
}

describe('a service principal', () => {
  it('logs in with a client secret, and proves that by a token alone', async () => {
    const client = await world.connect();
    expect(await client.validate(never)).toBe('ready');
    expect(world.server.counts()).toEqual({ GetOpenIdConfiguration: 1, GetToken: 1 });
    expect(await read(client)).toBe('hunter2');
    expect(world.server.counts()).toMatchObject({ GetToken: 1, Challenge: 1, GetSecret: 1 });
  });

  it('may have its tenant in a Secret', async () => {
    const { authSecretRef, ...rest } = { ...world.spec(), tenantId: undefined } as { authSecretRef?: object };
    world.objects.putSecret('test/tenant', { data: { id: `${testTenant}\n` } });
    const spec = { ...rest, authSecretRef: { ...authSecretRef, tenantId: { name: 'tenant', key: 'id' } } };
    expect(await read(await world.connect(spec))).toBe('hunter2');
  });

  it('logs in with a certificate', async () => {
    expect(await read(await world.connect(certificateSpec(`${certificate.key}${certificate.cert}`)))).toBe('hunter2');
  });

  it('is refused with a certificate that the application does not have', async () => {
    const client = await world.connect(certificateSpec(`${other.key}${other.cert}`));
    const error = await providerRejection(() => client.validate(never));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain('AADSTS700027');
  });

  it.each([
    ['no certificate', () => certificate.key],
    ['no key', () => certificate.cert],
    ['a key of another certificate', () => `${other.key}${certificate.cert}`],
    ['no PEM at all', () => canary],
  ])('needs a certificate and its key, and says so of %s', async (_, pem) => {
    const error = await providerRejection(() => world.connect(certificateSpec(pem())));
    expect(error.kind).toBe('invalid');
    expect(error.message).toContain('authSecretRef.clientCertificate');
  });

  it('is refused with a wrong secret, which is not repeated', async () => {
    const spec = world.spec();
    world.objects.putSecret('test/credentials', { data: { id: testApp.clientId, secret: canary } });
    const client = await world.connect(spec);
    const error = await providerRejection(() => read(client));
    expect(error).toMatchObject({ kind: 'denied' });
    expect(error.message).toContain('401 invalid_client: AADSTS7000215: Invalid client secret provided.');
    expect(error.message).not.toContain('Trace ID');
  });

  it('is refused when the application or the tenant does not exist', async () => {
    const spec = world.spec();
    const elsewhere = await world.connect({ ...spec, tenantId: 'contoso.onmicrosoft.com' });
    expect((await providerRejection(() => elsewhere.validate(never))).message).toContain('AADSTS90002');
    world.objects.putSecret('test/credentials', { data: { id: workload.replace('3', '9'), secret: 'x' } });
    const unknown = await world.connect(spec);
    const error = await providerRejection(() => unknown.validate(never));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain('AADSTS700016');
  });

  it('that is not there is named', async () => {
    const error = await providerRejection(() => world.connect({ ...world.bareSpec(), authSecretRef: credentials }));
    expect(error).toMatchObject({ kind: 'invalid', message: 'Secret test/credentials does not exist' });
  });
});

describe('a workload identity', () => {
  const annotations = {
    'azure.workload.identity/client-id': workload,
    'azure.workload.identity/tenant-id': testTenant,
  };

  function workloadSpec(members: object = {}): object {
    return {
      vaultUrl: world.server.url,
      authType: 'WorkloadIdentity',
      serviceAccountRef: { name: 'reader' },
      ...members,
    };
  }

  function cluster(sign: (audiences: readonly string[]) => Promise<string>): MemoryObjects {
    return new MemoryObjects(async (_, { audiences }) => {
      return { token: await sign(audiences), expiresAtMs: Date.now() + 600_000 };
    });
  }

  it('is a ServiceAccount whose annotations name it', async () => {
    world.objects = cluster((audiences) => signToken({ audience: [...audiences] }));
    world.objects.putServiceAccount('test/reader', { annotations });
    const client = await world.connect(workloadSpec());
    expect(await read(client)).toBe('hunter2');
    expect(world.objects.lookups.filter((lookup) => lookup.startsWith('Token'))).toEqual(['Token test/reader']);
  });

  it('asks for the audience of the exchange, and those that the store adds', async () => {
    const asked: (readonly string[])[] = [];
    world.objects = cluster((audiences) => {
      asked.push(audiences);
      return signToken();
    });
    world.objects.putServiceAccount('test/reader', { annotations });
    await (await world.connect(workloadSpec({ serviceAccountRef: { name: 'reader', audiences: ['more'] } }))).validate(
      never,
    );
    expect(asked).toEqual([['api://AzureADTokenExchange', 'more']]);
  });

  it('may be named by Secrets instead', async () => {
    world.objects = cluster(() => signToken());
    world.objects.putServiceAccount('test/reader');
    world.objects.putSecret('test/ids', { data: { client: workload, tenant: testTenant } });
    const authSecretRef = { clientId: { name: 'ids', key: 'client' }, tenantId: { name: 'ids', key: 'tenant' } };
    expect(await read(await world.connect(workloadSpec({ authSecretRef })))).toBe('hunter2');
  });

  it('may have its tenant from the spec or the environment', async () => {
    world.objects = cluster(() => signToken());
    world.objects.putServiceAccount('test/reader', { annotations: { 'azure.workload.identity/client-id': workload } });
    expect(await read(await world.connect(workloadSpec({ tenantId: testTenant })))).toBe('hunter2');
    const environment = { AZURE_TENANT_ID: testTenant };
    expect(await read(await world.connect(workloadSpec(), { environment }))).toBe('hunter2');
    expect((await providerRejection(() => world.connect(workloadSpec()))).message).toBe('the store names no tenantId');
  });

  it('without a client id is invalid, and the message says where it is looked for', async () => {
    world.objects.putServiceAccount('test/reader');
    const error = await providerRejection(() => world.connect(workloadSpec({ tenantId: testTenant })));
    expect(error.kind).toBe('invalid');
    expect(error.message).toContain('annotation azure.workload.identity/client-id of ServiceAccount test/reader');
  });

  it('is refused when Azure does not trust this ServiceAccount, its audience or its signature', async () => {
    const refusals = {
      AADSTS700213: () => signToken({ subject: 'system:serviceaccount:test:other' }),
      AADSTS700212: () => signToken({ audience: 'sts.amazonaws.com' }),
      AADSTS700027: async () => `${(await signToken()).slice(0, -12)}AAAAAAAAAAAA`,
    };
    for (const [code, sign] of Object.entries(refusals)) {
      world.objects = cluster(sign);
      world.objects.putServiceAccount('test/reader', { annotations });
      const client = await world.connect(workloadSpec());
      const error = await providerRejection(() => client.validate(never));
      expect(error.kind).toBe('denied');
      expect(error.message).toContain(code);
    }
  });

  it('says what the cluster says when it gives no token', async () => {
    world.objects = new MemoryObjects(() => Promise.reject(new Error('the API server is down')));
    world.objects.putServiceAccount('test/reader', { annotations });
    const client = await world.connect(workloadSpec());
    const error = await providerRejection(() => read(client));
    expect(error).toMatchObject({
      kind: 'unavailable',
      message: 'a token of ServiceAccount test/reader could not be had',
    });
  });

  it("is the operator's own without a ServiceAccount, by the token that is mounted at that time", async () => {
    const path = join(directory, 'token');
    const environment = { AZURE_CLIENT_ID: workload, AZURE_TENANT_ID: testTenant, AZURE_FEDERATED_TOKEN_FILE: path };
    const spec = { vaultUrl: world.server.url, authType: 'WorkloadIdentity' };
    const store = { kind: 'ClusterSecretStore' } as const;
    const client = await world.connect(spec, { environment, store });
    expect((await providerRejection(() => read(client))).kind).toBe('unavailable');
    await writeFile(path, `${await signToken()}\n`);
    expect(await read(client)).toBe('hunter2');
    const error = await providerRejection(() => world.connect(spec, { store }));
    expect(error.kind).toBe('invalid');
    expect(error.message).toContain('AZURE_FEDERATED_TOKEN_FILE');
  });

  it("of the operator is not lent to a SecretStore's own server", async () => {
    const spec = { vaultUrl: world.server.url, authType: 'WorkloadIdentity' };
    const error = await providerRejection(() => world.connect(spec));
    expect(error.kind).toBe('invalid');
    expect(error.message).toContain('use a ClusterSecretStore');
    expect(world.server.counts()).toEqual({});
  });
});

describe('a managed identity', () => {
  function managedClient(members: object = {}, endpoint = world.server.imdsUrl): Promise<SecretsClient> {
    const spec = { vaultUrl: world.server.url, authType: 'ManagedIdentity', ...members };
    const environment = { AZURE_POD_IDENTITY_AUTHORITY_HOST: endpoint };
    return world.connect(spec, { store: { kind: 'ClusterSecretStore' }, environment });
  }

  it('is what the metadata service says', async () => {
    expect(await read(await managedClient())).toBe('hunter2');
    expect(await read(await managedClient({ identityId: managed }))).toBe('hunter2');
    expect(world.server.counts()).toMatchObject({ GetManagedIdentityToken: 2, GetSecret: 2 });
  });

  it('that the machine does not have is refused', async () => {
    const client = await managedClient({ identityId: 'unknown' });
    expect(await providerRejection(() => client.validate(never))).toMatchObject({
      kind: 'denied',
      message: 'the metadata service refused a token with 400 invalid_request: Identity not found',
    });
  });

  it.each([
    ['there is none', () => managedClient({}, 'http://127.0.0.1:1'), undefined],
    ['it fails', managedClient, 'fail'],
    ['its answer breaks off', managedClient, 'cutShort'],
    ['its answer is no JSON', managedClient, 'notJson'],
  ] as const)('is unavailable where %s', async (_, connect, kind) => {
    if (kind !== undefined) world.server.faults.add({ kind, operation: 'GetManagedIdentityToken' });
    const client = await connect();
    expect((await providerRejection(() => client.validate(never))).kind).toBe('unavailable');
  });

  it('is throttled when the metadata service says so', async () => {
    world.server.faults.add({ kind: 'throttle', operation: 'GetManagedIdentityToken', retryAfterMs: 4_000 });
    const client = await managedClient();
    const error = await providerRejection(() => client.validate(never));
    expect(error).toMatchObject({ kind: 'throttled', retryAfterMs: 4_000 });
  });

  it('whose token is refused gets another one, not the same again', async () => {
    const client = await managedClient();
    await read(client);
    world.server.revokeTokens();
    expect(await read(client)).toBe('hunter2');
    expect(world.server.counts()).toMatchObject({ GetManagedIdentityToken: 2 });
  });
});

describe('tokens', () => {
  it('are shared by stores with the same identity, and by no others', async () => {
    const sessions = new SessionPool({ clock: realClock, log: silentLogger });
    const spec = world.spec();
    const stores = await Promise.all(Array.from({ length: 5 }, () => world.connect(spec, { sessions })));
    await Promise.all(stores.map((client) => read(client)));
    expect(world.server.counts()).toMatchObject({ GetToken: 1, Challenge: 5, GetSecret: 5 });
    const client = await world.connect(certificateSpec(`${certificate.key}${certificate.cert}`), { sessions });
    await read(client);
    expect(world.server.counts()).toMatchObject({ GetToken: 2 });
  });

  it('and challenges are asked for once, however many reads begin at the same time', async () => {
    const client = await world.connect();
    await Promise.all(Array.from({ length: 20 }, () => read(client)));
    expect(world.server.counts()).toEqual({ GetOpenIdConfiguration: 1, GetToken: 1, Challenge: 1, GetSecret: 20 });
  });

  it('are not renewed while they hold, and a vault is challenged once', async () => {
    const client = await world.connect();
    for (let round = 0; round < 5; round += 1) await read(client);
    expect(world.server.counts()).toEqual({ GetOpenIdConfiguration: 1, GetToken: 1, Challenge: 1, GetSecret: 5 });
  });

  it('that the vault does not take any more are replaced within the same read', async () => {
    const client = await world.connect();
    await read(client);
    world.server.revokeTokens();
    expect(await read(client)).toBe('hunter2');
    expect(world.server.counts()).toMatchObject({ GetToken: 2, GetSecret: 3 });
  });

  it('of a closed client go on to serve the others', async () => {
    const sessions = new SessionPool({ clock: realClock, log: silentLogger });
    const [first, second] = [
      await world.connect(world.spec(), { sessions }),
      await world.connect(world.spec(), { sessions }),
    ];
    await read(first);
    await first.close();
    expect(await read(second)).toBe('hunter2');
    expect(world.server.counts()).toMatchObject({ GetToken: 1 });
  });
});

describe('a ClusterSecretStore', () => {
  const store = { kind: 'ClusterSecretStore' } as const;

  it('cannot be proven while its credentials are those of whoever uses it', async () => {
    const client = await world.connect(world.spec(), { store, referent: undefined });
    expect(await client.validate(never)).toBe('unknown');
    expect(world.server.counts()).toEqual({});
  });

  it('uses the credentials of the namespace that is being synced', async () => {
    expect(await read(await world.connect(world.spec(), { store, referent: 'test' }))).toBe('hunter2');
    const error = await providerRejection(() => world.connect(world.spec(), { store, referent: 'elsewhere' }));
    expect(error.message).toBe('Secret elsewhere/credentials does not exist');
  });
});
