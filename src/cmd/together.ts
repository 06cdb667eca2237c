/** Parts of one process that live and end together. */

/**
 * Runs all parts until `stop` aborts. When one fails the others are told to stop.
 * @throws what the first to fail threw, once all have ended
 */
export async function runTogether(
  stop: AbortSignal,
  parts: readonly ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const failure = new AbortController();
  const signal = AbortSignal.any([stop, failure.signal]);
  const runs = parts.map(async (part) => {
    try {
      await part(signal);
    } catch (error) {
      failure.abort();
      throw error;
    }
  });
  await Promise.allSettled(runs);
  await Promise.all(runs);
}
