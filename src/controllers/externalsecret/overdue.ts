/** How late refreshes are, judged as a person would who looks at the objects: nothing of the queue is believed. */
import { findCondition } from '../../api/conditions.ts';
import type { ExternalSecret } from '../../api/externalsecret.ts';
import { refreshIntervalMs } from './gather.ts';
import { isPermitted } from './syncwindow.ts';

/**
 * How long the most overdue refresh has been due, in milliseconds; 0 when none is. ExternalSecrets that are not ready
 * are left out: their conditions say so. These here claim to be in step.
 */
export function longestOverdueMs(externalSecrets: Iterable<ExternalSecret>, nowMs: number): number {
  let longestMs = 0;
  for (const externalSecret of externalSecrets) {
    const lateMs = overdueMs(externalSecret, nowMs);
    // Windows cost the most to evaluate, so they come last.
    if (lateMs > longestMs && mayRefresh(externalSecret, nowMs)) longestMs = lateMs;
  }
  return longestMs;
}

function mayRefresh({ spec }: ExternalSecret, nowMs: number): boolean {
  return spec.syncWindows === undefined || isPermitted(spec.syncWindows, nowMs);
}

function overdueMs(externalSecret: ExternalSecret, nowMs: number): number {
  const { metadata, spec, status } = externalSecret;
  const isPeriodic = spec.refreshPolicy !== 'CreatedOnce' && spec.refreshPolicy !== 'OnChange';
  const isReady = findCondition(status?.conditions, 'Ready')?.status === 'True';
  if (!isPeriodic || !isReady || metadata.deletionTimestamp !== undefined || !status?.refreshTime) return 0;
  const intervalMs = refreshIntervalMs(externalSecret);
  return intervalMs > 0 ? nowMs - Date.parse(status.refreshTime) - intervalMs : 0;
}
