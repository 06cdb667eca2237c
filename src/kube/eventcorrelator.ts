/** Decides what becomes of an event: a new one, one more of the same, or one too many. As client-go's correlator does. */
import type { Clock } from '../lib/clock.ts';
import { LruCache } from '../lib/lrucache.ts';
import { TokenBucket } from '../lib/tokenbucket.ts';
import type { EventType, ObjectReference } from './resources.ts';

/** An event as it is to stand in the cluster. Writers bring the cluster to it; how often it was told does not matter. */
export interface EventRecord {
  readonly about: ObjectReference;
  readonly type: EventType;
  readonly reason: string;
  message: string;
  count: number;
  /** Epoch milliseconds. */
  firstAt: number;
  lastAt: number;
  /** The name of the Event object, from the first try to write it on. */
  name: string | undefined;
  /** Whether the Event object exists, as far as is known. */
  isCreated: boolean;
}

export interface EventCorrelatorOptions {
  readonly clock: Clock;
}

/** client-go's constants. */
const rememberedEvents = 4_096;
const spamBurst = 25;
const spamPerSecond = 1 / 300;
/** More different messages than this about one thing in ten minutes are told as one event. */
const similarLimit = 10;
const similarWindowMs = 10 * 60_000;
/** What the API takes; the newer Event API takes no more either. */
const maxMessageLength = 1_024;

interface SimilarEvents {
  readonly messages: Set<string>;
  lastAt: number;
}

export class EventCorrelator {
  readonly #clock: Clock;
  readonly #records = new LruCache<string, EventRecord>(rememberedEvents);
  readonly #similar = new LruCache<string, SimilarEvents>(rememberedEvents);
  readonly #budgets = new LruCache<string, TokenBucket>(rememberedEvents);

  constructor(options: EventCorrelatorOptions) {
    this.#clock = options.clock;
  }

  /** The record that now has to be written; undefined: too many about this object. */
  correlate(about: ObjectReference, type: EventType, reason: string, message: string): EventRecord | undefined {
    const object = `${about.kind}/${about.namespace ?? ''}/${about.name}/${about.uid ?? ''}`;
    if (!this.#budgetOf(object).tryTake()) return undefined;
    const group = `${object}/${type}/${reason}`;
    const text = message.length > maxMessageLength ? `${message.slice(0, maxMessageLength - 1)}…` : message;
    const isCombined = this.#isOneOfTooMany(group, text);
    // An identity starts with a letter for its kind, so that no message can be mistaken for a group.
    const identity = isCombined ? `g${group}` : `m${group}/${text}`;
    const shown = isCombined ? `(combined from similar events): ${text}`.slice(0, maxMessageLength) : text;
    return this.#count(identity, { about, type, reason, message: shown });
  }

  #count(identity: string, event: Pick<EventRecord, 'about' | 'type' | 'reason' | 'message'>): EventRecord {
    const now = this.#clock.now();
    const known = this.#records.get(identity);
    if (known !== undefined) {
      known.count += 1;
      known.lastAt = now;
      known.message = event.message;
      return known;
    }
    const record = { ...event, count: 1, firstAt: now, lastAt: now, name: undefined, isCreated: false };
    this.#records.set(identity, record);
    return record;
  }

  #isOneOfTooMany(group: string, message: string): boolean {
    const now = this.#clock.monotonic();
    const known = this.#similar.get(group);
    if (known === undefined || now - known.lastAt > similarWindowMs) {
      this.#similar.set(group, { messages: new Set([message]), lastAt: now });
      return false;
    }
    known.lastAt = now;
    if (known.messages.size < similarLimit) known.messages.add(message);
    return known.messages.size >= similarLimit && !known.messages.has(message);
  }

  #budgetOf(object: string): TokenBucket {
    const known = this.#budgets.get(object);
    if (known !== undefined) return known;
    const budget = new TokenBucket({ clock: this.#clock, perSecond: spamPerSecond, burst: spamBurst });
    this.#budgets.set(object, budget);
    return budget;
  }
}
