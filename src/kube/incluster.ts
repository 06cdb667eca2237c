/** The connection of a pod to its own cluster, by its ServiceAccount. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../lib/clock.ts';
import type { ClusterConnection } from './connection.ts';
import { TokenFile } from './tokenfile.ts';

/** Where the kubelet puts a pod's account. */
export const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface InClusterOptions {
  /** `KUBERNETES_SERVICE_HOST` and `KUBERNETES_SERVICE_PORT`. */
  readonly host: string;
  readonly port: string;
  readonly folder: string;
  readonly clock: Clock;
}

export async function inClusterConnection(options: InClusterOptions): Promise<ClusterConnection> {
  const { host, port, folder, clock } = options;
  const token = new TokenFile(join(folder, 'token'), clock);
  return {
    server: new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`),
    namespace: (await readFile(join(folder, 'namespace'), 'utf8')).trim(),
    tls: async () => ({ ca: await readFile(join(folder, 'ca.crt'), 'utf8') }),
    authorization: () => token.authorization(),
    credentialsRefused: () => token.expire(),
  };
}
