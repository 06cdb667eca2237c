import { describe, expect, it } from 'vitest';
import { formatTable, isReady, isSettled, rowOf, type Watched } from './table.ts';

const createdAt = '2026-01-01T00:00:00Z';
const createdAtMs = Date.parse(createdAt);

function objectWith(ready: { status: string; reason: string; message?: string } | undefined): Watched {
  return {
    metadata: { name: 'db', namespace: 'production', creationTimestamp: createdAt },
    ...(ready !== undefined && { status: { conditions: [{ type: 'Ready', ...ready }] } }),
  };
}

describe('the table of dev', () => {
  it('says why an object is not ready', () => {
    const object = objectWith({ status: 'False', reason: 'SecretSyncedError', message: 'no such key' });
    expect(rowOf('ExternalSecret', object, createdAtMs + 5_000)).toEqual({
      kind: 'ExternalSecret',
      name: 'production/db',
      status: 'SecretSyncedError',
      age: '5s',
      cause: 'no such key',
    });
    expect([isSettled(object), isReady(object)]).toEqual([true, false]);
  });

  it('shows what nobody looked at yet as waiting', () => {
    const object = objectWith(undefined);
    expect(rowOf('ExternalSecret', object, createdAtMs).status).toBe('waiting');
    expect(isSettled(object)).toBe(false);
  });

  it.each([
    [119_000, '119s'],
    [120_000, '2m'],
    [7_199_000, '119m'],
    [7_200_000, '2h'],
    [-5_000, '0s'],
  ])('shows an age of %i ms as %s', (ageMs, text) => {
    expect(rowOf('SecretStore', objectWith(undefined), createdAtMs + ageMs).age).toBe(text);
  });

  it('has columns as wide as their content, and no line wider than the terminal', () => {
    const ready = rowOf('SecretStore', objectWith({ status: 'True', reason: 'Valid' }), createdAtMs);
    const failed = rowOf(
      'ExternalSecret',
      objectWith({ status: 'False', reason: 'X', message: 'm'.repeat(200) }),
      createdAtMs,
    );
    const lines = formatTable([ready, failed], 60).split('\n');
    expect(lines[0]).toBe('KIND            NAME           STATUS  AGE  CAUSE');
    expect(lines[1]).toBe('SecretStore     production/db  Valid   0s');
    expect(lines[2]).toHaveLength(60);
  });
});
