/** What the dashboard shows: stores and ExternalSecrets of several kinds, and a cloud with bad moments. */
import { setTimeout as wait } from 'node:timers/promises';
import { externalSecrets } from '../../src/api/resources.ts';
import { startAws, testKey } from '../support/aws.ts';
import { startWorld, type World } from '../support/world.ts';

export interface Work {
  readonly world: World;
  /** In which the operator finds the cloud. */
  readonly environment: Readonly<Record<string, string>>;
  run(durationMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** By the part of the time that has passed. */
const badMoments = [
  { kind: 'throttle', from: 0.35, until: 0.5 },
  { kind: 'unavailable', from: 0.65, until: 0.75 },
] as const;
const count = 60;
const team = (index: number): string => ['payments', 'orders', 'search'][index % 3] ?? '';

export async function openWork(): Promise<Work> {
  const world = await startWorld();
  const aws = await startAws({});
  for (let index = 0; index < count / 2; index += 1)
    aws.putSecret(`app-${index}`, JSON.stringify({ password: `p${index}` }));
  await world.apply(['payments', 'orders', 'search'].map(namespaceOf).join('\n---\n'));
  await world.apply(stores());
  await world.apply(Array.from({ length: count }, (_, index) => externalSecret(index)).join('\n---\n'));
  return {
    world,
    environment: aws.env(),
    async run(durationMs) {
      const endsAt = Date.now() + durationMs;
      for (let round = 0; Date.now() < endsAt; round += 1) {
        await edit(world, round);
        const passed = 1 - (endsAt - Date.now()) / durationMs;
        aws.faults.heal();
        const [moment] = badMoments.filter(({ from, until }) => passed > from && passed < until);
        if (moment !== undefined) aws.faults.add({ kind: moment.kind, operation: 'GetSecretValue' });
        await wait(1_000);
      }
    },
    async stop() {
      await aws.stop();
      await world.stop();
    },
  };
}

async function edit(world: World, round: number): Promise<void> {
  const index = round % count;
  const patch = { metadata: { annotations: { round: `${round}` } } };
  await world.kube.mergePatch(externalSecrets, { namespace: team(index), name: `app-${index}` }, patch);
}

function namespaceOf(name: string): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }`;
}

function stores(): string {
  const selector = (key: string): string => `{ name: aws, namespace: payments, key: ${key} }`;
  return `
apiVersion: v1
kind: Secret
metadata: { name: aws, namespace: payments }
stringData: { id: ${testKey.accessKeyId}, key: ${testKey.secretAccessKey} }
---
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: { name: aws }
spec:
  provider:
    aws:
      service: SecretsManager
      region: us-east-1
      auth: { secretRef: { accessKeyIDSecretRef: ${selector('id')}, secretAccessKeySecretRef: ${selector('key')} } }
---
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: { name: broken, namespace: search }
spec: { provider: { fake: { data: [], validationResult: 2 } } }
`;
}

/** Two of them read the same remote secret; a few read one that is not there. */
function externalSecret(index: number): string {
  const key = index % 20 === 19 ? 'missing' : `app-${index % (count / 2)}`;
  return `
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: app-${index}, namespace: ${team(index)} }
spec:
  refreshInterval: 15s
  secretStoreRef: { kind: ClusterSecretStore, name: aws }
  data: [{ secretKey: password, remoteRef: { key: ${key}, property: password } }]
`;
}
