/** A kubeconfig that a user keeps in a Secret: only what stands in it counts, nothing of the operator's own machine. */
import type { ClusterConnection, Header } from '../../kube/connection.ts';
import { type KubeconfigContext, type KubeconfigUser, resolveContext } from '../../kube/kubeconfig.ts';
import { ProviderError } from '../../provider/errors.ts';

/**
 * The current context of the kubeconfig.
 * @param name how it is called in errors
 * @throws ProviderError `invalid`; also for commands, identity provider plugins and paths of files, by which whoever may
 * write the Secret could run programs in the operator's pod or read its files
 */
export async function connectionOfKubeconfig(name: string, kubeconfig: string): Promise<ClusterConnection> {
  const context = await resolve(name, kubeconfig);
  refuseForeign(name, context);
  const { cluster, user } = context;
  const authorization = authorizationOf(user);
  const tls = {
    ca: pem(cluster['certificate-authority-data']),
    cert: pem(user['client-certificate-data']),
    key: pem(user['client-key-data']),
    serverName: cluster['tls-server-name'],
    skipVerify: cluster['insecure-skip-tls-verify'] ?? false,
  };
  return {
    server: serverOf(name, cluster.server),
    namespace: context.namespace,
    proxyUrl: cluster['proxy-url'],
    headers: impersonation(user),
    tls: async () => tls,
    authorization: () => authorization,
    credentialsRefused() {},
  };
}

async function resolve(name: string, kubeconfig: string): Promise<KubeconfigContext> {
  try {
    return await resolveContext([{ path: name, text: kubeconfig }], undefined);
  } catch (error) {
    // Its messages name members and files, never values; its cause is left out because parsers quote.
    throw new ProviderError('invalid', error instanceof Error ? error.message : `${name} cannot be used`);
  }
}

function refuseForeign(name: string, { cluster, user }: KubeconfigContext): void {
  const foreign = [
    ['exec', user.exec],
    ['auth-provider', user['auth-provider']],
    ['tokenFile', user.tokenFile],
    ['client-certificate', user['client-certificate']],
    ['client-key', user['client-key']],
    ['certificate-authority', cluster['certificate-authority']],
  ] as const;
  for (const [member, value] of foreign) {
    if (value == null || value === '') continue;
    throw new ProviderError(
      'invalid',
      `${name} uses ${member}, which is only allowed on one's own machine; give the data itself`,
    );
  }
}

function serverOf(name: string, server: string): URL {
  if (!URL.canParse(server)) throw new ProviderError('invalid', `the server in ${name} is not a URL`);
  return new URL(server);
}

function authorizationOf(user: KubeconfigUser): string | undefined {
  if (user.token !== undefined && user.token !== '') return `Bearer ${user.token.trim()}`;
  if (user.username === undefined || user.username === '') return undefined;
  return `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`;
}

function impersonation(user: KubeconfigUser): Header[] {
  const groups = (user['as-groups'] ?? []).map((group): Header => ['impersonate-group', group]);
  const uid: Header[] = user['as-uid'] === undefined ? [] : [['impersonate-uid', user['as-uid']]];
  return [...groups, ...uid, ...(user.as === undefined ? [] : [['impersonate-user', user.as] satisfies Header])];
}

function pem(data: string | undefined): string | undefined {
  return data === undefined || data === '' ? undefined : Buffer.from(data, 'base64').toString('utf8');
}
