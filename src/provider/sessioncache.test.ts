import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../runtime/logger.ts';
import { FakeClock } from '../runtime/testing/fakeclock.ts';
import type { Session } from './context.ts';
import { SessionPool, type SessionPoolOptions } from './sessioncache.ts';

const never = new AbortController().signal;
const hourMs = 3_600_000;

interface World {
  readonly clock: FakeClock;
  readonly pool: SessionPool;
  /** Makes `token-1`, `token-2`… that live an hour. */
  readonly login: () => Promise<Session<string>>;
  readonly logins: () => number;
  readonly released: string[];
}

function world(options: Partial<SessionPoolOptions> = {}): World {
  const clock = new FakeClock();
  const pool = new SessionPool({ clock, log: silentLogger, random: () => 0, ...options });
  const released: string[] = [];
  let logins = 0;
  const login = async (): Promise<Session<string>> => {
    logins += 1;
    const release = async (value: string): Promise<void> => void released.push(value);
    return { value: `token-${logins}`, expiresAtMs: clock.now() + hourMs, release };
  };
  return { clock, pool, login, logins: () => logins, released };
}

describe('the session cache', () => {
  it('makes one session for all who ask for it at once', async () => {
    const { pool, login, logins } = world();
    const tokens = await Promise.all(Array.from({ length: 50 }, () => pool.get('aws/role', login, never)));
    expect(new Set(tokens)).toEqual(new Set(['token-1']));
    expect(logins()).toBe(1);
  });

  it('keeps sessions of different identities apart', async () => {
    const { pool, login } = world();
    expect(await pool.get('aws/role-a', login, never)).toBe('token-1');
    expect(await pool.get('aws/role-b', login, never)).toBe('token-2');
    expect(await pool.get('aws/role-a', login, never)).toBe('token-1');
  });

  it('renews before the end, handing out the old session meanwhile', async () => {
    const { clock, pool, login } = world();
    await pool.get('key', login, never);
    clock.advance(hourMs - 6 * 60_000);
    expect(await pool.get('key', login, never)).toBe('token-1');
    clock.advance(2 * 60_000);
    expect(await pool.get('key', login, never)).toBe('token-1');
    await clock.advanceAsync(0);
    expect(await pool.get('key', login, never)).toBe('token-2');
  });

  it('lets a session be prolonged instead of replaced, and does not give it back then', async () => {
    const { clock, pool, released } = world();
    const seen: (string | undefined)[] = [];
    const release = async (value: string): Promise<void> => void released.push(value);
    const prolong = async (_: AbortSignal, previous: string | undefined): Promise<Session<string>> => {
      seen.push(previous);
      return { value: previous ?? 'token', expiresAtMs: clock.now() + hourMs, release };
    };
    await pool.get('key', prolong, never);
    clock.advance(hourMs - 4 * 60_000);
    await pool.get('key', prolong, never);
    await clock.advanceAsync(10 * 60_000);
    expect(await pool.get('key', prolong, never)).toBe('token');
    expect(seen).toEqual([undefined, 'token']);
    expect(released).toEqual([]);
    await pool.close();
    expect(released).toEqual(['token']);
  });

  it('spreads renewals of sessions that were made together', async () => {
    const { clock, pool, login, logins } = world({ random: () => 0.999 });
    await pool.get('key', login, never);
    clock.advance(hourMs - 5.9 * 60_000);
    await pool.get('key', login, never);
    await clock.advanceAsync(0);
    expect(logins()).toBe(2);
  });

  it('goes on with the old session while renewing fails, without hammering the backend', async () => {
    const { clock, pool, login } = world();
    await pool.get('key', login, never);
    clock.advance(hourMs - 4 * 60_000);
    let attempts = 0;
    const failing = async (): Promise<Session<string>> => {
      attempts += 1;
      throw new Error('the identity service is down');
    };
    for (let second = 0; second < 60; second += 1) {
      expect(await pool.get('key', failing, never)).toBe('token-1');
      await clock.advanceAsync(1_000);
    }
    expect(attempts).toBe(2);
  });

  it('fails at last when the session has ended and cannot be renewed', async () => {
    const { clock, pool, login } = world();
    await pool.get('key', login, never);
    clock.advance(hourMs);
    const failing = () => Promise.reject(new Error('the identity service is down'));
    await expect(pool.get('key', failing, never)).rejects.toThrow('the identity service is down');
    expect(await pool.get('key', login, never)).toBe('token-2');
  });

  it('does not remember failures', async () => {
    const { pool, login } = world();
    await expect(pool.get('key', () => Promise.reject(new Error('refused')), never)).rejects.toThrow('refused');
    expect(await pool.get('key', login, never)).toBe('token-1');
  });

  it('hands out a session that has ended already, but does not keep it', async () => {
    const { clock, pool, logins, login } = world();
    const ended = async () => ({ ...(await login()), expiresAtMs: clock.now() - 1 });
    expect(await pool.get('key', ended, never)).toBe('token-1');
    expect(await pool.get('key', ended, never)).toBe('token-2');
    expect(logins()).toBe(2);
    expect(pool.size).toBe(0);
  });

  it('keeps a session without an end until it is dropped', async () => {
    const { clock, pool, released, login } = world();
    const endless = async (): Promise<Session<string>> => {
      const { value, release } = await login();
      return release === undefined ? { value } : { value, release };
    };
    await pool.get('key', endless, never);
    clock.advance(1_000 * hourMs);
    expect(await pool.get('key', endless, never)).toBe('token-1');
    pool.drop('key');
    expect(released).toEqual(['token-1']);
    expect(await pool.get('key', endless, never)).toBe('token-2');
  });

  it('lets one give up without harming the others', async () => {
    const { pool } = world();
    const { promise, resolve } = Promise.withResolvers<Session<string>>();
    const impatient = new AbortController();
    const left = pool.get('key', () => promise, impatient.signal);
    const stays = pool.get('key', () => promise, never);
    impatient.abort(new Error('given up'));
    await expect(left).rejects.toThrow('given up');
    resolve({ value: 'token' });
    expect(await stays).toBe('token');
  });

  it('starts anew after everybody gave up, and gives back what came too late', async () => {
    const { pool, login, released } = world();
    const { promise, resolve } = Promise.withResolvers<Session<string>>();
    const impatient = new AbortController();
    const left = pool.get('key', () => promise, impatient.signal);
    impatient.abort(new Error('given up'));
    await expect(left).rejects.toThrow('given up');
    expect(await pool.get('key', login, never)).toBe('token-1');
    resolve({ value: 'late', release: async (value) => void released.push(value) });
    await expect.poll(() => released).toEqual(['late']);
    expect(await pool.get('key', login, never)).toBe('token-1');
  });

  it('drops a refused session only if it still is the one that was refused', async () => {
    const { pool, login } = world();
    const refused = await pool.get('key', login, never);
    pool.drop('key', refused);
    expect(await pool.get('key', login, never)).toBe('token-2');
    pool.drop('key', refused);
    expect(await pool.get('key', login, never)).toBe('token-2');
  });

  it('gives a replaced session back after the calls under way had their time', async () => {
    const { clock, pool, login, released } = world();
    await pool.get('key', login, never);
    clock.advance(hourMs - 60_000);
    await pool.get('key', login, never);
    await clock.advanceAsync(1_000);
    expect(released).toEqual([]);
    await clock.advanceAsync(30_000);
    expect(released).toEqual(['token-1']);
  });

  it('pushes out the session that was not used for longest when there are too many', async () => {
    const { clock, pool, login, released } = world({ maxSessions: 2 });
    await pool.get('a', login, never);
    await pool.get('b', login, never);
    await pool.get('a', login, never);
    await pool.get('c', login, never);
    expect(pool.size).toBe(2);
    await clock.advanceAsync(60_000);
    expect(released).toEqual(['token-2']);
  });

  it('gives everything back at the end, even when the backend does not want it', async () => {
    const { clock, pool, login, released } = world();
    await pool.get('a', login, never);
    await pool.get('b', async () => ({ value: 'bad', release: () => Promise.reject(new Error('no')) }), never);
    clock.advance(hourMs - 60_000);
    await pool.get('a', login, never);
    await clock.advanceAsync(0);
    await pool.close();
    expect(released.sort()).toEqual(['token-1', 'token-2']);
    await expect(pool.get('a', login, never)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(clock.pendingTimers).toBe(0);
  });

  it('aborts logins that are under way at the end', async () => {
    const { pool } = world();
    const waiting = pool.get('key', () => new Promise<Session<string>>(() => undefined), never);
    const seen: AbortSignal[] = [];
    const other = pool.get(
      'other',
      (signal) => {
        seen.push(signal);
        return new Promise<Session<string>>((_, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        );
      },
      never,
    );
    await Promise.resolve();
    await pool.close();
    await expect(other).rejects.toMatchObject({ kind: 'unavailable' });
    expect(seen[0]?.aborted).toBe(true);
    await expect(waiting).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('never hands out a session that has ended, whatever the order of uses, waits and drops', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('get' as const), key: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ kind: fc.constant('drop' as const), key: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 400_000 }) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1, max: 600_000 }),
        async (steps, lifetimeMs) => {
          const clock = new FakeClock();
          const pool = new SessionPool({ clock, log: silentLogger, maxSessions: 2 });
          const create = async () => ({ value: clock.now() + lifetimeMs, expiresAtMs: clock.now() + lifetimeMs });
          for (const it of steps) {
            if (it.kind === 'get') expect(await pool.get(it.key, create, never)).toBeGreaterThan(clock.now());
            else if (it.kind === 'drop') pool.drop(it.key);
            else await clock.advanceAsync(it.ms);
            expect(pool.size).toBeLessThanOrEqual(2);
          }
          await pool.close();
        },
      ),
      { numRuns: 100 },
    );
  });
});
