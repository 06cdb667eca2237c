/** A platform engineer's manifests for two clouds at once, and what becomes of them when one of the two goes away. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExternalSecret } from '../../src/api/externalsecret.ts';
import { externalSecrets } from '../../src/api/resources.ts';
import { namespaces, secrets } from '../../src/kube/resources.ts';
import { type AwsServer, startAws } from '../support/aws.ts';
import { type AzureServer, startAzure, testApp, testTenant } from '../support/azure.ts';
import { trust } from '../support/azure-trust.ts';
import { eventually } from '../support/eventually.ts';
import { type RunningOperator, runOperator } from '../support/runningoperator.ts';
import { describeWorld } from '../support/world.ts';

const accountId = '123456789012';

describeWorld("the user's manifests for AWS and Azure", (world) => {
  let aws: AwsServer;
  let azure: AzureServer;
  let distrust: () => void;
  let namespace = '';
  let operator: RunningOperator;

  /** The namespace is this run's own: everything else stands as it was written. */
  async function manifest(name: string): Promise<string> {
    const text = await readFile(join(import.meta.dirname, 'manifests', name), 'utf8');
    return text.replaceAll('ACCOUNT-ID', accountId).replaceAll('namespace: production', `namespace: ${namespace}`);
  }

  async function read(name: string): Promise<ExternalSecret> {
    return world().kube.get(externalSecrets, { namespace, name });
  }

  async function stripeKeyOf(secret: string): Promise<string> {
    const { data = {} } = await world().kube.get(secrets, { namespace, name: secret });
    return Buffer.from(data['stripe-api-key'] ?? '', 'base64').toString();
  }

  /** As `kubectl annotate --overwrite` does, to have a refresh now. */
  async function refresh(name: string, mark: string): Promise<void> {
    const patch = { metadata: { annotations: { 'force-sync': mark } } };
    await world().kube.mergePatch(externalSecrets, { namespace, name }, patch);
  }

  beforeAll(async () => {
    aws = await startAws({ accountId });
    azure = await startAzure();
    distrust = trust(azure.ca);
    aws.putSecret('external-apis/stripe', JSON.stringify({ api_key: 'sk_primary_1' }));
    azure.putSecret('stripe-api-key', 'sk_backup_1');
    namespace = await world().createNamespace('multicloud');
    const environment = { ...aws.env(), AZURE_AUTHORITY_HOST: azure.url };
    operator = await runOperator(world(), { namespace, environment });
    await world().apply(await manifest('aws-secretstore.yaml'));
    await world().apply(azureStore(namespace, azure.url));
    await world().apply(await manifest('multi-cloud.yaml'));
  });

  afterAll(async () => {
    await operator.stop();
    distrust();
    await world().kube.delete(namespaces, { name: namespace });
    await Promise.all([aws.stop(), azure.stop()]);
  });

  it('give two Secrets, one from each', async () => {
    await eventually(async () => {
      expect(await stripeKeyOf('external-api-keys')).toBe('sk_primary_1');
      expect(await stripeKeyOf('external-api-keys-backup')).toBe('sk_backup_1');
    });
  });

  it('keep the last good Secret while AWS is away, and say so; Azure goes on', async () => {
    await aws.goAway();
    azure.putSecret('stripe-api-key', 'sk_backup_2');
    await refresh('api-keys-primary', '1');
    await refresh('api-keys-backup', '1');
    await eventually(async () => expect(await stripeKeyOf('external-api-keys-backup')).toBe('sk_backup_2'));
    await eventually(async () => {
      const [ready] = (await read('api-keys-primary')).status?.conditions ?? [];
      expect(ready).toMatchObject({ status: 'False', reason: 'SecretSyncedError' });
      expect(ready?.message).toMatch(/^could not get secret data from provider: .*external-apis\/stripe/);
    });
    expect(await stripeKeyOf('external-api-keys')).toBe('sk_primary_1');
    expect((await read('api-keys-backup')).status?.conditions?.[0]).toMatchObject({ status: 'True' });
  });

  it('are in step again when AWS is back', async () => {
    await aws.listenAgain();
    aws.putSecret('external-apis/stripe', JSON.stringify({ api_key: 'sk_primary_2' }));
    await eventually(async () => expect(await stripeKeyOf('external-api-keys')).toBe('sk_primary_2'));
    await eventually(async () => {
      expect((await read('api-keys-primary')).status?.conditions?.[0]).toMatchObject({ status: 'True' });
    });
  });
});

/** The store that the user's manifests refer to. */
function azureStore(namespace: string, vaultUrl: string): string {
  return `
apiVersion: v1
kind: Secret
metadata: { name: azure, namespace: ${namespace} }
stringData: { id: ${testApp.clientId}, secret: ${testApp.clientSecret} }
---
apiVersion: external-secrets.io/v1beta1
kind: SecretStore
metadata: { name: azure-keyvault, namespace: ${namespace} }
spec:
  provider:
    azurekv:
      vaultUrl: ${vaultUrl}
      tenantId: ${testTenant}
      authSecretRef:
        clientId: { name: azure, key: id }
        clientSecret: { name: azure, key: secret }
`;
}
