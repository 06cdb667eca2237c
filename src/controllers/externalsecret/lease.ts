/** Leases of dynamic credentials: when the values have to be replaced because they are about to end. Pure. */
import { hash } from 'node:crypto';
import type { ExternalSecret, LeaseStatus } from '../../api/externalsecret.ts';
import type { RemoteSecret } from '../../provider/provider.ts';

/** The part of a lease after which it is replaced, so that a backend that is away for a while does no harm. */
const usedPart = 2 / 3;
/** Leases that were made together are replaced up to this part of that time earlier, each at its own moment. */
const jitter = 0.1;

/** What was read for one remote key. */
export interface ReadSecret {
  readonly key: string;
  readonly secret: RemoteSecret;
}

/** Each lease once, however many entries were read from it. */
export function leasesOf(read: readonly ReadSecret[]): readonly LeaseStatus[] {
  const leases = new Map<string, LeaseStatus>();
  for (const { key, secret } of read) {
    if (secret.lease === undefined) continue;
    const { id, durationMs } = secret.lease;
    leases.set(id, { key, id, durationSeconds: Math.floor(durationMs / 1000) });
  }
  return [...leases.values()];
}

/**
 * Epoch milliseconds at which the first lease has to be replaced; undefined without leases that end. The moment is the
 * same after a restart: a lease that still holds is not read again.
 */
export function leaseDueAtMs({ metadata, status }: Pick<ExternalSecret, 'metadata' | 'status'>): number | undefined {
  const durations = (status?.leases ?? [])
    .map(({ durationSeconds }) => durationSeconds)
    .filter((seconds) => seconds > 0);
  if (durations.length === 0 || !status?.refreshTime) return undefined;
  const spread = hash('sha1', metadata.uid, 'buffer').readUInt32BE(0) / 2 ** 32;
  return Date.parse(status.refreshTime) + Math.min(...durations) * 1000 * usedPart * (1 - jitter * spread);
}
