/** A platform engineer's Vault manifests, read with a ServiceAccount's token: what a database engine makes, and what is kept. */
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { externalSecrets } from '../../src/api/resources.ts';
import { namespaces, secrets } from '../../src/kube/resources.ts';
import { startFakeWorld, startRealWorld, type VaultWorld } from '../../src/providers/vault/testing/world.ts';
import { eventually } from '../support/eventually.ts';
import { type RunningOperator, runOperator } from '../support/runningoperator.ts';
import { describeWorld, type World } from '../support/world.ts';

const name = 'dynamic-db-credentials';

describeWorld("the user's Vault manifests", (world) => {
  let vault: VaultWorld;
  let namespace = '';
  let operator: RunningOperator;

  beforeAll(async () => {
    vault = await (world().type === 'control-plane' ? startRealWorld() : startFakeWorld());
    await prepare(vault, world());
    namespace = await world().createNamespace('vault');
    operator = await runOperator(world(), { namespace });
    await world().applyObject({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'vault-auth-sa', namespace },
    });
    await world().apply(await manifest('vault-dynamic.yaml'));
  });

  /** The host and the namespace are the user's: everything else stands as it was written. */
  async function manifest(file: string): Promise<string> {
    const text = await readFile(join(import.meta.dirname, 'manifests', file), 'utf8');
    return text
      .replace('https://vault.company.com', vault.url)
      .replaceAll('namespace: production', `namespace: ${namespace}`);
  }

  afterAll(async () => {
    await operator.stop();
    await world().kube.delete(namespaces, { name: namespace });
    await vault.stop();
  });

  it('gives a Secret whose username and password come from one lease', async () => {
    await eventually(async () => {
      const { status } = await world().kube.get(externalSecrets, { namespace, name });
      expect(status?.conditions).toEqual([expect.objectContaining({ status: 'True', reason: 'SecretSynced' })]);
    });
    const { data = {} } = await world().kube.get(secrets, { namespace, name: 'dynamic-postgres-creds' });
    expect(Object.keys(data).sort()).toEqual(['password', 'username']);
    const { status } = await world().kube.get(externalSecrets, { namespace, name });
    expect(status?.leases).toEqual([
      {
        key: 'database/creds/readonly',
        id: expect.stringMatching(/^database\/creds\/readonly\//),
        durationSeconds: 3_600,
      },
    ]);
    expect(await vault.admin.hasLease(status?.leases?.[0]?.id ?? '')).toBe(true);
  });

  it('does not read a lease again that still holds when the operator starts anew', async () => {
    const before = await world().kube.get(secrets, { namespace, name: 'dynamic-postgres-creds' });
    const { status } = await world().kube.get(externalSecrets, { namespace, name });
    await operator.stop();
    expect(await vault.admin.hasLease(status?.leases?.[0]?.id ?? '')).toBe(true);
    operator = await runOperator(world(), { namespace });
    await eventually(() => expect(operator.readinessProblems()).toEqual([]));
    await eventually(async () => {
      expect(await operator.registry.metrics()).toMatch(
        /controller_runtime_reconcile_total\{controller="externalsecret",result="requeue_after"\} [1-9]/,
      );
    });
    const after = await world().kube.get(secrets, { namespace, name: 'dynamic-postgres-creds' });
    expect(after.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
  });

  it('render API credentials with the time at which they were read', async () => {
    const [externalSecret = '', cronJob = ''] = (await manifest('validated-api-credentials.yaml')).split('\n---\n');
    await world().apply(externalSecret);
    // The dev server has no CronJobs.
    if (world().type === 'control-plane') await world().apply(cronJob);
    const { data = {} } = await eventually(() => world().kube.get(secrets, { namespace, name: 'api-credentials' }));
    const texts = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]);
    expect(Object.fromEntries(texts)).toEqual({
      'api-key': 'ak_live_1',
      'validation-url': 'https://api.service.com/validate',
      'last-validated': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/),
    });
  });
});

/** As its operators would: JWT logins for the cluster's tokens, with a default role, and a database engine. */
async function prepare({ admin }: VaultWorld, { issuer }: World): Promise<void> {
  const keys = issuer.jwks.keys.map((key) =>
    createPublicKey({ key: key as JsonWebKey, format: 'jwk' }).export({ type: 'spki', format: 'pem' }),
  );
  await admin.policy('app', { 'database/creds/readonly': ['read'], 'secret/data/external-apis/*': ['read'] });
  await admin.write('sys/auth/jwt', { type: 'jwt' });
  await admin.write('auth/jwt/config', { jwt_validation_pubkeys: keys, default_role: 'app' });
  await admin.write('auth/jwt/role/app', {
    role_type: 'jwt',
    bound_audiences: ['vault'],
    user_claim: 'sub',
    token_policies: ['app'],
  });
  await admin.write('secret/data/external-apis/critical-service', { data: { api_key: 'ak_live_1' } });
  await admin.write('sys/mounts/database', { type: 'database' });
  await admin.write('database/config/db', { plugin_name: 'memory-database-plugin', allowed_roles: ['*'] });
  const role = { db_name: 'db', creation_statements: ['unused'], default_ttl: '1h', max_ttl: '24h' };
  await admin.write('database/roles/readonly', role);
}
