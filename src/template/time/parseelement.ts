/** Matching one layout element against the start of a value, as Go's time.Parse does. */
import { monthNames, weekdayNames } from './calendar.ts';
import { digitRun, isDigitAt, leadingInt, signedInt } from './digits.ts';
import type { ElementKind, LayoutElement, OffsetForm } from './layout.ts';
import { type Location, utc } from './location.ts';

/** What the elements matched so far have said; what none has said is absent. */
export interface Fields {
  year: number;
  month?: number;
  day?: number;
  yearDay?: number;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
  am?: boolean;
  pm?: boolean;
  /** Only UTC, said by "Z" or "UTC". */
  zone?: Location;
  /** Seconds east of UTC. */
  zoneOffset?: number;
  zoneName: string;
}

/** A value that matches the layout but is no time: "hour out of range". */
export class FieldError extends Error {
  override name = 'FieldError';
}

const shortMonthNames = monthNames.map((name) => name.slice(0, 3));
const shortWeekdayNames = weekdayNames.map((name) => name.slice(0, 3));

/** Two-digit years from here on are of the 20th century. */
const firstYearOf1900s = 69;
/** A fraction is read to nanoseconds: the separator and nine digits. */
const fractionLength = 10;

interface Matching {
  readonly value: string;
  readonly fields: Fields;
  readonly element: LayoutElement;
  /** The element that follows in the layout. */
  readonly next: LayoutElement | undefined;
}

type Matcher = (matching: Matching) => string | undefined;

const matchers: Readonly<Record<ElementKind, Matcher>> = {
  year: ({ value, fields }) => matchShortYear(value, fields),
  longYear: ({ value, fields }) => matchLongYear(value, fields),
  month: ({ value, fields }) => matchMonthName(value, shortMonthNames, fields),
  longMonth: ({ value, fields }) => matchMonthName(value, monthNames, fields),
  numMonth: ({ value, fields }) => matchMonth(value, 1, fields),
  zeroMonth: ({ value, fields }) => matchMonth(value, 2, fields),
  weekday: ({ value }) => matchName(value, shortWeekdayNames)?.rest,
  longWeekday: ({ value }) => matchName(value, weekdayNames)?.rest,
  day: ({ value, fields }) => matchDay(value, 1, fields),
  underDay: ({ value, fields }) => matchDay(withoutSpace(value), 1, fields),
  zeroDay: ({ value, fields }) => matchDay(value, 2, fields),
  underYearDay: ({ value, fields }) => matchYearDay(withoutSpace(withoutSpace(value)), 1, fields),
  zeroYearDay: ({ value, fields }) => matchYearDay(value, 3, fields),
  hour: ({ value, fields }) => matchHour(value, 1, 23, fields),
  hour12: ({ value, fields }) => matchHour(value, 1, 12, fields),
  zeroHour12: ({ value, fields }) => matchHour(value, 2, 12, fields),
  minute: ({ value, fields }) => matchMinute(value, 1, fields),
  zeroMinute: ({ value, fields }) => matchMinute(value, 2, fields),
  second: (matching) => matchSecond(matching, 1),
  zeroSecond: (matching) => matchSecond(matching, 2),
  PM: ({ value, fields }) => matchHalf(value, 'AM', 'PM', fields),
  pm: ({ value, fields }) => matchHalf(value, 'am', 'pm', fields),
  offset: ({ value, fields, element }) => matchOffset(value, element.offset, fields),
  zoneName: ({ value, fields }) => matchZoneName(value, fields),
  fraction0: ({ value, fields, element }) => matchFraction(value, 1 + (element.digits ?? 0), fields),
  fraction9: ({ value, fields }) => matchAnyFraction(value, fields),
};

/**
 * Sets the fields that the element stands for and returns the value after it; undefined when it does not match.
 * Throws FieldError for a number out of its range.
 */
export function matchElement(matching: Matching): string | undefined {
  return matchers[matching.element.kind](matching);
}

function matchShortYear(value: string, fields: Fields): string | undefined {
  const year = value.length < 2 ? undefined : signedInt(value.slice(0, 2));
  if (year === undefined) return undefined;
  fields.year = year + (year >= firstYearOf1900s ? 1900 : 2000);
  return value.slice(2);
}

function matchLongYear(value: string, fields: Fields): string | undefined {
  if (digitRun(value.slice(0, 4)) < 4) return undefined;
  fields.year = Number(value.slice(0, 4));
  return value.slice(4);
}

/** Names match in any case. */
function matchName(value: string, names: readonly string[]): { index: number; rest: string } | undefined {
  const index = names.findIndex((name) => value.slice(0, name.length).toLowerCase() === name.toLowerCase());
  const name = names[index];
  return name === undefined ? undefined : { index, rest: value.slice(name.length) };
}

function matchMonthName(value: string, names: readonly string[], fields: Fields): string | undefined {
  const match = matchName(value, names);
  if (match !== undefined) fields.month = match.index + 1;
  return match?.rest;
}

/** At least `fewest` and at most `most` digits. */
function matchNumber(value: string, fewest: number, most = 2): { number: number; rest: string } | undefined {
  const length = digitRun(value.slice(0, most));
  return length < fewest ? undefined : { number: Number(value.slice(0, length)), rest: value.slice(length) };
}

function matchMonth(value: string, fewest: number, fields: Fields): string | undefined {
  const match = matchNumber(value, fewest);
  if (match !== undefined) fields.month = inRange(match.number, 1, 12, 'month');
  return match?.rest;
}

/** Whether the month has the day shows only at the end. */
function matchDay(value: string, fewest: number, fields: Fields): string | undefined {
  const match = matchNumber(value, fewest);
  if (match !== undefined) fields.day = match.number;
  return match?.rest;
}

function matchYearDay(value: string, fewest: number, fields: Fields): string | undefined {
  const match = matchNumber(value, fewest, 3);
  if (match !== undefined) fields.yearDay = match.number;
  return match?.rest;
}

function matchHour(value: string, fewest: number, last: number, fields: Fields): string | undefined {
  const match = matchNumber(value, fewest);
  if (match !== undefined) fields.hour = inRange(match.number, 0, last, 'hour');
  return match?.rest;
}

function matchMinute(value: string, fewest: number, fields: Fields): string | undefined {
  const match = matchNumber(value, fewest);
  if (match !== undefined) fields.minute = inRange(match.number, 0, 59, 'minute');
  return match?.rest;
}

/** A fraction after the seconds is read even where the layout has none. */
function matchSecond({ value, fields, next }: Matching, fewest: number): string | undefined {
  const match = matchNumber(value, fewest);
  if (match === undefined) return undefined;
  fields.second = inRange(match.number, 0, 59, 'second');
  if (next?.kind === 'fraction0' || next?.kind === 'fraction9') return match.rest;
  return matchAnyFraction(match.rest, fields);
}

/** A fraction of any length, or none. */
function matchAnyFraction(value: string, fields: Fields): string | undefined {
  const present = (value[0] === '.' || value[0] === ',') && isDigitAt(value, 1);
  return present ? matchFraction(value, 1 + digitRun(value, 1), fields) : value;
}

/** A separator and digits, `length` characters in all; digits beyond nanoseconds are dropped. */
function matchFraction(value: string, length: number, fields: Fields): string | undefined {
  if (value.length < length || (value[0] !== '.' && value[0] !== ',')) return undefined;
  const digits = value.slice(1, Math.min(length, fractionLength));
  const fraction = signedInt(digits);
  if (fraction === undefined) return undefined;
  if (fraction < 0) throw new FieldError('fractional second out of range');
  fields.nanosecond = fraction * 10 ** (fractionLength - 1 - digits.length);
  return value.slice(length);
}

function matchHalf(value: string, am: string, pm: string, fields: Fields): string | undefined {
  const text = value.slice(0, 2);
  if (text !== am && text !== pm) return undefined;
  if (text === pm) fields.pm = true;
  else fields.am = true;
  return value.slice(2);
}

function matchOffset(value: string, form: OffsetForm | undefined, fields: Fields): string | undefined {
  if (form === undefined) return undefined;
  if (form.iso && value.startsWith('Z')) {
    fields.zone = utc;
    return value.slice(1);
  }
  const parts = splitOffset(value, form);
  if (parts === undefined) return undefined;
  const [hours, minutes, seconds] = leadingNumbers(parts.numbers);
  // 24 hours and 60 minutes or seconds pass: some people write such offsets. Go names the last that does not.
  inRange(seconds ?? 0, 0, 60, 'time zone offset second');
  inRange(minutes ?? 0, 0, 60, 'time zone offset minute');
  inRange(hours ?? 0, 0, 24, 'time zone offset hour');
  if (seconds === undefined || minutes === undefined || hours === undefined) return undefined;
  if (parts.sign !== '+' && parts.sign !== '-') return undefined;
  const offset = (hours * 60 + minutes) * 60 + seconds;
  fields.zoneOffset = parts.sign === '-' ? -offset : offset;
  return parts.rest;
}

/** The numbers up to the first that is not two digits. */
function leadingNumbers(texts: readonly string[]): number[] {
  const bad = texts.findIndex((text) => digitRun(text) !== 2);
  return texts.slice(0, bad === -1 ? texts.length : bad).map(Number);
}

/** Cuts "+hh[:mm[:ss]]" by position; undefined when it is too short or a colon is missing. */
function splitOffset(
  value: string,
  form: OffsetForm,
): { sign: string; numbers: readonly string[]; rest: string } | undefined {
  const gap = form.colon ? 1 : 0;
  const minutesAt = 3 + gap;
  const secondsAt = minutesAt + 2 + gap;
  const length = form.seconds ? secondsAt + 2 : form.minutes ? minutesAt + 2 : 3;
  if (value.length < length) return undefined;
  if (form.colon && (value[3] !== ':' || (form.seconds && value[minutesAt + 2] !== ':'))) return undefined;
  const minutes = form.minutes ? value.slice(minutesAt, minutesAt + 2) : '00';
  const seconds = form.seconds ? value.slice(secondsAt, secondsAt + 2) : '00';
  return { sign: value.slice(0, 1), numbers: [value.slice(1, 3), minutes, seconds], rest: value.slice(length) };
}

function matchZoneName(value: string, fields: Fields): string | undefined {
  if (value.startsWith('UTC')) {
    fields.zone = utc;
    return value.slice(3);
  }
  const length = zoneNameLength(value);
  if (length === 0) return undefined;
  fields.zoneName = value.slice(0, length);
  return value.slice(length);
}

/** How much of the value looks like a zone abbreviation; 0 for none. */
function zoneNameLength(value: string): number {
  if (value.length < 3) return 0;
  if (value.startsWith('ChST') || value.startsWith('MeST')) return 4;
  if (value.startsWith('GMT')) return 3 + signedHourLength(value.slice(3));
  if (value[0] === '+' || value[0] === '-') return signedHourLength(value);
  const letters = /^[A-Z]{0,6}/.exec(value)?.[0] ?? '';
  if (letters.length === 3) return 3;
  if (letters === 'WITA') return 4;
  return (letters.length === 4 || letters.length === 5) && letters.endsWith('T') ? letters.length : 0;
}

/** The length of a sign and a number of hours below 24; 0 for none. */
function signedHourLength(value: string): number {
  if (value[0] !== '+' && value[0] !== '-') return 0;
  const hours = leadingInt(value.slice(1));
  const length = digitRun(value, 1);
  return hours === undefined || length === 0 || hours.value > 23n ? 0 : 1 + length;
}

function withoutSpace(value: string): string {
  return value.startsWith(' ') ? value.slice(1) : value;
}

function inRange(number: number, low: number, high: number, what: string): number {
  if (number < low || number > high) throw new FieldError(`${what} out of range`);
  return number;
}
