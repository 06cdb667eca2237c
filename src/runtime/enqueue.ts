/** From changes to keys: the handler that most informers need. */
import type { KubeObject } from '../api/object.ts';
import type { EventHandler } from './informer.ts';
import type { WorkQueue } from './workqueue.ts';

export interface EnqueueOptions<T extends KubeObject> {
  /** The keys of the objects that have to be reconciled because of this one. */
  readonly keysOf: (object: T) => Iterable<string>;
  /** Whether an update matters; default: always. */
  readonly isRelevant?: (object: T, previous: T) => boolean;
  /** Whether a new object matters; default: always. */
  readonly isRelevantWhenNew?: (object: T) => boolean;
}

/**
 * Adds keys as changes come: urgently, but what was there at the start goes to the refresh lane, so that an edit need
 * not wait for ten thousand objects that merely are looked at again. After an update both what was meant and what is
 * meant now is reconciled.
 */
export function enqueue<T extends KubeObject>(
  queue: Pick<WorkQueue, 'add'>,
  options: EnqueueOptions<T>,
): EventHandler<T> {
  const { keysOf, isRelevant = () => true, isRelevantWhenNew = () => true } = options;
  return {
    added(object, initial) {
      if (!isRelevantWhenNew(object)) return;
      for (const key of keysOf(object)) queue.add(key, initial ? 'refresh' : 'urgent');
    },
    updated(object, previous) {
      if (!isRelevant(object, previous)) return;
      for (const key of new Set([...keysOf(previous), ...keysOf(object)])) queue.add(key, 'urgent');
    },
    deleted(object) {
      for (const key of keysOf(object)) queue.add(key, 'urgent');
    },
  };
}
