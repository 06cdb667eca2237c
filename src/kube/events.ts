/** The event recorder: tells the cluster what happened to an object, without ever holding up who tells it. */

import type { ObjectName } from '../api/object.ts';
import { type Clock, sleep } from '../lib/clock.ts';
import { timestamp } from '../lib/timestamp.ts';
import type { KubeClient } from './client.ts';
import { ApiError, isAlreadyExists, isNotFound } from './errors.ts';
import { EventCorrelator, type EventRecord } from './eventcorrelator.ts';
import { type EventType, events, type ObjectReference } from './resources.ts';

export interface Recorder {
  /** Returns at once. The message is public: it must hold no secret value. */
  event(about: ObjectReference, type: EventType, reason: string, message: string): void;
}

/** `spam`: too many about one object. `full`: the cluster takes them too slowly. `refused`: it does not take this one. */
export type EventLoss = 'spam' | 'full' | 'refused';

export interface EventRecorderOptions {
  readonly kube: Pick<KubeClient, 'create' | 'mergePatch'>;
  /** The source of the events, such as `external-secrets`. */
  readonly component: string;
  readonly clock: Clock;
  readonly onLost?: (loss: EventLoss) => void;
  /** A number in [0, 1); default `Math.random`. */
  readonly random?: () => number;
}

/** Events that wait to be written, a few MB: those of a whole cluster that syncs for the first time. */
const maxPending = 10_000;
/** Requests under way at once: what events tell of must not wait for them. */
const maxWriters = 2;
const retryDelaysMs = [1_000, 5_000];

export class EventRecorder implements Recorder {
  readonly #options: EventRecorderOptions;
  readonly #correlator: EventCorrelator;
  /** In order of arrival. A record that changes while it waits is written once, as it is then. */
  readonly #pending = new Set<EventRecord>();
  readonly #writing = new Set<EventRecord>();
  readonly #onIdle: (() => void)[] = [];
  readonly #closing = new AbortController();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#correlator = new EventCorrelator({ clock: options.clock });
  }

  /** Records that still have to be written. */
  get pending(): number {
    return this.#pending.size + this.#writing.size;
  }

  event(about: ObjectReference, type: EventType, reason: string, message: string): void {
    const record = this.#correlator.correlate(about, type, reason, message);
    if (record === undefined) return this.#options.onLost?.('spam');
    if (this.#pending.size >= maxPending && !this.#pending.has(record)) return this.#options.onLost?.('full');
    this.#pending.add(record);
    this.#startWriters();
  }

  /** Resolves when all that was told is written or lost. From now on nothing is tried twice. */
  async flush(): Promise<void> {
    this.#closing.abort();
    if (this.pending > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  #startWriters(): void {
    for (const record of this.#pending) {
      if (this.#writing.size >= maxWriters) return;
      if (this.#writing.has(record)) continue; // Its writer sees that it changed.
      this.#pending.delete(record);
      this.#writing.add(record);
      void this.#write(record);
    }
  }

  /** Never rejects. */
  async #write(record: EventRecord): Promise<void> {
    if (!(await this.#writeWithRetries(record))) this.#options.onLost?.('refused');
    this.#writing.delete(record);
    this.#startWriters();
    if (this.pending === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  async #writeWithRetries(record: EventRecord): Promise<boolean> {
    for (let failures = 0; ; failures += 1) {
      try {
        await this.#writeOnce(record);
        return true;
      } catch (error) {
        const delayMs = retryDelaysMs[failures];
        const isRefusal = error instanceof ApiError && error.status < 500 && error.status !== 429;
        if (isRefusal || delayMs === undefined || this.#closing.signal.aborted) return false;
        await sleep(this.#options.clock, delayMs, this.#closing.signal).catch(() => undefined); // Closing: one last try.
      }
    }
  }

  async #writeOnce(record: EventRecord): Promise<void> {
    record.name ??= this.#newName(record);
    const name: ObjectName = { namespace: record.about.namespace ?? 'default', name: record.name };
    if (record.isCreated) record.isCreated = await this.#update(name, record);
    if (!record.isCreated) await this.#create(name, record);
    record.isCreated = true;
  }

  /** False when the cluster has forgotten the event: it keeps them for an hour. */
  async #update(name: ObjectName, { count, message, lastAt }: EventRecord): Promise<boolean> {
    try {
      await this.#options.kube.mergePatch(events, name, { count, message, lastTimestamp: timestamp(lastAt) });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  async #create(name: ObjectName, record: EventRecord): Promise<void> {
    const { kube, component } = this.#options;
    const { about, type, reason, message, count } = record;
    try {
      await kube.create(events, {
        metadata: name,
        involvedObject: about,
        type,
        reason,
        message,
        count,
        source: { component },
        reportingComponent: component,
        reportingInstance: '',
        firstTimestamp: timestamp(record.firstAt),
        lastTimestamp: timestamp(record.lastAt),
      });
    } catch (error) {
      // An earlier try, of which no answer came, made it: nobody else uses this name.
      if (!isAlreadyExists(error)) throw error;
    }
  }

  /** As client-go's: the object's name, and a number that does not come again. */
  #newName({ about, firstAt }: EventRecord): string {
    const { random = Math.random } = this.#options;
    const suffix =
      firstAt.toString(16) +
      Math.floor(random() * 2 ** 24)
        .toString(16)
        .padStart(6, '0');
    return `${about.name.slice(0, 253 - 1 - suffix.length)}.${suffix}`;
  }
}
