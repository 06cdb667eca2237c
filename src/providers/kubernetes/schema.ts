/** What stands under `spec.provider.kubernetes`. */
import { z } from 'zod';
import { exactlyOne } from '../../api/dialect.ts';
import type { Immutable } from '../../api/metadata.ts';
import { CABundle, CAProvider, NamespaceName, SecretKeySelector, ServiceAccountSelector } from '../../api/refs.ts';

const Server = z.object({
  url: z.string().default('kubernetes.default').describe('Of the API server; https unless it says otherwise.'),
  caBundle: CABundle.optional().describe(
    'PEM certificates of the authorities that the server is trusted by, in base64.',
  ),
  caProvider: CAProvider.optional().describe('Where those certificates are kept.'),
});

const Auth = exactlyOne({
  cert: z
    .object({ clientCert: SecretKeySelector, clientKey: SecretKeySelector })
    .optional()
    .describe('A client certificate.'),
  serviceAccount: ServiceAccountSelector.optional().describe(
    'A ServiceAccount of this cluster, by a token made for it.',
  ),
  token: z.object({ bearerToken: SecretKeySelector }).optional().describe('A token that is kept in a Secret.'),
});

export const KubernetesSpec = z.object({
  server: Server.optional().describe('The API server to read from.'),
  auth: Auth.optional().describe('Who to be there; exactly one.'),
  authRef: SecretKeySelector.optional().describe('A kubeconfig that is kept in a Secret; instead of server and auth.'),
  remoteNamespace: NamespaceName.default('default').describe('The namespace to read from and push to.'),
});
export type KubernetesSpec = Immutable<z.output<typeof KubernetesSpec>>;
