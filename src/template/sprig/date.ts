/** Sprig's dates and durations. The local zone is UTC, as in ESO's container image. */
import { define, FunctionError, type FunctionRuntime, type TemplateFunction } from '../function.ts';
import { parseInt64 } from '../strconv/int.ts';
import { formatDuration, hour, minute, parseDuration, roundDuration, second } from '../time/duration.ts';
import { formatTime } from '../time/format.ts';
import { utc } from '../time/location.ts';
import { parseTime } from '../time/parse.ts';
import { type Time, unixTime, zeroTime } from '../time/time.ts';
import { timeType } from '../time/timetypes.ts';
import { TimeValue } from '../time/timevalue.ts';
import { loadLocation } from '../time/zonedata.ts';
import { anyType, type GoType, stringType } from '../types.ts';
import { GoInt, type Value } from '../value.ts';

type Body = (args: readonly Value[], runtime: FunctionRuntime) => Value;

const htmlLayout = '2006-01-02';
/** The integers that stand for Unix seconds; `ago` leaves the last out. */
const secondTypes = ['int64', 'int', 'int32'];
/** Layouts and values cost by their length. */
const bytesPerStep = 64;
/** Reading a zone's table takes some microseconds. */
const fixedPrice = 15;

const day = 24n * hour;
/** `durationRound` names the first unit that the duration exceeds. */
const roundingUnits: readonly (readonly [suffix: string, nanoseconds: bigint])[] = [
  ['y', 365n * day],
  ['mo', 30n * day],
  ['d', day],
  ['h', hour],
  ['m', minute],
  ['s', second],
];

export const dateFunctions: readonly TemplateFunction[] = [
  define('now', [], timeType, (_, runtime) => new TimeValue(now(runtime))),
  define('date', [stringType, anyType], stringType, ([layout, date], runtime) =>
    render(text(layout), timeFrom(date, runtime), 'Local', runtime),
  ),
  ...named(['dateInZone', 'date_in_zone'], [stringType, anyType, stringType], stringType, dateInZone),
  define('htmlDate', [anyType], stringType, ([date], runtime) =>
    render(htmlLayout, timeFrom(date, runtime), 'Local', runtime),
  ),
  define('htmlDateInZone', [anyType, stringType], stringType, ([date, zone], runtime) =>
    render(htmlLayout, timeFrom(date, runtime), text(zone), runtime),
  ),
  ...named(['dateModify', 'date_modify'], [stringType, timeType], timeType, dateModify),
  ...named(['mustDateModify', 'must_date_modify'], [stringType, timeType], timeType, mustDateModify),
  define('toDate', [stringType, stringType], timeType, toDate),
  define('mustToDate', [stringType, stringType], timeType, mustToDate),
  define('unixEpoch', [timeType], stringType, ([date]) => String(timeOf(date).unix)),
  define('ago', [anyType], stringType, ([date], runtime) => ago(date, runtime)),
  define('duration', [anyType], stringType, ([seconds]) => formatDuration(int64(secondsOf(seconds) * second))),
  define('durationRound', [anyType], stringType, ([value], runtime) => roundedText(durationOf(value, runtime))),
];

/** The same function under two names. */
function named(names: readonly string[], parameters: readonly GoType[], result: GoType, run: Body): TemplateFunction[] {
  return names.map((name) => define(name, parameters, result, run));
}

/** Go's time.Now: in the local zone, with a monotonic reading, which here counts from the epoch. */
function now(runtime: FunctionRuntime): Time {
  const milliseconds = runtime.now();
  const seconds = Math.floor(milliseconds / 1000);
  const nanosecond = Math.floor((milliseconds - seconds * 1000) * 1_000_000);
  return unixTime(BigInt(seconds), nanosecond, BigInt(seconds) * second + BigInt(nanosecond));
}

/** A time or Unix seconds; anything else, nil too, means now. */
function timeFrom(date: Value | undefined, runtime: FunctionRuntime, integers: readonly string[] = secondTypes): Time {
  if (date instanceof TimeValue) return date.time;
  const isSeconds = date instanceof GoInt && integers.includes(date.type.name);
  return isSeconds ? unixTime(date.value) : now(runtime);
}

function dateInZone([layout, date, zone]: readonly Value[], runtime: FunctionRuntime): Value {
  return render(text(layout), timeFrom(date, runtime), text(zone), runtime);
}

/** A zone that does not exist is UTC. */
function render(layout: string, time: Time, zone: string, runtime: FunctionRuntime): string {
  charge(runtime, layout.length);
  return formatTime(time.in(loadLocation(zone) ?? utc), layout);
}

/** What is no duration leaves the date as it is. */
function dateModify([change, date]: readonly Value[]): Value {
  try {
    return new TimeValue(timeOf(date).add(parseDuration(text(change))));
  } catch {
    return date ?? null;
  }
}

function mustDateModify([change, date]: readonly Value[]): Value {
  return failing(() => new TimeValue(timeOf(date).add(parseDuration(text(change)))));
}

/** What does not fit the layout is the zero time, year 1. */
function toDate([layout, value]: readonly Value[], runtime: FunctionRuntime): Value {
  charge(runtime, text(layout).length + text(value).length);
  try {
    return new TimeValue(parseTime(text(layout), text(value)));
  } catch {
    return new TimeValue(zeroTime);
  }
}

function mustToDate([layout, value]: readonly Value[], runtime: FunctionRuntime): Value {
  charge(runtime, text(layout).length + text(value).length);
  return failing(() => new TimeValue(parseTime(text(layout), text(value))));
}

function ago(date: Value | undefined, runtime: FunctionRuntime): string {
  const elapsed = now(runtime).sub(timeFrom(date, runtime, ['int64', 'int']));
  return formatDuration(roundDuration(elapsed, second));
}

/** Decimal text (0 when it is none, the nearest bound when it is too large) or an int64; anything else is 0. */
function secondsOf(value: Value | undefined): bigint {
  if (typeof value === 'string') return parseInt64(value, 10).value;
  return value instanceof GoInt && value.type.name === 'int64' ? value.value : 0n;
}

/** Text, nanoseconds as int64, or a time, which means since then; anything else is 0. */
function durationOf(value: Value | undefined, runtime: FunctionRuntime): bigint {
  if (value instanceof TimeValue) return now(runtime).sub(value.time);
  if (value instanceof GoInt && value.type.name === 'int64') return value.value;
  if (typeof value !== 'string') return 0n;
  try {
    return parseDuration(value);
  } catch {
    // Sprig ignores the error and goes on with zero.
    return 0n;
  }
}

/** The number of the largest unit that fits more than once; the sign is lost. */
function roundedText(duration: bigint): string {
  const magnitude = duration < 0n ? -duration : duration;
  const unit = roundingUnits.find(([, nanoseconds]) => magnitude > nanoseconds);
  return unit === undefined ? '0s' : `${magnitude / unit[1]}${unit[0]}`;
}

function charge(runtime: FunctionRuntime, length: number): void {
  runtime.budget.charge(fixedPrice + length / bytesPerStep);
}

function int64(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

function failing<T>(compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    throw new FunctionError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

// The engine has checked the arguments' types.

function text(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}

function timeOf(value: Value | undefined): Time {
  if (value instanceof TimeValue) return value.time;
  throw new FunctionError('expected time.Time');
}
