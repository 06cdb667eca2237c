/** An informer keeps a local copy of a collection and tells handlers what changed in it. */
import type { KubeObject } from '../api/object.ts';
import type { Resource } from '../api/resource.ts';
import type { Lister } from './lister.ts';

/** A handler maps changes to keys and adds them to queues; it must not wait. When it throws, the others still run. */
export interface EventHandler<T extends KubeObject> {
  /** @param initial the object was there when the informer started (or when the handler was added) */
  added?(object: T, initial: boolean): void;
  updated?(object: T, previous: T): void;
  /** @param object the last state that was seen */
  deleted?(object: T): void;
}

export interface Informer<T extends KubeObject, Index extends string = never> {
  readonly resource: Resource<T>;
  readonly lister: Lister<T, Index>;
  /** Whether the first list is complete; stays true from then on. */
  readonly hasSynced: boolean;
  /** Handlers that come late are told of every object that is already there. */
  addHandler(handler: EventHandler<T>): void;
  /** Resolves when the first list is complete. @throws the signal's reason */
  whenSynced(signal: AbortSignal): Promise<void>;
  /** Lists and watches until the signal aborts; retries every failure, never rejects. */
  run(signal: AbortSignal): Promise<void>;
  readonly health: InformerHealth;
}

export interface InformerHealth {
  readonly synced: boolean;
  /** Monotonic milliseconds at which the server was last heard of: a list, an event, a bookmark, an open watch. */
  readonly lastContactAt: number;
  /** Monotonic milliseconds at which the informer last did anything, if only to fail: one that is stuck does not. */
  readonly lastActivityAt: number;
  /** Why the last attempt failed; undefined while all is well. */
  readonly lastError: Error | undefined;
}
