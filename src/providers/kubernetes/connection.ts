/** From a store's spec to a way to its API server. */
import type { ClusterConnection, TlsMaterial } from '../../kube/connection.ts';
import { proxyFor } from '../../kube/proxy.ts';
import type { ConnectContext } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';
import { connectionOfKubeconfig } from './kubeconfig.ts';
import type { KubernetesSpec } from './schema.ts';
import { type Authorization, serviceAccountAuthorization } from './serviceaccount.ts';

const defaultUrl = 'kubernetes.default';

const anonymous: Authorization = { header: () => undefined, refused() {} };

/** @throws ProviderError `invalid` when the spec or what it refers to is incomplete */
export async function connectionOf(spec: KubernetesSpec, context: ConnectContext): Promise<ClusterConnection> {
  const connection =
    spec.authRef === undefined ? await fromSpec(spec, context) : await fromKubeconfig(spec.authRef, context);
  return { ...connection, proxyUrl: connection.proxyUrl ?? proxyFor(connection.server, context.settings.environment) };
}

async function fromKubeconfig(
  authRef: NonNullable<KubernetesSpec['authRef']>,
  { objects }: ConnectContext,
): Promise<ClusterConnection> {
  const kubeconfig = Buffer.from(await objects.secretKey(authRef)).toString('utf8');
  return connectionOfKubeconfig(`the kubeconfig in Secret ${authRef.name}`, kubeconfig);
}

async function fromSpec(spec: KubernetesSpec, context: ConnectContext): Promise<ClusterConnection> {
  const server = urlOf(spec.server?.url ?? defaultUrl);
  const ca = await context.objects.caBundle(spec.server ?? {});
  const { authorization, certificate } = await credentialsOf(spec, context);
  const tls: TlsMaterial = { ca, ...certificate };
  return {
    server,
    namespace: spec.remoteNamespace,
    tls: async () => tls,
    authorization: () => authorization.header(),
    credentialsRefused: () => authorization.refused(),
  };
}

interface Credentials {
  readonly authorization: Authorization;
  readonly certificate?: { readonly cert: string; readonly key: string };
}

async function credentialsOf({ auth }: KubernetesSpec, context: ConnectContext): Promise<Credentials> {
  const { objects } = context;
  if (auth?.serviceAccount !== undefined) {
    return { authorization: await serviceAccountAuthorization(auth.serviceAccount, context) };
  }
  if (auth?.token !== undefined) {
    // Files end with a line end, headers must not.
    const token = Buffer.from(await objects.secretKey(auth.token.bearerToken))
      .toString('utf8')
      .trim();
    return { authorization: { header: () => `Bearer ${token}`, refused() {} } };
  }
  if (auth?.cert !== undefined) {
    const [cert, key] = await Promise.all([
      objects.secretKey(auth.cert.clientCert),
      objects.secretKey(auth.cert.clientKey),
    ]);
    const certificate = { cert: Buffer.from(cert).toString('utf8'), key: Buffer.from(key).toString('utf8') };
    return { authorization: anonymous, certificate };
  }
  throw new ProviderError('invalid', 'the store has neither auth nor authRef');
}

function urlOf(url: string): URL {
  const full = url.includes('://') ? url : `https://${url}`;
  if (!URL.canParse(full)) throw new ProviderError('invalid', 'server.url is not a URL');
  return new URL(full);
}
