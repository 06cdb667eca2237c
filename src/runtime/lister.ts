/** The read side of an informer: objects by key and by index, as of the last event. */
import type { KubeObject } from '../api/object.ts';

/** Objects are shared and frozen by contract: nobody changes them. */
export interface Lister<T extends KubeObject, Index extends string = never> {
  /** @param key see `keyOf` */
  get(key: string): T | undefined;
  values(): IterableIterator<T>;
  /** The objects for which the index function gave `value`, in no particular order. */
  byIndex(index: Index, value: string): readonly T[];
  readonly size: number;
}

/** The values under which an object is found in an index. */
export type IndexFunction<T extends KubeObject> = (object: T) => readonly string[];
