import { describe, expect, it } from 'vitest';
import { ApiError } from '../../kube/errors.ts';
import { ProviderError, type ProviderErrorKind } from '../../provider/errors.ts';
import { TerminalError, WaitError } from '../../runtime/errors.ts';
import { type Retry, readyCondition, retryOf, SyncError, step } from './outcome.ts';

const provider = (kind: ProviderErrorKind, retryAfterMs?: number): ProviderError =>
  new ProviderError(kind, 'm', retryAfterMs === undefined ? {} : { retryAfterMs });

describe('what happens after a failure', () => {
  it.each<[string, Error, Retry]>([
    ['the user must act', new TerminalError('SecretSyncedError', 'm'), { kind: 'nextRefresh' }],
    ['the request can never succeed', provider('invalid'), { kind: 'nextRefresh' }],
    ['the remote secret is missing', provider('notFound'), { kind: 'slowBackoff' }],
    ['the credentials are refused', provider('denied'), { kind: 'slowBackoff' }],
    ['the backend is away', provider('unavailable'), { kind: 'outage' }],
    ['the backend does not answer', provider('timeout'), { kind: 'outage' }],
    ['the backend wants less', provider('throttled'), { kind: 'backoff' }],
    ['the backend says when', provider('throttled', 7_000), { kind: 'after', delayMs: 7_000 }],
    ['it only needs time', new WaitError('R', 'm', { retryAfterMs: 5_000 }), { kind: 'after', delayMs: 5_000 }],
    ['anything else', new Error('m'), { kind: 'backoff' }],
  ])('when %s', (_, error, retry) => {
    expect(retryOf(error)).toEqual(retry);
    expect(retryOf(new SyncError('getData', error))).toEqual(retry);
  });
});

describe('a step of a sync', () => {
  it('opens the message with what was being done, and keeps the cause', async () => {
    const cause = provider('denied');
    const failing = step('getData', () => Promise.reject(cause));
    await expect(failing).rejects.toMatchObject({ message: 'could not get secret data from provider: m', cause });
  });

  it('lets a conflict pass: it is no failure of the object', async () => {
    const conflict = new ApiError('m', { status: 409, reason: 'Conflict' });
    await expect(step('update', () => Promise.reject(conflict))).rejects.toBe(conflict);
  });
});

describe('the Ready condition', () => {
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'SecretSynced',
    message: 'm',
    lastTransitionTime: 'then',
  } as const;

  it.each([
    ['stays when the status stays', 'True', 'then'],
    ['moves when the status changes', 'False', 'now'],
  ] as const)('its transition time %s', (_, status, time) => {
    const [condition] = readyCondition([ready], { status, reason: 'R', message: 'n' }, 'now');
    expect(condition).toEqual({ type: 'Ready', status, reason: 'R', message: 'n', lastTransitionTime: time });
  });

  it('leaves other conditions alone', () => {
    const other = { type: 'Deleted', status: 'True' } as const;
    expect(readyCondition([other], { status: 'True', reason: 'R', message: 'n' }, 'now')).toContainEqual(other);
  });
});
