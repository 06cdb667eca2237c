/** The exported methods of Go's time.Time that templates can call. */
import { FunctionError } from '../function.ts';
import { boolType, bytesType, type GoType, int64Type, intType, stringType } from '../types.ts';
import { bytes, bytesText, GoInt, GoSlice, int, int64, type Value } from '../value.ts';
import { encodeTime } from './binary.ts';
import { DurationValue, monthValue, weekdayValue } from './durationvalue.ts';
import { formatTime, timeGoString, timeRfc3339, timeString } from './format.ts';
import { Location, local, utc } from './location.ts';
import { type LocalTime, Time } from './time.ts';
import { durationType, locationType, monthType, timeType, weekdayType } from './timetypes.ts';

/** What methods take and give: values, and times and locations before they are wrapped as such. */
export type Argument = Value | Time | Location;

export interface TimeMethod {
  readonly parameters: readonly GoType[];
  readonly result: GoType;
  call(time: Time, args: readonly Argument[]): Argument;
}

/** undefined: time.Time has no such method that a template can reach. */
export function timeMethod(name: string): TimeMethod | undefined {
  return timeMethods.get(name);
}

const timeMethods: ReadonlyMap<string, TimeMethod> = new Map([
  ['Add', moved([durationType], (time, [duration]) => time.add(integerOf(duration)))],
  ['AddDate', moved([intType, intType, intType], addDate)],
  ['After', compared((order) => order > 0)],
  ['AppendBinary', appended([], (time) => encodeTime(time).toString('latin1'))],
  ['AppendFormat', appended([stringType], (time, [layout]) => formatTime(time, textOf(layout)))],
  ['AppendText', appended([], (time) => rfc3339(time, 'Time.AppendText: '))],
  ['Before', compared((order) => order < 0)],
  ['Clock', severalResults('Clock', 3)],
  ['Compare', { parameters: [timeType], result: intType, call: (time, [other]) => int(time.compare(timeOf(other))) }],
  ['Date', severalResults('Date', 3)],
  ['Day', number(({ date }) => date.day)],
  ['Equal', compared((order) => order === 0)],
  ['Format', text([stringType], (time, [layout]) => formatTime(time, textOf(layout)))],
  ['GoString', text([], timeGoString)],
  ['GobEncode', encoded((time) => encodeTime(time).toString('latin1'))],
  ['Hour', number(({ hour }) => hour)],
  ['ISOWeek', severalResults('ISOWeek', 2)],
  ['In', moved([locationType], (time, [location]) => time.in(locationOf(location)))],
  ['IsDST', { parameters: [], result: boolType, call: (time) => time.location.lookup(time.unix).isDST }],
  ['IsZero', { parameters: [], result: boolType, call: (time) => time.isZero }],
  ['Local', moved([], (time) => time.in(local))],
  ['Location', { parameters: [], result: locationType, call: (time) => time.location }],
  ['MarshalBinary', encoded((time) => encodeTime(time).toString('latin1'))],
  ['MarshalJSON', encoded((time) => `"${rfc3339(time, 'Time.MarshalJSON: ')}"`)],
  ['MarshalText', encoded((time) => rfc3339(time, 'Time.MarshalText: '))],
  ['Minute', number(({ minute }) => minute)],
  ['Month', { parameters: [], result: monthType, call: (time) => monthValue(time.toLocal().date.month) }],
  ['Nanosecond', { parameters: [], result: intType, call: (time) => int(time.nanosecond) }],
  ['Round', moved([durationType], (time, [unit]) => time.round(integerOf(unit)))],
  ['Second', number(({ second }) => second)],
  ['String', text([], timeString)],
  ['Sub', { parameters: [timeType], result: durationType, call: (time, [other]) => since(time, timeOf(other)) }],
  ['Truncate', moved([durationType], (time, [unit]) => time.truncate(integerOf(unit)))],
  ['UTC', moved([], (time) => time.in(utc))],
  ['Unix', { parameters: [], result: int64Type, call: (time) => int64(time.unix) }],
  ['UnixMicro', { parameters: [], result: int64Type, call: (time) => int64(time.unixFraction(6)) }],
  ['UnixMilli', { parameters: [], result: int64Type, call: (time) => int64(time.unixFraction(3)) }],
  ['UnixNano', { parameters: [], result: int64Type, call: (time) => int64(time.unixNano) }],
  ['Weekday', { parameters: [], result: weekdayType, call: (time) => weekdayValue(time.toLocal().weekday) }],
  ['Year', number(({ date }) => date.year)],
  ['YearDay', number(({ yearDay }) => yearDay)],
  ['Zone', severalResults('Zone', 2)],
  ['ZoneBounds', severalResults('ZoneBounds', 2)],
]);

function moved(parameters: readonly GoType[], move: (time: Time, args: readonly Argument[]) => Time): TimeMethod {
  return { parameters, result: timeType, call: move };
}

function compared(holds: (order: number) => boolean): TimeMethod {
  return { parameters: [timeType], result: boolType, call: (time, [other]) => holds(time.compare(timeOf(other))) };
}

function number(pick: (time: LocalTime) => number): TimeMethod {
  return { parameters: [], result: intType, call: (time) => int(pick(time.toLocal())) };
}

function text(parameters: readonly GoType[], call: (time: Time, args: readonly Argument[]) => string): TimeMethod {
  return { parameters, result: stringType, call };
}

function encoded(encode: (time: Time) => string): TimeMethod {
  return { parameters: [], result: bytesType, call: (time) => bytes(failing(() => encode(time))) };
}

/** The first argument is a []byte, which the result starts with. */
function appended(
  parameters: readonly GoType[],
  encode: (time: Time, args: readonly Argument[]) => string,
): TimeMethod {
  return {
    parameters: [bytesType, ...parameters],
    result: bytesType,
    call: (time, [start, ...args]) => bytes(bytesOf(start) + failing(() => encode(time, args))),
  };
}

/** Templates can call no function with several results, unless the second is an error. */
function severalResults(name: string, count: number): TimeMethod {
  return {
    parameters: [],
    result: intType,
    call: () => {
      throw new FunctionError(`invalid function signature for ${name}: ${count} results`);
    },
  };
}

function addDate(time: Time, [years, months, days]: readonly Argument[]): Time {
  return time.addDate(integerOf(years), integerOf(months), integerOf(days));
}

function since(time: Time, other: Time): DurationValue {
  return new DurationValue(time.sub(other));
}

function rfc3339(time: Time, errorPrefix: string): string {
  try {
    return timeRfc3339(time);
  } catch (error) {
    throw new Error(errorPrefix + messageOf(error), { cause: error });
  }
}

function failing(encode: () => string): string {
  try {
    return encode();
  } catch (error) {
    throw new FunctionError(messageOf(error), { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// The engine has checked the arguments' types; only a nil location gets through.

function integerOf(value: Argument | undefined): bigint {
  return value instanceof GoInt ? value.value : 0n;
}

function textOf(value: Argument | undefined): string {
  return typeof value === 'string' ? value : '';
}

function bytesOf(value: Argument | undefined): string {
  return value instanceof GoSlice ? bytesText(value) : '';
}

function timeOf(value: Argument | undefined): Time {
  if (value instanceof Time) return value;
  throw new FunctionError('expected time.Time');
}

function locationOf(value: Argument | undefined): Location {
  if (value instanceof Location) return value;
  throw new FunctionError('time: missing Location in call to Time.In');
}
