/** Logging in with an identity of a cloud. */
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { decodeJwt, exportJWK, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AwsServer, startAws, testKey } from '../../../test/support/aws.ts';
import { GcpServer } from '../../../test/support/gcp.ts';
import type { FakeVault } from '../../../test/support/vault.ts';
import { FaultProxy } from '../../provider/testing/faultproxy.ts';
import { MemoryObjects } from '../../provider/testing/memoryobjects.ts';
import { providerRejection, textOf } from '../../provider/testing/rejection.ts';
import { TokenIssuer } from '../gcpsm/testing/tokenissuer.ts';
import { never, openStore, startFakeWorld, type VaultWorld } from './testing/world.ts';

let world: VaultWorld & { readonly vault: FakeVault };
let objects: MemoryObjects;
let environment: Record<string, string | undefined>;
const clusterStore = { kind: 'ClusterSecretStore', name: 'vault' } as const;

beforeEach(async () => {
  world = await startFakeWorld();
  objects = new MemoryObjects();
  environment = {};
  await world.admin.policy('reader', { 'secret/data/app': ['read'] });
  await world.admin.write('secret/data/app', { data: { user: 'app' } });
});
afterEach(() => world.stop());

/** Reads as whoever the auth says. */
async function read(auth: object, options: object = {}): Promise<string> {
  await using store = await openStore(world, { auth }, { objects, environment, ...options });
  return textOf((await store.client.read({ key: 'app' }, never)).value('user'));
}

describe('AWS IAM', () => {
  const userArn = 'arn:aws:iam::123456789012:user/tester';
  const roleArn = 'arn:aws:iam::123456789012:role/reader';
  const sessionArn = 'arn:aws:sts::123456789012:assumed-role/reader/external-secrets';
  const keyRefs = {
    accessKeyIDSecretRef: { name: 'aws', key: 'id' },
    secretAccessKeySecretRef: { name: 'aws', key: 'secret' },
  };
  let aws: AwsServer;

  beforeEach(async () => {
    const keys = { [testKey.accessKeyId]: { secretAccessKey: testKey.secretAccessKey, user: 'tester' } };
    aws = await startAws({ keys, roles: { [roleArn]: { externalId: 'told' } } });
    environment = { AWS_STS_ENDPOINT: aws.url };
    objects.putSecret('test/aws', { data: { id: testKey.accessKeyId, secret: testKey.secretAccessKey } });
    await world.admin.write('sys/auth/aws', { type: 'aws' });
    await trust(userArn);
  });
  afterEach(() => aws.stop());

  async function trust(arn: string, config: object = {}): Promise<void> {
    await world.admin.write('auth/aws/config/client', { sts_endpoint: aws.url, ...config });
    await world.admin.write('auth/aws/role/app', { token_policies: ['reader'], bound_iam_principal_arn: [arn] });
  }

  it('by an access key', async () => {
    expect(await read({ iam: { vaultRole: 'app', secretRef: keyRefs } })).toBe('app');
  });

  it('in a region, with the header that names this Vault', async () => {
    await trust(userArn, { iam_server_id_header_value: 'vault.company.com' });
    const iam = { vaultRole: 'app', region: 'eu-central-1', secretRef: keyRefs };
    expect(await read({ iam: { ...iam, vaultAwsIamServerID: 'vault.company.com' } })).toBe('app');
    expect((await providerRejection(() => read({ iam }))).kind).toBe('denied');
    const url = world.vault.calls.findLast(({ path }) => path === 'auth/aws/login')?.body['iam_request_url'];
    expect(Buffer.from(String(url), 'base64').toString()).toBe('https://sts.eu-central-1.amazonaws.com/');
  });

  it('by a role that is assumed with the access key', async () => {
    await trust(sessionArn);
    const iam = { vaultRole: 'app', role: roleArn, secretRef: keyRefs };
    expect(await read({ iam: { ...iam, externalID: 'told' } })).toBe('app');
    const error = await providerRejection(() => read({ iam }));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain(roleArn);
  });

  it('by a ServiceAccount with a role', async () => {
    const issuer = new TokenIssuer();
    objects = new MemoryObjects(issuer.createToken);
    objects.putServiceAccount('test/app', {
      annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/web' },
    });
    objects.putServiceAccount('test/plain');
    await aws.stop();
    aws = await startAws();
    environment = { AWS_STS_ENDPOINT: aws.url };
    await trust('arn:aws:sts::123456789012:assumed-role/web/external-secrets');
    expect(await read({ iam: { vaultRole: 'app', jwt: { serviceAccountRef: { name: 'app' } } } })).toBe('app');
    expect(issuer.issued).toEqual([{ name: 'test/app', audiences: ['sts.amazonaws.com'] }]);
    const plain = { iam: { vaultRole: 'app', jwt: { serviceAccountRef: { name: 'plain' } } } };
    expect((await providerRejection(() => read(plain))).kind).toBe('invalid');
  });

  it('not with a wrong secret, which is nowhere repeated', async () => {
    objects.putSecret('test/aws', { data: { id: testKey.accessKeyId, secret: 'c4n4ry' } });
    const error = await providerRejection(() => read({ iam: { vaultRole: 'app', secretRef: keyRefs } }));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain('write auth/aws/login: permission denied (403)');
  });

  it('is unavailable while STS is', async () => {
    environment = { AWS_STS_ENDPOINT: 'http://127.0.0.1:1' };
    const iam = { vaultRole: 'app', role: roleArn, secretRef: keyRefs };
    expect((await providerRejection(() => read({ iam }))).kind).toBe('unavailable');
  });
});

describe('Google Cloud', () => {
  const email = 'reader@test-project.iam.gserviceaccount.com';
  let google: GcpServer;

  beforeEach(async () => {
    google = await GcpServer.start();
    environment = google.environment();
    await world.admin.write('sys/auth/gcp', { type: 'gcp' });
    await world.admin.write('auth/gcp/role/app', { token_policies: ['reader'], bound_service_accounts: [email] });
  });
  afterEach(() => google.stop());

  /** Vault knows Google's public keys. */
  async function publish(pem: string, kid: string): Promise<void> {
    const jwk = await exportJWK(createPublicKey(pem));
    await world.admin.write('auth/gcp/config', { keys: [{ ...jwk, kid, alg: 'RS256' }] });
  }

  it('by the key of a service account', async () => {
    const json = google.createServiceAccount(email);
    const { private_key: pem, private_key_id: kid } = JSON.parse(json);
    await publish(pem, kid);
    objects.putSecret('test/gcp', { data: { key: json } });
    const gcp = { role: 'app', secretRef: { secretAccessKeySecretRef: { name: 'gcp', key: 'key' } } };
    expect(await read({ gcp })).toBe('app');
    expect((await providerRejection(() => read({ gcp: { ...gcp, role: 'other' } }))).kind).toBe('denied');
    objects.putSecret('test/gcp', { data: { key: json.replace('BEGIN PRIVATE', 'c4n4ry') } });
    expect((await providerRejection(() => read({ gcp }))).kind).toBe('invalid');
  });

  it('by a ServiceAccount that may act as a service account', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    await publish(publicKey.export({ type: 'spki', format: 'pem' }).toString(), 'google');
    const pool = 'test-project.svc.id.goog';
    const issuer = new TokenIssuer();
    const cluster = 'projects/test-project/locations/europe-west3/clusters/main';
    issuer.trustedBy(google, `identitynamespace:${pool}:https://container.googleapis.com/v1/${cluster}`, pool);
    google.createServiceAccount(email);
    google.identities.grants.set(`serviceAccount:${pool}[test/app]`, new Set(['*']));
    objects = new MemoryObjects(issuer.createToken);
    objects.putServiceAccount('test/app', { annotations: { 'iam.gke.io/gcp-service-account': email } });
    const proxy = await FaultProxy.start(`http://${google.host}`);
    proxy.answer(({ url = '', headers }, body) => {
      if (!url.endsWith(`/serviceAccounts/${email}:signJwt`)) return undefined;
      expect(google.identities.authenticate(headers.authorization)).toBe(`serviceAccount:${email}`);
      const { payload } = JSON.parse(body.toString());
      const text = [{ alg: 'RS256', kid: 'google' }, JSON.parse(payload)].map(encode).join('.');
      const signature = sign('sha256', Buffer.from(text), privateKey).toString('base64url');
      return { status: 200, body: JSON.stringify({ keyId: 'google', signedJwt: `${text}.${signature}` }) };
    });
    environment = google.environment(new URL(proxy.url).host);
    const place = { clusterProjectID: 'test-project', clusterLocation: 'europe-west3', clusterName: 'main' };
    expect(
      await read({ gcp: { role: 'app', workloadIdentity: { serviceAccountRef: { name: 'app' }, ...place } } }),
    ).toBe('app');
    await proxy.stop();
  });

  it('by the identity of the machine, in a ClusterSecretStore', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    await publish(publicKey.export({ type: 'spki', format: 'pem' }).toString(), 'google');
    const token = await new SignJWT({ sub: email })
      .setProtectedHeader({ alg: 'RS256', kid: 'google' })
      .setAudience('http://vault/app')
      .setExpirationTime('5m')
      .sign(privateKey);
    google.metadata.set('instance/service-accounts/default/identity', `${token}\n`);
    objects.putSecret('test/credentials', { data: { token: 'root' } });
    expect(await read({ gcp: { role: 'app' } }, { store: clusterStore })).toBe('app');
    const asked = google.calls.findLast(({ name }) => name === 'metadata')?.url ?? '';
    expect(decodeURIComponent(asked)).toContain('audience=http://vault/app&format=full');
    const sent = world.vault.calls.findLast(({ path }) => path === 'auth/gcp/login')?.body['jwt'];
    expect(decodeJwt(String(sent)).sub).toBe(email);
  });
});

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
