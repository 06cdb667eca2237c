/** Time zones: Go's time.Location, with the offset and abbreviation in force at any moment. */
import { zoneRuleAt } from './zonerule.ts';

/** One kind of local time of a zone. */
export interface ZoneType {
  readonly abbreviation: string;
  /** Seconds east of UTC. */
  readonly offset: number;
  readonly isDST: boolean;
}

/** What is in force at a moment, and the Unix seconds from and until which it certainly is. */
export interface ZonePeriod extends ZoneType {
  readonly start: number;
  readonly end: number;
}

export interface ZoneTransition {
  /** Unix seconds. */
  readonly at: number;
  /** Index of the zone type in force from then on. */
  readonly type: number;
}

const utcPeriod: ZonePeriod = {
  abbreviation: 'UTC',
  offset: 0,
  isDST: false,
  start: Number.NEGATIVE_INFINITY,
  end: Number.POSITIVE_INFINITY,
};

export class Location {
  readonly name: string;
  readonly types: readonly ZoneType[];
  readonly transitions: readonly ZoneTransition[];
  /** The POSIX TZ rule that holds from the last transition on; empty when there is none. */
  readonly rule: string;

  /** Without types the zone is UTC under another name. */
  constructor(name: string, types: readonly ZoneType[] = [], transitions: readonly ZoneTransition[] = [], rule = '') {
    this.name = name;
    this.types = types;
    this.transitions = transitions;
    this.rule = rule;
  }

  lookup(unixSeconds: bigint): ZonePeriod {
    const seconds = Number(unixSeconds);
    const index = this.#transitionBefore(seconds);
    const transition = this.transitions[index];
    if (transition === undefined) return this.#firstPeriod();
    if (index === this.transitions.length - 1 && this.rule !== '') {
      const period = zoneRuleAt(this.rule, transition.at, unixSeconds);
      if (period !== undefined) return period;
    }
    const end = this.transitions[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    return { ...(this.types[transition.type] ?? utcPeriod), start: transition.at, end };
  }

  /** The index of the last transition at or before the moment; -1 when there is none. */
  #transitionBefore(seconds: number): number {
    let low = -1;
    let high = this.transitions.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (seconds < (this.transitions[middle]?.at ?? 0)) high = middle;
      else low = middle;
    }
    return low;
  }

  /** Before the first transition, as tzcode and Go choose: the first type if unused, else a standard time. */
  #firstPeriod(): ZonePeriod {
    const end = this.transitions[0]?.at ?? Number.POSITIVE_INFINITY;
    const type = this.types[this.#firstType()];
    return type === undefined ? utcPeriod : { ...type, start: Number.NEGATIVE_INFINITY, end };
  }

  #firstType(): number {
    if (!this.transitions.some((transition) => transition.type === 0)) return 0;
    const first = this.transitions[0]?.type ?? 0;
    if (this.types[first]?.isDST === true) {
      const standard = this.types.slice(0, first).findLastIndex((type) => !type.isDST);
      if (standard >= 0) return standard;
    }
    return Math.max(
      0,
      this.types.findIndex((type) => !type.isDST),
    );
  }
}

export const utc = new Location('UTC');

/** The process's zone: always UTC here, as in ESO's container image, though Go tells it from time.UTC. */
export const local = new Location('UTC');

/** A zone of one offset, as a parsed time with a numeric offset gets. As in Go, whole hours without a name are shared. */
export function fixedZone(abbreviation: string, offset: number): Location {
  const shared = abbreviation === '' ? wholeHours.get(offset) : undefined;
  return shared ?? oneOffset(abbreviation, offset);
}

const wholeHours: ReadonlyMap<number, Location> = new Map(
  Array.from({ length: 27 }, (_, index) => (index - 12) * 3600).map((offset) => [offset, oneOffset('', offset)]),
);

function oneOffset(abbreviation: string, offset: number): Location {
  const type = { abbreviation, offset, isDST: false };
  return new Location(abbreviation, [type], [{ at: Number.NEGATIVE_INFINITY, type: 0 }]);
}
