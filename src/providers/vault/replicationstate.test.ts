import { describe, expect, it } from 'vitest';
import { ReplicationStates } from './replicationstate.ts';

const state = (cluster: string, local: number | string, replicated: number): string =>
  Buffer.from(`v1:${cluster}:${local}:${replicated}:signature`).toString('base64');

/** The values left after these were seen. */
function after(...headers: readonly string[]): readonly string[] {
  const states = new ReplicationStates();
  for (const header of headers) states.observe(header);
  return states.headers;
}

describe('replication states', () => {
  it('of one cluster follow each other, and never go back', () => {
    expect(after(state('a', 1, 1), state('a', 2, 1))).toEqual([state('a', 2, 1)]);
    expect(after(state('a', 2, 2), state('a', 1, 2))).toEqual([state('a', 2, 2)]);
  });

  it('are all kept when neither includes the other', () => {
    expect(after(state('a', 1, 2), state('a', 2, 1))).toEqual([state('a', 1, 2), state('a', 2, 1)]);
    expect(after(state('a', 1, 1), state('b', 1, 1))).toEqual([state('a', 1, 1), state('b', 1, 1)]);
  });

  it('are replaced together by one that includes them all', () => {
    expect(after(state('a', 1, 2), state('a', 2, 1), state('a', 2, 2))).toEqual([state('a', 2, 2)]);
  });

  it('compare as large numbers', () => {
    expect(after(state('a', '9007199254740993', 0), state('a', '9007199254740992', 0))).toHaveLength(1);
  });

  it('of an unknown form are not handed back', () => {
    expect(after('nonsense', state('a', 'x', 1))).toEqual([]);
  });
});
