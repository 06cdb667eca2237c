import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapLimited } from './limited.ts';

describe('bounded concurrency', () => {
  it('runs everything, in time no more than the limit at once, and answers in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.integer(), { maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        async (scheduler, items, limit) => {
          let running = 0;
          let most = 0;
          const work = mapLimited(items, limit, async (item) => {
            running += 1;
            most = Math.max(most, running);
            await scheduler.schedule(Promise.resolve());
            running -= 1;
            return item * 2;
          });
          await scheduler.waitFor(work);
          expect(await work).toEqual(items.map((item) => item * 2));
          expect(most).toBe(Math.min(limit, items.length));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('begins nothing more after a failure', async () => {
    const begun: number[] = [];
    const work = mapLimited([1, 2, 3, 4, 5, 6], 2, async (item) => {
      begun.push(item);
      if (item === 2) throw new Error('second failed');
      return item;
    });
    await expect(work).rejects.toThrow('second failed');
    expect(begun.length).toBeLessThanOrEqual(3);
  });
});
