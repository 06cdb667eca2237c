/** Finds the cluster: a kubeconfig that was named, the pod's own cluster, or the user's kubeconfig. */
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Clock } from '../lib/clock.ts';
import type { ClusterConnection, Header } from './connection.ts';
import { credentialsOf, pemOf } from './credentials.ts';
import { inClusterConnection, serviceAccountFolder } from './incluster.ts';
import { type KubeconfigContext, type KubeconfigSource, resolveContext } from './kubeconfig.ts';
import { type ProxyEnvironment, proxyFor } from './proxy.ts';

/** The environment's variables, under their own names. */
export interface ClusterEnvironment extends ProxyEnvironment {
  /** One or several paths; those that do not exist are passed over. */
  readonly KUBECONFIG?: string | undefined;
  readonly KUBERNETES_SERVICE_HOST?: string | undefined;
  readonly KUBERNETES_SERVICE_PORT?: string | undefined;
  readonly HOME?: string | undefined;
}

export interface LoadConnectionOptions {
  readonly environment: ClusterEnvironment;
  readonly clock: Clock;
  /** Of the kubeconfig; absent: the current one. */
  readonly context?: string | undefined;
  /** Where a pod's account is; default: where the kubelet puts it. */
  readonly accountFolder?: string;
}

/**
 * Looks in the order of controller-runtime: KUBECONFIG, the pod's account, `~/.kube/config`.
 * @throws Error that says what was looked for
 */
export async function loadConnection(options: LoadConnectionOptions): Promise<ClusterConnection> {
  const { environment } = options;
  if (environment.KUBECONFIG) return fromFiles(environment.KUBECONFIG.split(delimiter), options);
  const inCluster = await fromPod(options);
  return inCluster ?? fromFiles([join(environment.HOME ?? '', '.kube', 'config')], options);
}

async function fromPod(options: LoadConnectionOptions): Promise<ClusterConnection | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = options.environment;
  const folder = options.accountFolder ?? serviceAccountFolder;
  if (!host || (await readIfPresent(join(folder, 'token'))) === undefined) return undefined;
  return throughProxy(await inClusterConnection({ host, port, folder, clock: options.clock }), options.environment);
}

async function fromFiles(paths: readonly string[], options: LoadConnectionOptions): Promise<ClusterConnection> {
  const sources: KubeconfigSource[] = [];
  for (const path of paths) {
    const text = path === '' ? undefined : await readIfPresent(path);
    if (text !== undefined) sources.push({ path, text });
  }
  if (sources.length === 0)
    throw new Error(`no cluster: not in a pod, and there is no kubeconfig at ${paths.join(', ')}`);
  const context = await resolveContext(sources, options.context);
  return throughProxy(connectionOf(context, options.clock), options.environment);
}

function connectionOf(context: KubeconfigContext, clock: Clock): ClusterConnection {
  const { cluster } = context;
  const credentials = credentialsOf(context, clock);
  return {
    server: new URL(cluster.server),
    namespace: context.namespace,
    proxyUrl: cluster['proxy-url'],
    headers: impersonation(context),
    async tls() {
      return {
        ca: await pemOf(cluster['certificate-authority-data'], cluster['certificate-authority']),
        ...(await credentials.certificate()),
        serverName: cluster['tls-server-name'],
        skipVerify: cluster['insecure-skip-tls-verify'] ?? false,
      };
    },
    authorization: () => credentials.authorization(),
    credentialsRefused: () => credentials.refused(),
  };
}

function impersonation({ user }: KubeconfigContext): Header[] {
  const headers: Header[] = (user['as-groups'] ?? []).map((group) => ['impersonate-group', group]);
  if (user['as-uid'] !== undefined) headers.push(['impersonate-uid', user['as-uid']]);
  if (user.as !== undefined) headers.push(['impersonate-user', user.as]);
  return headers;
}

/** The kubeconfig's own proxy counts before that of the environment. */
function throughProxy(connection: ClusterConnection, environment: ProxyEnvironment): ClusterConnection {
  if (connection.proxyUrl !== undefined && connection.proxyUrl !== '') return connection;
  return { ...connection, proxyUrl: proxyFor(connection.server, environment) };
}

/** @throws for a file that is there and cannot be read */
async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
