/** ClusterExternalSecret: the same ExternalSecret in many namespaces. */
import { z } from 'zod';
import { Condition } from './conditions.ts';
import { duration, stringMap } from './dialect.ts';
import { ExternalSecretSpec } from './externalsecret.ts';
import { LabelSelector } from './labelselector.ts';
import type { ClusterObject, Immutable } from './metadata.ts';
import { NamespaceName, ObjectName } from './refs.ts';

/** Labels and annotations that are handed to every object that is made. */
export const HandedDownMetadata = z.object({
  labels: stringMap().optional(),
  annotations: stringMap().optional(),
});
export type HandedDownMetadata = Immutable<z.output<typeof HandedDownMetadata>>;

/** A namespace in which the object could not be made, and why. */
export const FailedNamespace = z.object({
  namespace: z.string(),
  reason: z.string().optional(),
});
export type FailedNamespace = Immutable<z.output<typeof FailedNamespace>>;

export const ClusterExternalSecretSpec = z.object({
  externalSecretSpec: ExternalSecretSpec.describe('Spec of the ExternalSecrets.'),
  externalSecretName: ObjectName.optional().describe('Their name; this object’s own when empty.'),
  externalSecretMetadata: HandedDownMetadata.optional().describe('Their labels and annotations.'),
  namespaceSelectors: z.array(LabelSelector).optional().describe('Namespaces that match any of these.'),
  namespaceSelector: LabelSelector.optional().describe('Deprecated: use namespaceSelectors.'),
  namespaces: z.array(NamespaceName).optional().describe('Deprecated: use namespaceSelectors.'),
  refreshTime: duration().optional().describe('Time between checks of all namespaces, such as 1h.'),
});
export type ClusterExternalSecretSpec = Immutable<z.output<typeof ClusterExternalSecretSpec>>;

export const ClusterExternalSecretStatus = z.object({
  externalSecretName: z.string().optional(),
  provisionedNamespaces: z.array(z.string()).optional(),
  failedNamespaces: z.array(FailedNamespace).optional(),
  conditions: z.array(Condition).optional(),
});
export type ClusterExternalSecretStatus = Immutable<z.output<typeof ClusterExternalSecretStatus>>;

/** What stands beside the metadata. */
export const ClusterExternalSecret = z.object({
  spec: ClusterExternalSecretSpec.optional(),
  status: ClusterExternalSecretStatus.optional(),
});

export interface ClusterExternalSecret extends ClusterObject {
  readonly spec?: ClusterExternalSecretSpec | undefined;
  readonly status?: ClusterExternalSecretStatus | undefined;
}
