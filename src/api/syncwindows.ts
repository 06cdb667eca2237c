/** When periodic refreshes may run. */
import { z } from 'zod';
import { duration } from './dialect.ts';
import type { Immutable } from './metadata.ts';

export const SyncWindow = z.object({
  schedule: z
    .string()
    .min(1)
    .regex(/^(@(annually|yearly|monthly|weekly|daily|midnight|hourly)|@every [^\s]+.*|[^\s]+( [^\s]+){4})$/)
    .describe('When the window opens: five cron fields or @daily and the like, in UTC.'),
  duration: duration().describe('How long it stays open, such as 1h30m.'),
});
export type SyncWindow = Immutable<z.output<typeof SyncWindow>>;

export const SyncWindows = z.object({
  kind: z.enum(['allow', 'deny']).describe('Whether refreshes run only inside the windows or only outside.'),
  windows: z.array(SyncWindow).min(1),
});
export type SyncWindows = Immutable<z.output<typeof SyncWindows>>;
