/** The cluster of `external-secrets dev`: the dev server with all kinds of this build. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import { customResourceDefinition } from '../../api/crd.ts';
import { extensionSchemas } from '../../api/extensions.ts';
import { allKinds } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { type DevServer, startDevServer } from '../../devserver/devserver.ts';
import { generators } from '../../generators/registry.generated.ts';
import { loadAll, type Registry } from '../../provider/registry.ts';
import { providers } from '../../providers/registry.generated.ts';
import type { Clock } from '../../runtime/clock.ts';

export interface DevCluster {
  readonly server: DevServer;
  readonly kubeconfigPath: string;
  /** For the operator's log and the kubeconfig; gone when the cluster stops. */
  readonly folder: string;
  stop(): Promise<void>;
}

export async function startCluster(options: {
  readonly clock: Clock;
  readonly port: number;
  readonly kubeconfigPath: string | undefined;
}): Promise<DevCluster> {
  const { clock, port } = options;
  const server = await startDevServer({ clock, port });
  server.load(await definitions());
  const folder = await mkdtemp(join(tmpdir(), 'external-secrets-dev-'));
  const kubeconfigPath = options.kubeconfigPath ?? join(folder, 'kubeconfig');
  await mkdir(dirname(kubeconfigPath), { recursive: true });
  await writeFile(kubeconfigPath, server.kubeconfig(), { mode: 0o600 });
  // The mode of a file that was there before is not changed by writing it.
  await chmod(kubeconfigPath, 0o600);
  return {
    server,
    kubeconfigPath,
    folder,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function definitions(): Promise<readonly KubeObject[]> {
  const kinds = allKinds(
    await extensionSchemas({
      providers: await schemasOf(providers),
      generators: await schemasOf(generators),
    }),
  );
  return kinds.map(customResourceDefinition);
}

async function schemasOf<T extends { readonly Spec: z.ZodType }>(
  registry: Registry<T>,
): Promise<Readonly<Record<string, z.ZodType>>> {
  return Object.fromEntries(Array.from(await loadAll(registry), ([name, { Spec }]) => [name, Spec]));
}
