/** SecretStore and ClusterSecretStore: where secrets are read from, and with whose credentials. */
import { z } from 'zod';
import { Condition } from './conditions.ts';
import { duration, exactlyOne, int32, intOrString } from './dialect.ts';
import { LabelSelector } from './labelselector.ts';
import type { ClusterObject, Immutable, NamespacedObject } from './metadata.ts';
import { NamespaceName } from './refs.ts';

/** Restricts a ClusterSecretStore to namespaces; the parts of one condition and several conditions are ORed. */
export const StoreCondition = z.object({
  namespaceSelector: LabelSelector.optional(),
  namespaces: z.array(NamespaceName).optional(),
  namespaceRegexes: z.array(z.string()).optional().describe('Expressions in RE2 syntax.'),
});
export type StoreCondition = Immutable<z.output<typeof StoreCondition>>;

export const RetrySettings = z.object({
  maxRetries: int32().optional(),
  retryInterval: duration().optional(),
});
export type RetrySettings = Immutable<z.output<typeof RetrySettings>>;

const specFields = {
  controller: z.string().optional().describe('The class of the controller that serves this store; empty: any.'),
  retrySettings: RetrySettings.optional().describe('How often a failed call is repeated, and after which time.'),
  refreshInterval: intOrString()
    .optional()
    .describe('Time between checks of this store: seconds or a duration such as 5m.'),
  conditions: z
    .array(StoreCondition)
    .optional()
    .describe('Namespaces that may use this ClusterSecretStore; empty: all.'),
};

export const SecretStoreStatus = z.object({
  capabilities: z.string().optional().describe('ReadOnly, WriteOnly or ReadWrite.'),
  conditions: z.array(Condition).optional(),
});
export type SecretStoreStatus = Immutable<z.output<typeof SecretStoreStatus>>;

/** The schemas of all providers by their key under `spec.provider`. */
export type ProviderSchemas = Readonly<Record<string, z.ZodType>>;

/** What stands beside the metadata of both kinds of store. The providers are given, because they know their own schemas. */
export function storeSchema(providers: ProviderSchemas): z.ZodObject {
  const members = Object.entries(providers).map(([name, schema]) => [name, schema.optional()] as const);
  return z.object({
    spec: z
      .object({
        provider: exactlyOne(Object.fromEntries(members)).describe('The provider and its settings.'),
        ...specFields,
      })
      .optional(),
    status: SecretStoreStatus.optional(),
  });
}

/** One member: the provider's name and its spec, which only the provider understands. */
export type StoreProvider = Readonly<Record<string, unknown>>;

const SpecFields = z.object(specFields);

export type SecretStoreSpec = Immutable<z.output<typeof SpecFields>> & { readonly provider: StoreProvider };

/** The API server takes stores without a spec, as ESO's CRDs do: they are never ready. */
export interface SecretStore extends NamespacedObject {
  readonly spec?: SecretStoreSpec | undefined;
  readonly status?: SecretStoreStatus | undefined;
}

export interface ClusterSecretStore extends ClusterObject {
  readonly spec?: SecretStoreSpec | undefined;
  readonly status?: SecretStoreStatus | undefined;
}

export type AnySecretStore = SecretStore | ClusterSecretStore;

/** The provider that a store names, with its spec; undefined when there is none or more than one. */
export function providerOf(store: AnySecretStore): { readonly name: string; readonly spec: unknown } | undefined {
  const [first, ...others] = Object.entries(store.spec?.provider ?? {});
  if (first === undefined || others.length > 0) return undefined;
  const [name, spec] = first;
  return { name, spec };
}
