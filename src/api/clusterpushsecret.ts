/** ClusterPushSecret: the same PushSecret in many namespaces. */
import { z } from 'zod';
import { FailedNamespace, HandedDownMetadata } from './clusterexternalsecret.ts';
import { Condition } from './conditions.ts';
import { duration } from './dialect.ts';
import { LabelSelector } from './labelselector.ts';
import type { ClusterObject, Immutable } from './metadata.ts';
import { PushSecretSpec } from './pushsecret.ts';
import { ObjectName } from './refs.ts';

export const ClusterPushSecretSpec = z.object({
  pushSecretSpec: PushSecretSpec.describe('Spec of the PushSecrets.'),
  pushSecretName: ObjectName.optional().describe('Their name; this object’s own when empty.'),
  pushSecretMetadata: HandedDownMetadata.optional().describe('Their labels and annotations.'),
  namespaceSelectors: z.array(LabelSelector).optional().describe('Namespaces that match any of these.'),
  refreshTime: duration().optional().describe('Time between checks of all namespaces, such as 1h.'),
});
export type ClusterPushSecretSpec = Immutable<z.output<typeof ClusterPushSecretSpec>>;

export const ClusterPushSecretStatus = z.object({
  pushSecretName: z.string().optional(),
  provisionedNamespaces: z.array(z.string()).optional(),
  failedNamespaces: z.array(FailedNamespace).optional(),
  conditions: z.array(Condition).optional(),
});
export type ClusterPushSecretStatus = Immutable<z.output<typeof ClusterPushSecretStatus>>;

/** What stands beside the metadata. */
export const ClusterPushSecret = z.object({
  spec: ClusterPushSecretSpec.optional(),
  status: ClusterPushSecretStatus.optional(),
});

export interface ClusterPushSecret extends ClusterObject {
  readonly spec?: ClusterPushSecretSpec | undefined;
  readonly status?: ClusterPushSecretStatus | undefined;
}
