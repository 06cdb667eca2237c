/** Starts the control plane that all files of the `cluster` project share, and stops it after the last of them. */
import type { TestProject } from 'vitest/node';
import { loadConnection } from '../../src/kube/config.ts';
import { realClock } from '../../src/runtime/clock.ts';
import { Applier } from './applier.ts';
import { type ControlPlaneState, startControlPlane, stopControlPlane } from './controlplane.ts';
import { readDefinitions } from './definitions.ts';
import { eventually } from './eventually.ts';
import { NoGoError } from './gobinary.ts';
import { RawClient, textAt } from './rawclient.ts';

export type SharedCluster =
  | { readonly type: 'started'; readonly state: ControlPlaneState }
  /** `KUBECONFIG_FOR_TESTS`: somebody else's cluster, which is not restarted. */
  | { readonly type: 'given'; readonly kubeconfigPath: string }
  | { readonly type: 'unavailable'; readonly reason: string };

declare module 'vitest' {
  interface ProvidedContext {
    readonly cluster: SharedCluster;
  }
}

/** vitest's global setup. @returns its teardown */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await findCluster();
  if (cluster.type === 'unavailable') console.warn(`The cluster tier is SKIPPED: ${cluster.reason}`);
  else await furnish(cluster);
  project.provide('cluster', cluster);
  return async () => {
    if (cluster.type === 'started') await stopControlPlane(cluster.state);
  };
}

/** @throws in CI, where a tier that cannot run is a failure */
async function findCluster(): Promise<SharedCluster> {
  const kubeconfigPath = process.env['KUBECONFIG_FOR_TESTS'];
  if (kubeconfigPath) return { type: 'given', kubeconfigPath };
  try {
    return { type: 'started', state: await startControlPlane() };
  } catch (error) {
    const isExcused = error instanceof NoGoError && process.env['CI'] !== 'true';
    if (!isExcused) throw error;
    return { type: 'unavailable', reason: error.message };
  }
}

async function furnish(cluster: Exclude<SharedCluster, { type: 'unavailable' }>): Promise<void> {
  const kubeconfigPath = cluster.type === 'given' ? cluster.kubeconfigPath : cluster.state.kubeconfigPath;
  const connection = await loadConnection({ environment: { KUBECONFIG: kubeconfigPath }, clock: realClock });
  const client = await RawClient.open(connection);
  const applier = new Applier(client);
  for (const definition of await readDefinitions()) await applier.applyObject(definition, 'default');
  await eventually(async () => {
    const { body } = await client.send('/apis/generators.external-secrets.io/v1alpha1/webhooks');
    if (textAt(body, 'kind') !== 'WebhookList') throw new Error('the definitions are not served yet');
  });
  client.close();
}
