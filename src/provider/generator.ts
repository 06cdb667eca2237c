/** The contract of a generator: an object that makes values instead of reading them. */
import type { z } from 'zod';
import type { ConnectContext } from './context.ts';
import type { SecretMap } from './provider.ts';

/**
 * A generator is one folder under `src/generators` whose `index.ts` exports one value of this type, named `generator`.
 * Its calls are never shared between ExternalSecrets and nothing of them is kept.
 */
export interface Generator<Spec = unknown> {
  /** The kind in group `generators.external-secrets.io`; `ClusterGenerator` names it in `spec.kind`. */
  readonly kind: string;
  /** The member of a ClusterGenerator's `spec.generator` that holds its spec, such as `passwordSpec`. */
  readonly clusterSpecKey: string;
  readonly Spec: z.ZodType<Spec>;
  /** @throws ProviderError */
  generate(spec: Spec, context: GeneratorContext): Promise<Generated>;
  /** Takes back what `generate` made outside the cluster, from the state it returned. */
  cleanup?(spec: Spec, state: unknown, context: GeneratorContext): Promise<void>;
}

/** A generator works in the namespace of the object that asks, whatever the scope of the generator itself. */
export type GeneratorContext = Omit<ConnectContext, 'store'>;

export interface Generated {
  readonly values: SecretMap;
  /** What `cleanup` needs; free of secret values. Absent: there is nothing to clean. */
  readonly state?: unknown;
}
