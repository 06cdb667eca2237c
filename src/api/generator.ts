/** What all generator kinds have in common; their specs are their own. */
import { z } from 'zod';
import { Condition } from './conditions.ts';
import { exactlyOne } from './dialect.ts';
import type { ClusterObject, Immutable, NamespacedObject } from './metadata.ts';
import { GeneratorKind } from './refs.ts';

export const GeneratorStatus = z.object({
  conditions: z.array(Condition).optional(),
});

/** Any kind of generator; only the generator itself understands its spec. */
export interface GeneratorObject extends NamespacedObject {
  readonly spec?: unknown;
}

const LocalGeneratorKind = GeneratorKind.exclude(['ClusterGenerator']);
/** The kinds that make values: all but ClusterGenerator, which only holds one of them. */
export type LocalGeneratorKind = z.output<typeof LocalGeneratorKind>;

export const localGeneratorKinds: readonly LocalGeneratorKind[] = LocalGeneratorKind.options;

/** The schemas of all generators by kind. */
export type GeneratorSchemas = Readonly<Record<LocalGeneratorKind, z.ZodType>>;

/** The members of `spec.generator` of a ClusterGenerator, by the kind they hold. */
export const clusterSpecKeys: Readonly<Record<LocalGeneratorKind, string>> = {
  ACRAccessToken: 'acrAccessTokenSpec',
  BeyondtrustWorkloadCredentialsDynamicSecret: 'beyondtrustWorkloadCredentialsDynamicSecretSpec',
  CloudsmithAccessToken: 'cloudsmithAccessTokenSpec',
  ECRAuthorizationToken: 'ecrAuthorizationTokenSpec',
  Fake: 'fakeSpec',
  GCRAccessToken: 'gcrAccessTokenSpec',
  GithubAccessToken: 'githubAccessTokenSpec',
  GitlabDeployToken: 'gitlabDeployTokenSpec',
  QuayAccessToken: 'quayAccessTokenSpec',
  Password: 'passwordSpec',
  SSHKey: 'sshKeySpec',
  STSSessionToken: 'stsSessionTokenSpec',
  UUID: 'uuidSpec',
  VaultDynamicSecret: 'vaultDynamicSecretSpec',
  Webhook: 'webhookSpec',
  Grafana: 'grafanaSpec',
  MFA: 'mfaSpec',
};

/** What stands beside the metadata of one generator kind. */
export function generatorSchema(spec: z.ZodType): z.ZodObject {
  return z.object({ spec: spec.optional(), status: GeneratorStatus.optional() });
}

/** What stands beside the metadata of a ClusterGenerator. */
export function clusterGeneratorSchema(generators: GeneratorSchemas): z.ZodObject {
  const members = localGeneratorKinds.map((kind) => [clusterSpecKeys[kind], generators[kind].optional()] as const);
  return z.object({
    spec: z
      .object({
        kind: LocalGeneratorKind.describe('The kind of generator.'),
        generator: exactlyOne(Object.fromEntries(members)).describe('The spec of that kind; exactly one.'),
      })
      .optional(),
    status: GeneratorStatus.optional(),
  });
}

export interface ClusterGenerator extends ClusterObject {
  readonly spec?: ClusterGeneratorSpec | undefined;
}

export interface ClusterGeneratorSpec {
  readonly kind: LocalGeneratorKind;
  /** One member, named by `clusterSpecKeys[kind]`. */
  readonly generator: Immutable<Record<string, unknown>>;
}
