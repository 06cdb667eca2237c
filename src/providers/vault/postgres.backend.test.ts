/** The acceptance manifest's case on real servers: a ServiceAccount logs in by JWT and gets credentials of a PostgreSQL. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacksPostgres, type Postgres, startPostgres } from '../../../test/support/postgres.ts';
import { lacksVault } from '../../../test/support/vaultbinary.ts';
import type { RemoteSecret } from '../../provider/provider.ts';
import { MemoryObjects } from '../../provider/testing/memoryobjects.ts';
import { rejection, textOf } from '../../provider/testing/rejection.ts';
import { never, openStore, startRealWorld, type VaultWorld } from './testing/world.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const key = 'database/creds/readonly';

const issuer = createServer((_, outgoing) => {
  void exportJWK(publicKey).then((jwk) => {
    const keys = [{ ...jwk, kid: 'cluster', alg: 'RS256', use: 'sig' }];
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));
  });
});

describe.skipIf((await lacksVault()) || (await lacksPostgres()))('credentials of a real PostgreSQL', () => {
  let world: VaultWorld;
  let postgres: Postgres;

  beforeAll(async () => {
    [world, postgres] = await Promise.all([startRealWorld(), startPostgres()]);
    await postgres.query('create table orders (id int); insert into orders values (7)');
    await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
    await setUpDatabase(world, postgres);
    await setUpJwt(world);
  });
  afterAll(async () => {
    issuer.close();
    await world?.stop();
    await postgres?.stop();
  });

  function open() {
    const objects = new MemoryObjects(async ({ namespace, name }, { audiences }) => {
      const token = await new SignJWT({ sub: `system:serviceaccount:${namespace}:${name}` })
        .setProtectedHeader({ alg: 'RS256', kid: 'cluster' })
        .setAudience([...audiences])
        .setIssuedAt()
        .setExpirationTime('10m')
        .sign(privateKey);
      return { token, expiresAtMs: Date.now() + 600_000 };
    });
    objects.putServiceAccount('production/vault-auth-sa');
    const store = { namespace: 'production', name: 'vault-backend' };
    const auth = { jwt: { path: 'jwt', serviceAccountRef: { name: 'vault-auth-sa' } } };
    return openStore(world, { version: 'v2', auth }, { objects, store });
  }

  /** What the credentials see. */
  function orders(secret: RemoteSecret): Promise<string> {
    const [user = '', password = ''] = ['username', 'password'].map((property) => textOf(secret.value(property)));
    return postgres.query('select id from orders', { user, password });
  }

  it('log in, and no longer once they are revoked', async () => {
    await using store = await open();
    expect(await store.client.validate(never)).toBe('ready');
    const secret = await store.client.read({ key }, never);
    expect(await orders(secret)).toBe('7');
    const { id = '' } = secret.lease ?? {};
    await world.admin.write('sys/leases/revoke', { lease_id: id, sync: true });
    expect(String(await rejection(() => orders(secret)))).toContain('password authentication failed');
  });

  it('log in until their lease ends', async () => {
    await world.admin.write('database/roles/readonly', { ...role, default_ttl: '2s', max_ttl: '2s' });
    await using store = await open();
    const secret = await store.client.read({ key }, never);
    expect(secret.lease?.durationMs).toBe(2_000);
    expect(await orders(secret)).toBe('7');
    const refusal = () => orders(secret).then(() => '', String);
    await expect.poll(refusal, { timeout: 30_000, interval: 250 }).toContain('password authentication failed');
    await world.admin.write('database/roles/readonly', role);
  });

  it('still log in when the operator has ended', async () => {
    const store = await open();
    const secret = await store.client.read({ key }, never);
    await store[Symbol.asyncDispose]();
    expect(await orders(secret)).toBe('7');
  });
});

const role = {
  db_name: 'postgres',
  creation_statements: [
    `create role "{{name}}" with login password '{{password}}' valid until '{{expiration}}'`,
    'grant select on all tables in schema public to "{{name}}"',
  ],
  default_ttl: '1h',
  max_ttl: '24h',
};

async function setUpDatabase({ admin }: VaultWorld, { port, user, password }: Postgres): Promise<void> {
  await admin.write('sys/mounts/database', { type: 'database' });
  await admin.write('database/config/postgres', {
    plugin_name: 'postgresql-database-plugin',
    allowed_roles: ['readonly'],
    connection_url: `postgresql://{{username}}:{{password}}@127.0.0.1:${port}/postgres?sslmode=disable`,
    username: user,
    password,
  });
  await admin.write('database/roles/readonly', role);
}

async function setUpJwt({ admin }: VaultWorld): Promise<void> {
  // A TCP server's address is never a string.
  const { port } = issuer.address() as AddressInfo;
  await admin.policy('readonly', { [key]: ['read'] });
  await admin.write('sys/auth/jwt', { type: 'jwt' });
  await admin.write('auth/jwt/config', { jwks_url: `http://127.0.0.1:${port}/keys`, default_role: 'external-secrets' });
  await admin.write('auth/jwt/role/external-secrets', {
    role_type: 'jwt',
    user_claim: 'sub',
    bound_audiences: ['vault'],
    bound_subject: 'system:serviceaccount:production:vault-auth-sa',
    token_policies: ['readonly'],
    token_ttl: '5m',
  });
}
