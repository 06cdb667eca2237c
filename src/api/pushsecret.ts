/** PushSecret: which Kubernetes Secret becomes which remote secrets. */
import { z } from 'zod';
import { Condition } from './conditions.ts';
import { dateTime, duration, exactlyOne, freeJson } from './dialect.ts';
import { LabelSelector } from './labelselector.ts';
import type { Immutable, NamespacedObject } from './metadata.ts';
import { PushConversionStrategy, PushDataTo, PushStoreRef } from './pushdatato.ts';
import { GeneratorRef, ObjectName } from './refs.ts';
import { Template } from './template.ts';

export const PushRemoteRef = z.object({
  remoteKey: z.string().describe("The provider's name of the secret."),
  property: z.string().optional().describe('The part of the remote value to set.'),
});
export type PushRemoteRef = Immutable<z.output<typeof PushRemoteRef>>;

export const PushData = z.object({
  match: z.object({
    secretKey: z.string().optional().describe('The key to push; the whole Secret when empty.'),
    remoteRef: PushRemoteRef,
  }),
  metadata: freeJson().optional().describe("The provider's own settings for the remote secret."),
  conversionStrategy: PushConversionStrategy.default('None'),
});
export type PushData = Immutable<z.output<typeof PushData>>;

/** Names one Secret, or all that match. */
export const PushSourceSecret = z.object({
  name: ObjectName.optional(),
  selector: LabelSelector.optional(),
});

export const PushSource = exactlyOne({
  secret: PushSourceSecret.optional(),
  generatorRef: GeneratorRef.optional(),
});
export type PushSource = Immutable<z.output<typeof PushSource>>;

export const PushSecretSpec = z.object({
  secretStoreRefs: z.array(PushStoreRef).describe('The stores to push to.'),
  selector: PushSource.describe('What is pushed.'),
  refreshInterval: duration().default('1h0m0s').describe('Time between pushes, such as 30m; 0 pushes once a change.'),
  updatePolicy: z
    .enum(['Replace', 'IfNotExists'])
    .default('Replace')
    .describe('What happens to remote secrets that exist.'),
  deletionPolicy: z
    .enum(['Delete', 'None'])
    .default('None')
    .describe('Whether remote secrets go with the PushSecret or the entry.'),
  data: z.array(PushData).optional().describe('Single keys. They win over dataTo.'),
  dataTo: z.array(PushDataTo).optional().describe('Many keys at once.'),
  template: Template.optional().describe('Changes the Secret on its way.'),
});
export type PushSecretSpec = Immutable<z.output<typeof PushSecretSpec>>;

/** What was pushed: by `Kind/store`, then by `remoteKey[/property]`. */
export const SyncedPushSecrets = z.record(z.string(), z.record(z.string(), PushData));
export type SyncedPushSecrets = Immutable<z.output<typeof SyncedPushSecrets>>;

export const PushSecretStatus = z.object({
  refreshTime: dateTime().nullable().optional(),
  syncedResourceVersion: z.string().optional(),
  syncedPushSecrets: SyncedPushSecrets.optional(),
  conditions: z.array(Condition).optional(),
});
export type PushSecretStatus = Immutable<z.output<typeof PushSecretStatus>>;

/** What stands beside the metadata. */
export const PushSecret = z.object({
  spec: PushSecretSpec.optional(),
  status: PushSecretStatus.optional(),
});

export interface PushSecret extends NamespacedObject {
  readonly spec?: PushSecretSpec | undefined;
  readonly status?: PushSecretStatus | undefined;
}
