/** Bounded concurrency. */

/**
 * Runs `run` for every item, at most `limit` at a time, and answers in the order of the items.
 * @throws what the first failing run throws; no further item is begun then
 */
export async function mapLimited<T, R>(items: readonly T[], limit: number, run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const open = items.entries();
  let hasFailed = false;
  const work = async (): Promise<void> => {
    // The workers share one iterator: each takes the next item that nobody has taken.
    for (const [index, item] of open) {
      if (hasFailed) return;
      try {
        results[index] = await run(item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
}
