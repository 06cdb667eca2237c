/** Watches: every change of a collection, told to all who look at it, each form of it serialised once. */
import { apiVersionOf } from '../../api/resource.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Collection } from '../collection.ts';
import type { Change } from '../history.ts';
import { type ApiObject, withMeta } from '../object.ts';
import type { Selection } from '../selection.ts';
import { expired, StatusError } from '../status.ts';
import { type Representation, showBookmark, showObject } from '../wire/representation.ts';

export interface WatchQuery {
  /** Events after this version; undefined: begins with what is there. */
  readonly after: number | undefined;
  readonly sendInitialEvents: boolean;
  readonly allowBookmarks: boolean;
  /** Undefined: until the client goes. */
  readonly timeoutMs: number | undefined;
}

/** The connection of a watch. */
export interface WatchSink {
  write(line: Buffer): void;
  end(): void;
}

/** As kube-apiserver: about once a minute, and shortly before the end. */
const bookmarkEveryMs = 60_000;
const bookmarkBeforeEndMs = 2_000;

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

interface WatchEvent {
  readonly type: EventType;
  readonly object: ApiObject;
}

export interface WatchOptions {
  readonly objects: Collection;
  readonly selection: Selection;
  readonly representation: Representation;
  readonly query: WatchQuery;
  readonly currentRevision: () => number;
  readonly clock: Clock;
}

/** The forms in which one change has been serialised already. */
export class EncodedChanges {
  #change: Change | undefined;
  readonly #lines = new Map<string, Buffer>();

  /** @param id of the event's form, which is enough to tell forms of one change apart */
  line(change: Change, id: string, encode: () => Buffer): Buffer {
    if (this.#change !== change) {
      this.#change = change;
      this.#lines.clear();
    }
    const known = this.#lines.get(id) ?? encode();
    this.#lines.set(id, known);
    return known;
  }
}

export class Watch {
  readonly #options: WatchOptions;
  readonly #sink: WatchSink;
  readonly #encoded: EncodedChanges;
  readonly #cancels: (() => void)[] = [];
  #cancelBookmark: () => void = () => undefined;
  #hasSent = false;

  constructor(options: WatchOptions, sink: WatchSink, encoded: EncodedChanges) {
    this.#options = options;
    this.#sink = sink;
    this.#encoded = encoded;
  }

  /** Tells what is missed, and from now on what happens. */
  start(): void {
    const { objects, query, clock } = this.#options;
    if (!this.#catchUp()) return;
    this.#cancels.push(objects.listen((change) => this.#tell(change)));
    if (query.timeoutMs !== undefined) this.#cancels.push(clock.setTimer(query.timeoutMs, () => this.#sink.end()));
    if (query.allowBookmarks) this.#scheduleBookmark(query.timeoutMs);
  }

  stop(): void {
    for (const cancel of this.#cancels.splice(0)) cancel();
    this.#cancelBookmark();
  }

  /** False: the watch is over. */
  #catchUp(): boolean {
    const { objects, query, currentRevision } = this.#options;
    const { after } = query;
    if (query.sendInitialEvents || after === undefined) {
      this.#sendInitial();
      return true;
    }
    const missed = objects.history.since(after);
    if (missed === undefined) {
      this.#fail(expired(`too old resource version: ${after} (${currentRevision()})`));
      return false;
    }
    for (const change of missed) this.#tell(change);
    return true;
  }

  #sendInitial(): void {
    const { objects, selection, query, currentRevision } = this.#options;
    for (const [, object] of objects.ordered()) {
      if (selection.includes(object)) this.#sink.write(this.#encode({ type: 'ADDED', object }));
    }
    if (query.allowBookmarks) this.#bookmark(String(currentRevision()), true);
  }

  #tell(change: Change): void {
    const event = eventFor(change, this.#options.selection);
    if (event === undefined) return;
    const { kind, form, rowObject } = this.#options.representation;
    // Only the first table that somebody gets has columns.
    const id = [event.type, apiVersionOf(kind), form, rowObject, form === 'table' && this.#hasSent].join(' ');
    this.#sink.write(this.#encoded.line(change, id, () => this.#encode(event)));
    this.#hasSent = true;
  }

  #encode({ type, object }: WatchEvent): Buffer {
    const { representation, clock } = this.#options;
    const shown = showObject(object, representation, clock.now(), !this.#hasSent);
    this.#hasSent = true;
    return line({ type, object: shown });
  }

  #scheduleBookmark(remainingMs: number | undefined): void {
    const beforeEndMs = (remainingMs ?? Number.POSITIVE_INFINITY) - bookmarkBeforeEndMs;
    const delayMs = beforeEndMs > 0 ? Math.min(bookmarkEveryMs, beforeEndMs) : bookmarkEveryMs;
    this.#cancelBookmark = this.#options.clock.setTimer(delayMs, () => {
      this.#bookmark(String(this.#options.currentRevision()), false);
      this.#scheduleBookmark(remainingMs === undefined ? undefined : remainingMs - delayMs);
    });
  }

  #bookmark(resourceVersion: string, isEndOfInitial: boolean): void {
    const object = showBookmark(this.#options.representation, resourceVersion, isEndOfInitial);
    this.#sink.write(line({ type: 'BOOKMARK', object }));
  }

  #fail({ status }: StatusError): void {
    this.#sink.write(line({ type: 'ERROR', object: status }));
    this.#sink.end();
  }
}

/** What a change means to somebody who sees only some of the objects. */
function eventFor(change: Change, { includes }: Selection): WatchEvent | undefined {
  const { type, object, previous } = change;
  if (type === 'deleted') return includes(object) ? { type: 'DELETED', object } : undefined;
  const wasIncluded = previous !== undefined && includes(previous);
  if (includes(object)) return { type: wasIncluded ? 'MODIFIED' : 'ADDED', object };
  if (!wasIncluded) return undefined;
  return { type: 'DELETED', object: withMeta(previous, { resourceVersion: object.metadata.resourceVersion }) };
}

function line(event: object): Buffer {
  return Buffer.from(`${JSON.stringify(event)}\n`);
}
