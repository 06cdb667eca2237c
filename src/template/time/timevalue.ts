/** Go's time.Time as a template value. */
import { uint64Type } from '../types.ts';
import { GoInt, GoObject, int64, type Method, type Value } from '../value.ts';
import { timeString } from './format.ts';
import { Location, utc } from './location.ts';
import { LocationValue, nilLocation } from './locationvalue.ts';
import { Time } from './time.ts';
import { type Argument, timeMethod } from './timemethods.ts';
import { timeType } from './timetypes.ts';

/** Go packs a time with a monotonic reading: a flag, 33 bits of seconds since 1885 and 30 bits of nanoseconds. */
const monotonicFlag = 1n << 63n;
const firstMonotonicSecond = 59_453_308_800n;
const nanosecondBits = 30n;

export class TimeValue extends GoObject {
  readonly type = timeType;
  readonly time: Time;

  constructor(time: Time) {
    super();
    this.time = time;
  }

  override text(): string {
    return timeString(this.time);
  }

  override method(name: string): Method | undefined {
    const method = timeMethod(name);
    return method && { ...method, call: (args) => toValue(method.call(this.time, args.map(toArgument))) };
  }

  /** The unexported fields that Go's struct has: `wall`, `ext` and `loc` (nil for UTC). */
  override fields(): readonly (readonly [string, Value])[] {
    const { seconds, nanosecond, monotonic, location } = this.time;
    const packed = monotonicFlag | ((seconds - firstMonotonicSecond) << nanosecondBits);
    const wall = (monotonic === undefined ? 0n : packed) | BigInt(nanosecond);
    return [
      ['wall', new GoInt(uint64Type, wall)],
      ['ext', int64(monotonic ?? seconds)],
      ['loc', location === utc ? nilLocation : new LocationValue(location)],
    ];
  }

  /** As `==` on the struct: not only the instant counts but also the location and a monotonic reading. */
  override equals(other: Value): boolean {
    if (!(other instanceof TimeValue)) return false;
    const { seconds, nanosecond, location, monotonic } = other.time;
    return (
      seconds === this.time.seconds &&
      nanosecond === this.time.nanosecond &&
      location === this.time.location &&
      monotonic === this.time.monotonic
    );
  }
}

function toArgument(value: Value): Argument {
  if (value instanceof TimeValue) return value.time;
  return value instanceof LocationValue ? value.location : value;
}

function toValue(result: Argument): Value {
  if (result instanceof Time) return new TimeValue(result);
  return result instanceof Location ? new LocationValue(result) : result;
}
