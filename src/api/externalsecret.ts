/** ExternalSecret: which remote secrets become which Kubernetes Secret. */
import { z } from 'zod';
import { Condition } from './conditions.ts';
import { DataEntry, DataFromEntry } from './data.ts';
import { atomicMap, dateTime, duration, int64 } from './dialect.ts';
import type { Immutable, NamespacedObject } from './metadata.ts';
import { SecretStoreRef } from './refs.ts';
import { SyncWindows } from './syncwindows.ts';
import { Target } from './target.ts';

/** When the provider is read again; `Periodic` when it is not set. */
export const RefreshPolicy = z.enum(['CreatedOnce', 'Periodic', 'OnChange']);
export type RefreshPolicy = z.output<typeof RefreshPolicy>;

export const ExternalSecretSpec = z.object({
  secretStoreRef: SecretStoreRef.optional().describe('The store that entries are read from unless they name another.'),
  refreshPolicy: RefreshPolicy.optional().describe('Periodic (the default), CreatedOnce or OnChange.'),
  refreshInterval: duration().default('1h0m0s').describe('Time between reads, such as 30m; 0 reads only on changes.'),
  syncWindows: SyncWindows.optional().describe('When periodic refreshes may run.'),
  target: Target.default({ creationPolicy: 'Owner', deletionPolicy: 'Retain' }).describe('The Secret to write.'),
  data: z.array(DataEntry).optional().describe('Single keys. They win over dataFrom.'),
  dataFrom: z.array(DataFromEntry).optional().describe('Many keys at once; later entries win.'),
});
/** As the API server hands it out: with defaults. */
export type ExternalSecretSpec = Immutable<z.output<typeof ExternalSecretSpec>>;

export const ExternalSecretCondition = Condition.extend({ type: z.enum(['Ready', 'Deleted']) });
export type ExternalSecretCondition = Immutable<z.output<typeof ExternalSecretCondition>>;

/** What a dynamic engine lent: it ends unless it is replaced before. */
export const LeaseStatus = z.object({
  key: z.string().describe('The remote key that was read.'),
  id: z.string(),
  durationSeconds: int64().describe('Counted from refreshTime.'),
});
export type LeaseStatus = Immutable<z.output<typeof LeaseStatus>>;

export const ExternalSecretStatus = z.object({
  refreshTime: dateTime().nullable().optional().describe('When the last successful sync began.'),
  syncedResourceVersion: z.string().optional().describe('Names the state of this object that was synced last.'),
  conditions: z.array(ExternalSecretCondition).optional(),
  leases: z.array(LeaseStatus).optional().describe('Of values that a dynamic engine made; refreshed before they end.'),
  binding: atomicMap(z.object({ name: z.string().default('') }))
    .optional()
    .describe('The Secret, for servicebinding.io.'),
});
export type ExternalSecretStatus = Immutable<z.output<typeof ExternalSecretStatus>>;

/** What stands beside the metadata. A missing spec becomes an empty one, so that readers always find it. */
export const ExternalSecret = z.object({
  spec: ExternalSecretSpec.prefault({}),
  status: ExternalSecretStatus.optional(),
});

export interface ExternalSecret extends NamespacedObject {
  readonly spec: ExternalSecretSpec;
  readonly status?: ExternalSecretStatus | undefined;
}
