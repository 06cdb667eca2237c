/** A kubeconfig for this server. */
import { stringify } from 'yaml';

export interface KubeconfigOptions {
  readonly url: string;
  readonly caCertificate: string;
  readonly token: string;
}

const name = 'external-secrets-dev';

export function kubeconfigYaml({ url, caCertificate, token }: KubeconfigOptions): string {
  const authority = Buffer.from(caCertificate).toString('base64');
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server: url, 'certificate-authority-data': authority } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'default' } }],
    users: [{ name, user: { token } }],
  });
}
