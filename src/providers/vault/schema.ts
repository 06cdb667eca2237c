/** What stands under `spec.provider.vault`. */
import { z } from 'zod';
import { int64, stringMap } from '../../api/dialect.ts';
import type { Immutable } from '../../api/metadata.ts';
import { CABundle, CAProvider, SecretKeySelector, ServiceAccountSelector } from '../../api/refs.ts';

const AppRole = z.object({
  path: z.string().default('approle').describe('Where the auth method is mounted.'),
  roleId: z.string().optional(),
  roleRef: SecretKeySelector.optional().describe('Where the role id is kept, instead of roleId.'),
  secretRef: SecretKeySelector.describe('Where the secret id is kept.'),
});

const Kubernetes = z.object({
  mountPath: z.string().default('kubernetes').describe('Where the auth method is mounted.'),
  role: z.string(),
  serviceAccountRef: ServiceAccountSelector.optional().describe('Who to be.'),
  secretRef: SecretKeySelector.optional().describe('A token that is kept in a Secret; key: token.'),
});

const Password = (mount: string) =>
  z.object({
    path: z.string().default(mount).describe('Where the auth method is mounted.'),
    username: z.string(),
    secretRef: SecretKeySelector.optional().describe('Where the password is kept.'),
  });

const Jwt = z.object({
  path: z.string().default('jwt').describe('Where the auth method is mounted.'),
  role: z.string().optional().describe("Default: the auth method's own default role."),
  secretRef: SecretKeySelector.optional().describe('A token that is kept in a Secret.'),
  kubernetesServiceAccountToken: z
    .object({
      serviceAccountRef: ServiceAccountSelector.describe('Who to be.'),
      audiences: z.array(z.string()).optional().describe('Default: vault.'),
      expirationSeconds: int64().optional().describe('Default: 600.'),
    })
    .optional()
    .describe('A token that is made for a ServiceAccount.'),
  serviceAccountRef: ServiceAccountSelector.optional().describe('The same in short, for the audience vault.'),
});

const Cert = z.object({
  path: z.string().default('cert').describe('Where the auth method is mounted.'),
  vaultRole: z.string().optional(),
  clientCert: SecretKeySelector.optional().describe('Certificate, and what it was signed with.'),
  secretRef: SecretKeySelector.optional().describe('Its private key.'),
});

const Iam = z.object({
  path: z.string().optional().describe('Where the auth method is mounted; default: aws.'),
  region: z.string().optional().describe('Default: us-east-1.'),
  role: z.string().optional().describe('An AWS role to assume first.'),
  vaultRole: z.string().describe('The role of Vault.'),
  externalID: z.string().optional().describe('What the AWS role wants to be told.'),
  vaultAwsIamServerID: z.string().optional().describe('The value of X-Vault-AWS-IAM-Server-ID.'),
  secretRef: z
    .object({
      accessKeyIDSecretRef: SecretKeySelector.optional(),
      secretAccessKeySecretRef: SecretKeySelector.optional(),
      sessionTokenSecretRef: SecretKeySelector.optional(),
    })
    .optional()
    .describe('An access key.'),
  jwt: z
    .object({ serviceAccountRef: ServiceAccountSelector.optional() })
    .optional()
    .describe('A ServiceAccount that is annotated with an AWS role.'),
});
export type IamAuth = Immutable<z.output<typeof Iam>>;

const Gcp = z.object({
  path: z.string().default('gcp').describe('Where the auth method is mounted.'),
  role: z.string(),
  projectID: z.string().optional(),
  location: z.string().optional(),
  secretRef: z
    .object({ secretAccessKeySecretRef: SecretKeySelector.optional() })
    .optional()
    .describe('A service account key.'),
  workloadIdentity: z
    .object({
      serviceAccountRef: ServiceAccountSelector.describe('Who to be: a ServiceAccount of this GKE cluster.'),
      clusterLocation: z.string().optional(),
      clusterName: z.string().optional(),
      clusterProjectID: z.string().optional(),
    })
    .optional(),
  serviceAccountRef: ServiceAccountSelector.optional().describe('The same in short.'),
});
export type GcpAuth = Immutable<z.output<typeof Gcp>>;

const Auth = z.object({
  namespace: z.string().optional().describe('Where to log in, if that is not the namespace of the secrets.'),
  tokenSecretRef: SecretKeySelector.optional().describe('A token that is kept in a Secret.'),
  appRole: AppRole.optional(),
  kubernetes: Kubernetes.optional(),
  ldap: Password('ldap').optional(),
  userPass: Password('userpass').optional(),
  jwt: Jwt.optional(),
  cert: Cert.optional().describe('The client certificate of the connection.'),
  iam: Iam.optional().describe('An identity of AWS.'),
  gcp: Gcp.optional().describe('An identity of Google Cloud.'),
});
export type VaultAuth = Immutable<z.output<typeof Auth>>;

export const VaultSpec = z.object({
  server: z.string().describe('URL of the server.'),
  path: z.string().optional().describe('Mount of the KV engine; default: the first segment of each key.'),
  version: z.enum(['v1', 'v2']).default('v2').describe('Of the KV engine.'),
  namespace: z.string().optional().describe('Of Vault Enterprise.'),
  auth: Auth.optional().describe('Who to be; the first that is set counts.'),
  caBundle: CABundle.optional().describe(
    'PEM certificates of the authorities that the server is trusted by, in base64.',
  ),
  caProvider: CAProvider.optional().describe('Where those certificates are kept.'),
  tls: z
    .object({ certSecretRef: SecretKeySelector.optional(), keySecretRef: SecretKeySelector.optional() })
    .optional()
    .describe('A client certificate for the connection.'),
  headers: stringMap().optional().describe('Sent with every request.'),
  readYourWrites: z.boolean().optional().describe('Reads wait for what was written before; Vault Enterprise.'),
  forwardInconsistent: z.boolean().optional().describe('Such reads are answered by the active node instead.'),
  checkAndSet: z
    .object({ required: z.boolean().optional() })
    .optional()
    .describe('Pushes name the version that they replace; version v2 always does.'),
});
export type VaultSpec = Immutable<z.output<typeof VaultSpec>>;
