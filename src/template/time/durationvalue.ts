/** The integers of Go's time package that have methods: Duration, Month and Weekday. */
import { float64Type, type GoType, int64Type, stringType } from '../types.ts';
import { GoInt, int64, type Method, type Value } from '../value.ts';
import {
  absDuration,
  formatDuration,
  hour,
  inUnits,
  microsecond,
  millisecond,
  minute,
  roundDuration,
  second,
  truncateDuration,
} from './duration.ts';
import { monthName, weekdayName } from './format.ts';
import { durationType, monthType, weekdayType } from './timetypes.ts';

export class DurationValue extends GoInt {
  constructor(nanoseconds: bigint) {
    super(durationType, nanoseconds);
  }

  override text(): string {
    return formatDuration(this.value);
  }

  override method(name: string): Method | undefined {
    const method = durationMethods.get(name);
    return method && { ...method, call: (args) => method.call(this.value, args) };
  }
}

interface DurationMethod {
  readonly parameters: readonly GoType[];
  readonly result: GoType;
  call(nanoseconds: bigint, args: readonly Value[]): Value;
}

const durationMethods: ReadonlyMap<string, DurationMethod> = new Map([
  ['Abs', duration([], (nanoseconds) => absDuration(nanoseconds))],
  ['Hours', float((nanoseconds) => inUnits(nanoseconds, hour))],
  ['Microseconds', whole((nanoseconds) => nanoseconds / microsecond)],
  ['Milliseconds', whole((nanoseconds) => nanoseconds / millisecond)],
  ['Minutes', float((nanoseconds) => inUnits(nanoseconds, minute))],
  ['Nanoseconds', whole((nanoseconds) => nanoseconds)],
  ['Round', duration([durationType], (nanoseconds, [unit]) => roundDuration(nanoseconds, nanosecondsOf(unit)))],
  ['Seconds', float((nanoseconds) => inUnits(nanoseconds, second))],
  ['String', { parameters: [], result: stringType, call: formatDuration }],
  ['Truncate', duration([durationType], (nanoseconds, [unit]) => truncateDuration(nanoseconds, nanosecondsOf(unit)))],
]);

function duration(
  parameters: readonly GoType[],
  compute: (nanoseconds: bigint, args: readonly Value[]) => bigint,
): DurationMethod {
  return {
    parameters,
    result: durationType,
    call: (nanoseconds, args) => new DurationValue(compute(nanoseconds, args)),
  };
}

function float(call: (nanoseconds: bigint) => number): DurationMethod {
  return { parameters: [], result: float64Type, call };
}

function whole(compute: (nanoseconds: bigint) => bigint): DurationMethod {
  return { parameters: [], result: int64Type, call: (nanoseconds) => int64(compute(nanoseconds)) };
}

/** An integer argument, which the engine has checked. */
function nanosecondsOf(value: Value | undefined): bigint {
  return value instanceof GoInt ? value.value : 0n;
}

/** A named integer whose text is its name. */
class NamedNumber extends GoInt {
  readonly #name: string;

  constructor(type: GoType, value: number, name: string) {
    super(type, BigInt(value));
    this.#name = name;
  }

  override text(): string {
    return this.#name;
  }

  override method(name: string): Method | undefined {
    return name === 'String' ? { parameters: [], result: stringType, call: () => this.#name } : undefined;
  }
}

/** `month` is 1 to 12. */
export function monthValue(month: number): GoInt {
  return new NamedNumber(monthType, month, monthName(month));
}

/** 0 is Sunday. */
export function weekdayValue(weekday: number): GoInt {
  return new NamedNumber(weekdayType, weekday, weekdayName(weekday));
}
