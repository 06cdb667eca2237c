import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from './testing/fakeclock.ts';
import { ownerOf, WorkShare } from './workshare.ts';

const members = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 });
const units = fc.array(fc.string(), { minLength: 1, maxLength: 50 });

describe('the owner of a unit of work', () => {
  it('is the same for whoever asks, in whatever order the replicas are known', () => {
    fc.assert(
      fc.property(members, fc.string(), (some, unit) => {
        expect(ownerOf(unit, [...some].reverse())).toBe(ownerOf(unit, some));
        expect(some).toContain(ownerOf(unit, some));
      }),
    );
  });

  it('changes only from or to the replica that comes or goes', () => {
    fc.assert(
      fc.property(members, fc.string({ minLength: 9 }), units, (some, newcomer, work) => {
        for (const unit of work) {
          const after = ownerOf(unit, [...some, newcomer]);
          expect([ownerOf(unit, some), newcomer]).toContain(after);
        }
      }),
    );
  });

  it('is each replica about as often as any other', () => {
    const owners = Array.from({ length: 3_000 }, (_, index) => ownerOf(`unit-${index}`, ['a', 'b', 'c']));
    for (const replica of ['a', 'b', 'c']) {
      const share = owners.filter((owner) => owner === replica).length;
      expect(share).toBeGreaterThan(850);
      expect(share).toBeLessThan(1_150);
    }
  });
});

describe('a share of the work', () => {
  let clock: FakeClock;
  let rebalances: number;
  let share: WorkShare;
  const work = Array.from({ length: 200 }, (_, index) => `unit-${index}`);
  const mine = (): readonly string[] => work.filter((unit) => share.isMine(unit));
  const ownedBy = (identity: string, some: readonly string[]) =>
    work.filter((unit) => ownerOf(unit, some) === identity);

  beforeEach(() => {
    clock = new FakeClock();
    rebalances = 0;
    share = new WorkShare({ identity: 'me', handoverMs: 1_000, onRebalance: () => void (rebalances += 1), clock });
  });

  it('is everything while nobody else is known', () => {
    expect(mine()).toEqual(work);
    share.setMembers(['me']);
    expect(mine()).toEqual(work);
  });

  it('of a replica that joins others is its own from the beginning', () => {
    share.setMembers(['me', 'other']);
    expect(mine()).toEqual(ownedBy('me', ['me', 'other']));
    expect(rebalances).toBe(1);
  });

  it('keeps for a handover what goes to a newcomer', () => {
    share.setMembers(['me']);
    share.setMembers(['me', 'other']);
    expect(mine()).toEqual(work);
    clock.advance(1_000);
    expect(mine()).toEqual(ownedBy('me', ['me', 'other']));
    expect(rebalances).toBe(3);
  });

  it('gets at once what somebody left', () => {
    share.setMembers(['me', 'other', 'third']);
    share.setMembers(['me', 'third']);
    expect(mine()).toEqual(expect.arrayContaining([...ownedBy('me', ['me', 'third'])]));
  });

  it('looks at nothing any more when it is closed', () => {
    share.setMembers(['me', 'other']);
    share.close();
    expect(clock.pendingTimers).toBe(0);
  });
});
