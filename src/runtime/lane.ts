/** The two lanes of a work queue: what a person waits for overtakes what merely is due again. */

/** `urgent`: new, edited, repaired, or its store recovered. `refresh`: periodic work, initial lists, retries. */
export type Lane = 'urgent' | 'refresh';

export function urgentOf(a: Lane, b: Lane): Lane {
  return a === 'urgent' ? a : b;
}
