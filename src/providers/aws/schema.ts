/** What stands under `spec.provider.aws`. */
import { z } from 'zod';
import { int64, stringMap, withRules } from '../../api/dialect.ts';
import type { Immutable } from '../../api/metadata.ts';
import { SecretKeySelector, ServiceAccountSelector } from '../../api/refs.ts';

/** The session tags that `sessionTagsPolicy` adds by itself. */
export const reservedTagKeys = ['esoNamespace', 'esoStoreName', 'esoStoreKind'] as const;

const SecretRef = z.object({
  accessKeyIDSecretRef: SecretKeySelector.optional(),
  secretAccessKeySecretRef: SecretKeySelector.optional(),
  sessionTokenSecretRef: SecretKeySelector.optional().describe('Of temporary credentials.'),
});

const AwsAuth = z.object({
  secretRef: SecretRef.optional().describe('Access keys that are kept in Secrets.'),
  jwt: z
    .object({
      serviceAccountRef: ServiceAccountSelector.optional().describe(
        'A ServiceAccount with the annotation eks.amazonaws.com/role-arn.',
      ),
    })
    .optional()
    .describe('The IAM role of a ServiceAccount (IRSA).'),
});
export type AwsAuth = Immutable<z.output<typeof AwsAuth>>;

const CustomSessionTags = withRules(stringMap(), {
  cel: reservedTagKeys.map((key) => `!('${key}' in self)`).join(' && '),
  message: `${reservedTagKeys.join(', ')} are added by themselves`,
  holds: (tags) => reservedTagKeys.every((key) => !(key in tags)),
});

const SecretsManager = z.object({
  forceDeleteWithoutRecovery: z.boolean().optional().describe('Delete pushed secrets at once.'),
  recoveryWindowInDays: int64().optional().describe('Days in which a deleted secret can be restored: 7 to 30.'),
});

export const AwsSpec = z.object({
  service: z.enum(['SecretsManager', 'ParameterStore', 'CertificateManager']).describe('What to read from.'),
  region: z.string().describe('Such as eu-central-1.'),
  auth: AwsAuth.optional().describe("Who to be; none: the operator's own identity."),
  role: z.string().optional().describe('ARN of a role to assume before anything is read.'),
  additionalRoles: z.array(z.string()).optional().describe('ARNs of roles to assume one after the other before role.'),
  externalID: z.string().optional().describe('External id that the role demands.'),
  sessionTags: z
    .array(z.object({ key: z.string(), value: z.string() }))
    .optional()
    .describe('Session tags for the role.'),
  transitiveTagKeys: z.array(z.string()).optional().describe('Session tags that are handed on in role chains.'),
  sessionTagsPolicy: z
    .enum(['None', 'Simple', 'Custom'])
    .default('None')
    .describe('Simple adds session tags that say which store asks; Custom also adds customSessionTags.'),
  customSessionTags: CustomSessionTags.optional().describe('Session tags under sessionTagsPolicy Custom.'),
  secretsManager: SecretsManager.optional().describe('How pushed secrets are deleted.'),
  prefix: z.string().optional().describe('Put before every key.'),
});
export type AwsSpec = Immutable<z.output<typeof AwsSpec>>;
