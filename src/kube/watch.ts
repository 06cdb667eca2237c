/** The wire form of a watch: one JSON document a line. */
import type { KubeObject } from '../api/object.ts';
import type { WatchEvent } from './client.ts';
import type { ApiStatus } from './errors.ts';
import { MalformedAnswerError, parseJson } from './json.ts';

type WireEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly object: KubeObject }
  | { readonly type: 'ERROR'; readonly object: ApiStatus };

/** A watch that heard nothing for so long is opened anew: servers send bookmarks about every minute. */
export const watchIdleTimeoutMs = 150_000;

/**
 * @param toError makes the error that an error event is thrown as
 * @throws MalformedAnswerError for a line that is not an event
 */
export function decodeWatchEvent<T extends KubeObject>(
  line: string,
  toError: (status: ApiStatus) => Error,
): WatchEvent<T> {
  // What the server sends for a resource is by contract an event of that resource's type.
  const event = parseJson(line) as WireEvent<T>;
  switch (event.type) {
    case 'ADDED':
      return { type: 'added', object: event.object };
    case 'MODIFIED':
      return { type: 'modified', object: event.object };
    case 'DELETED':
      return { type: 'deleted', object: event.object };
    case 'BOOKMARK':
      return { type: 'bookmark', resourceVersion: event.object.metadata.resourceVersion ?? '' };
    case 'ERROR':
      throw toError(event.object);
    default:
      throw new MalformedAnswerError();
  }
}
