import { describe, expect, it } from 'vitest';
import type { ExternalSecret } from '../../api/externalsecret.ts';
import { longestOverdueMs } from './overdue.ts';
import { externalSecretWith } from './testing/objects.ts';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const minuteMs = 60_000;
const noon = { schedule: '0 12 * * *', duration: '30m' };

/** Refreshed two hours ago. */
function refreshed(spec: object, status: object = {}): ExternalSecret {
  return {
    ...externalSecretWith({ refreshInterval: '1h', ...spec }),
    status: { refreshTime: '2026-03-01T10:00:00Z', conditions: [{ type: 'Ready', status: 'True' }], ...status },
  };
}

describe('the most overdue refresh', () => {
  it('is that of the ExternalSecret that should have been refreshed first', () => {
    const late = [refreshed({ refreshInterval: '110m' }), refreshed({}), refreshed({ refreshInterval: '90m' })];
    expect(longestOverdueMs(late, nowMs)).toBe(60 * minuteMs);
  });

  it.each<[string, ExternalSecret[]]>([
    ['there are none', []],
    ['its time has not come', [refreshed({ refreshInterval: '3h' })]],
    ['it is refreshed on changes only', [refreshed({ refreshInterval: '0' })]],
    ['it is created once', [refreshed({ refreshPolicy: 'CreatedOnce' })]],
    ['its policy is OnChange', [refreshed({ refreshPolicy: 'OnChange' })]],
    ['it failed, which its condition says', [refreshed({}, { conditions: [{ type: 'Ready', status: 'False' }] })]],
    ['it was never synced', [refreshed({}, { refreshTime: null, conditions: [] })]],
    ['it is being deleted', [deleting(refreshed({}))]],
    ['a window holds it back', [refreshed({ syncWindows: { kind: 'deny', windows: [noon] } })]],
    ['the clock was wrong', [refreshed({}, { refreshTime: '2026-03-01T13:00:00Z' })]],
  ])('is none when %s', (_, externalSecrets) => {
    expect(longestOverdueMs(externalSecrets, nowMs)).toBe(0);
  });

  it('counts one whose window is open', () => {
    expect(longestOverdueMs([refreshed({ syncWindows: { kind: 'allow', windows: [noon] } })], nowMs)).toBe(
      60 * minuteMs,
    );
  });
});

function deleting(externalSecret: ExternalSecret): ExternalSecret {
  return {
    ...externalSecret,
    metadata: { ...externalSecret.metadata, deletionTimestamp: '2026-03-01T11:00:00Z' },
  };
}
