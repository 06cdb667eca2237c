/** Where a world comes from. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDevServer } from '../../src/devserver/devserver.ts';
import { realClock } from '../../src/runtime/clock.ts';
import { restartApiServer } from './controlplane.ts';
import { readDefinitions } from './definitions.ts';
import type { SharedCluster } from './sharedcluster.ts';

export interface WorldSource {
  readonly type: 'devserver' | 'control-plane';
  readonly kubeconfigPath: string;
  /** Absent: the cluster is not ours to restart. */
  readonly restart?: (whileDown?: () => Promise<void>) => Promise<void>;
  stop(): Promise<void>;
}

/** A dev server of its own. */
export async function startDevWorld(): Promise<WorldSource> {
  const devServer = await startDevServer({ clock: realClock });
  devServer.load(await readDefinitions());
  const folder = await mkdtemp(join(tmpdir(), 'external-secrets-devserver-'));
  const kubeconfigPath = join(folder, 'kubeconfig');
  await writeFile(kubeconfigPath, devServer.kubeconfig());
  return {
    type: 'devserver',
    kubeconfigPath,
    restart: (whileDown) => devServer.restart(whileDown),
    async stop() {
      await devServer.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The cluster of the run, which goes on when this world ends. */
export function sharedCluster(cluster: SharedCluster): WorldSource {
  const shared = { type: 'control-plane', stop: () => Promise.resolve() } as const;
  switch (cluster.type) {
    case 'started': {
      const { state } = cluster;
      return {
        ...shared,
        kubeconfigPath: state.kubeconfigPath,
        restart: (whileDown) => restartApiServer(state, whileDown),
      };
    }
    case 'given':
      return { ...shared, kubeconfigPath: cluster.kubeconfigPath };
    case 'unavailable':
      throw new Error(cluster.reason);
  }
}
