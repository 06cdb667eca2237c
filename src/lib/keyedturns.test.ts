import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { KeyedTurns } from './keyedturns.ts';

describe('turns', () => {
  it('come one after the other for one key, in the order they were asked for', async () => {
    const turns = new KeyedTurns();
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await nextTurn();
      log.push(`${name} ends`);
    };
    await Promise.all(['a', 'b', 'c'].map((name) => turns.take('key', work(name))));
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('come at the same time for different keys', async () => {
    const turns = new KeyedTurns();
    const { promise, resolve } = Promise.withResolvers<string>();
    const first = turns.take('one', () => promise);
    await turns.take('two', async () => resolve('from the second'));
    expect(await first).toBe('from the second');
  });

  it('go on after work that failed, and tell its failure', async () => {
    const turns = new KeyedTurns();
    const failing = turns.take('key', () => Promise.reject(new Error('no luck')));
    const next = turns.take('key', async () => 'done');
    await expect(failing).rejects.toThrow('no luck');
    expect(await next).toBe('done');
  });

  it('leave nothing behind', async () => {
    const turns = new KeyedTurns();
    await Promise.all([turns.take('key', nextTurn), turns.take('key', nextTurn), turns.take('other', nextTurn)]);
    expect(turns.size).toBe(0);
  });
});
