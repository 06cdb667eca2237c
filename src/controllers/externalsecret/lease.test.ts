import { describe, expect, it } from 'vitest';
import type { RemoteSecret } from '../../provider/provider.ts';
import { leaseDueAtMs, leasesOf } from './lease.ts';

const readAt = '2026-01-01T00:00:00Z';
const readAtMs = Date.parse(readAt);

function secretWith(lease: RemoteSecret['lease']): RemoteSecret {
  return { ...(lease !== undefined && { lease }), value: () => new Uint8Array(), map: () => new Map() };
}

function objectWith(durationsSeconds: readonly number[], uid = 'a') {
  const leases = durationsSeconds.map((durationSeconds, index) => ({
    key: 'k',
    id: `lease-${index}`,
    durationSeconds,
  }));
  return { metadata: { name: 'n', namespace: 'ns', uid }, status: { refreshTime: readAt, leases } };
}

describe('leases of dynamic credentials', () => {
  it('are kept once, however many entries were read from them', () => {
    const lease = { id: 'database/creds/app/1', durationMs: 3_600_500, renewable: true };
    const entry = { key: 'database/creds/app', secret: secretWith(lease) };
    expect(leasesOf([entry, entry, { key: 'static', secret: secretWith(undefined) }])).toEqual([
      { key: 'database/creds/app', id: 'database/creds/app/1', durationSeconds: 3_600 },
    ]);
  });

  it('are replaced within the last tenth before two thirds of the shortest', () => {
    for (const uid of ['a', 'b', 'c', 'd']) {
      const dueInMs = (leaseDueAtMs(objectWith([3_600, 900], uid)) ?? 0) - readAtMs;
      expect(dueInMs).toBeGreaterThanOrEqual(540_000);
      expect(dueInMs).toBeLessThanOrEqual(600_000);
    }
  });

  it('are due at the same moment after a restart', () => {
    expect(leaseDueAtMs(objectWith([900]))).toBe(leaseDueAtMs(objectWith([900])));
  });

  it.each([
    ['there are none', objectWith([])],
    ['none ends', objectWith([0])],
    ['nothing was synced yet', { ...objectWith([900]), status: { leases: [] } }],
  ])('are never due when %s', (_, object) => {
    expect(leaseDueAtMs(object)).toBeUndefined();
  });
});
