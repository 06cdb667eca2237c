/** Go's time.Time: an instant with nanoseconds in a zone, with Go's 64-bit wrapping and saturation. */
import {
  absoluteFromUnix,
  type CivilDate,
  civilFromDays,
  dayOfYear,
  daysFromCivil,
  secondsPerDay,
  unixToAbsolute,
  unixToInternal,
  weekdayFromDays,
} from './calendar.ts';
import { maxDuration, minDuration, second } from './duration.ts';
import { type Location, local, utc } from './location.ts';

const maxInt64 = (1n << 63n) - 1n;
/** Go keeps a monotonic reading only with wall seconds that fit 33 bits from 1885 on. */
const firstMonotonicSecond = 59_453_308_800n;
const monotonicSeconds = 1n << 33n;

/** The calendar date and clock of a time in its zone. */
export interface LocalTime {
  readonly date: CivilDate;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 1 to 366. */
  readonly yearDay: number;
  readonly zone: string;
  /** Seconds east of UTC. */
  readonly offset: number;
}

export class Time {
  /** Seconds since 1 January of year 1, an int64. */
  readonly seconds: bigint;
  /** 0 to 999,999,999. */
  readonly nanosecond: number;
  readonly location: Location;
  /** Nanoseconds since the process started; only of `now` and times computed from it. */
  readonly monotonic: bigint | undefined;

  constructor(seconds: bigint, nanosecond: number, location: Location, monotonic?: bigint) {
    this.seconds = seconds;
    this.nanosecond = nanosecond;
    this.location = location;
    this.monotonic = monotonic;
  }

  /** Unix seconds, wrapping to int64 as in Go. */
  get unix(): bigint {
    return int64(this.seconds - unixToInternal);
  }

  get unixNano(): bigint {
    return int64(this.unix * second + BigInt(this.nanosecond));
  }

  /** Unix time in units of 10^-`digits` seconds (3 or 6). */
  unixFraction(digits: number): bigint {
    const part = Math.floor(this.nanosecond / 10 ** (9 - digits));
    return int64(this.unix * 10n ** BigInt(digits) + BigInt(part));
  }

  get isZero(): boolean {
    return this.seconds === 0n && this.nanosecond === 0;
  }

  /** The date and clock where the time is. */
  toLocal(): LocalTime {
    const { abbreviation, offset } = this.location.lookup(this.unix);
    const { days, secondOfDay } = absoluteFromUnix(this.unix + BigInt(offset));
    const date = civilFromDays(days);
    return {
      date,
      hour: Math.floor(secondOfDay / 3600),
      minute: Math.floor(secondOfDay / 60) % 60,
      second: secondOfDay % 60,
      weekday: weekdayFromDays(days),
      yearDay: dayOfYear(date),
      zone: abbreviation,
      offset,
    };
  }

  /** The same instant elsewhere; drops the monotonic reading. */
  in(location: Location): Time {
    return new Time(this.seconds, this.nanosecond, location);
  }

  /** Shifts the instant, never the location; the sum saturates at the ends of int64. */
  addSeconds(delta: bigint): Time {
    const sum = this.seconds + delta;
    const seconds = sum > maxInt64 ? maxInt64 : sum < -maxInt64 - 1n ? -maxInt64 : sum;
    return new Time(seconds, this.nanosecond, this.location);
  }

  add(duration: bigint): Time {
    const nanoseconds = this.nanosecond + Number(duration % second);
    const carry = nanoseconds < 0 ? -1 : nanoseconds >= Number(second) ? 1 : 0;
    const moved = this.addSeconds(duration / second + BigInt(carry));
    return new Time(
      moved.seconds,
      nanoseconds - carry * Number(second),
      this.location,
      this.#monotonicAfter(duration, moved.seconds),
    );
  }

  #monotonicAfter(duration: bigint, seconds: bigint): bigint | undefined {
    if (this.monotonic === undefined) return undefined;
    const reading = this.monotonic + duration;
    const elapsed = seconds - firstMonotonicSecond;
    const kept = elapsed >= 0n && elapsed < monotonicSeconds && BigInt.asIntN(64, reading) === reading;
    return kept ? reading : undefined;
  }

  /** The duration since `other`, saturating. Uses the monotonic readings when both have one. */
  sub(other: Time): bigint {
    const difference =
      this.monotonic !== undefined && other.monotonic !== undefined
        ? this.monotonic - other.monotonic
        : (this.seconds - other.seconds) * second + BigInt(this.nanosecond - other.nanosecond);
    if (difference > maxDuration) return maxDuration;
    return difference < minDuration ? minDuration : difference;
  }

  /** Negative, 0 or positive as this instant is before, at or after the other. */
  compare(other: Time): number {
    if (this.monotonic !== undefined && other.monotonic !== undefined) return sign(this.monotonic - other.monotonic);
    return sign(this.seconds - other.seconds) || Math.sign(this.nanosecond - other.nanosecond);
  }

  /** Adds to the calendar date; a day that does not exist runs over into the next month, as in Go. */
  addDate(years: bigint, months: bigint, days: bigint): Time {
    const { date, hour, minute, second: seconds } = this.toLocal();
    return dateTime(
      {
        year: int64(BigInt(date.year) + years),
        month: int64(BigInt(date.month) + months),
        day: int64(BigInt(date.day) + days),
      },
      hour * 3600 + minute * 60 + seconds,
      this.nanosecond,
      this.location,
    );
  }

  /** Down to a multiple of `unit` since the zero time; drops the monotonic reading. */
  truncate(unit: bigint): Time {
    const plain = this.in(this.location);
    return unit <= 0n ? plain : plain.add(-this.#remainder(unit));
  }

  /** To the nearest multiple of `unit` since the zero time, halves up; drops the monotonic reading. */
  round(unit: bigint): Time {
    const plain = this.in(this.location);
    if (unit <= 0n) return plain;
    const remainder = this.#remainder(unit);
    return plain.add(remainder * 2n < unit ? -remainder : unit - remainder);
  }

  #remainder(unit: bigint): bigint {
    const sinceZero = this.seconds * second + BigInt(this.nanosecond);
    return ((sinceZero % unit) + unit) % unit;
  }
}

/** The time at Unix seconds, in the process's zone. */
export function unixTime(seconds: bigint, nanosecond = 0, monotonic?: bigint): Time {
  return new Time(int64(seconds + unixToInternal), nanosecond, local, monotonic);
}

/**
 * The instant of a calendar date (month and day may lie outside their ranges) and a second of the day in a zone.
 * A clock time that the zone skips or repeats gets one of the two offsets around the change, as in Go.
 */
export function dateTime(
  date: { readonly year: bigint; readonly month: bigint; readonly day: bigint },
  secondOfDay: number,
  nanosecond: number,
  location: Location,
): Time {
  const monthsFromYear = date.month - 1n;
  const monthIndex = ((monthsFromYear % 12n) + 12n) % 12n;
  const year = int64(date.year + (monthsFromYear - monthIndex) / 12n);
  const days = daysFromCivil(year, Number(monthIndex) + 1, date.day);
  const wallUnix = int64(days * BigInt(secondsPerDay) + BigInt(secondOfDay) - unixToAbsolute);
  const unix = int64(wallUnix - BigInt(offsetForWall(wallUnix, location)));
  return new Time(int64(unix + unixToInternal), nanosecond, location);
}

/** The zone's offset for a local time given as if it were UTC. */
function offsetForWall(wallUnix: bigint, location: Location): number {
  const guess = location.lookup(wallUnix);
  const unix = wallUnix - BigInt(guess.offset);
  const certain = guess.offset === 0 || (Number(unix) >= guess.start && Number(unix) < guess.end);
  return certain ? guess.offset : location.lookup(unix).offset;
}

/** Year 1, 1 January, 00:00 UTC: what Go has where no time was set. */
export const zeroTime = new Time(0n, 0, utc);

function int64(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

function sign(value: bigint): number {
  if (value === 0n) return 0;
  return value < 0n ? -1 : 1;
}
