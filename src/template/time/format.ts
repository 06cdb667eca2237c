/** Go's Time.Format and the text forms built on it. */
import { monthNames, weekdayNames } from './calendar.ts';
import { padded, quoteBytes } from './digits.ts';
import { type ElementKind, type LayoutElement, type OffsetForm, splitLayout } from './layout.ts';
import { local, utc } from './location.ts';
import type { LocalTime, Time } from './time.ts';

const shortNameLength = 3;
const rfc3339Nano = '2006-01-02T15:04:05.999999999Z07:00';
const plainOffset: OffsetForm = { iso: false, colon: false, minutes: true, seconds: false };

/** Renders the time by a Go layout. Layout and result are byte strings. */
export function formatTime(time: Time, layout: string): string {
  const formatted: Formatted = { ...time.toLocal(), nanosecond: time.nanosecond };
  let text = '';
  for (const { literal, element } of splitLayout(layout)) {
    text += literal;
    if (element !== undefined) text += formatters[element.kind](formatted, element);
  }
  return text;
}

/** A time as the elements of a layout see it. */
interface Formatted extends LocalTime {
  readonly nanosecond: number;
}

const formatters: Readonly<Record<ElementKind, (time: Formatted, element: LayoutElement) => string>> = {
  year: ({ date }) => padded(Math.abs(date.year) % 100, 2),
  longYear: ({ date }) => padded(date.year, 4),
  month: ({ date }) => monthName(date.month).slice(0, shortNameLength),
  longMonth: ({ date }) => monthName(date.month),
  numMonth: ({ date }) => String(date.month),
  zeroMonth: ({ date }) => padded(date.month, 2),
  weekday: ({ weekday }) => weekdayName(weekday).slice(0, shortNameLength),
  longWeekday: ({ weekday }) => weekdayName(weekday),
  day: ({ date }) => String(date.day),
  underDay: ({ date }) => String(date.day).padStart(2),
  zeroDay: ({ date }) => padded(date.day, 2),
  underYearDay: ({ yearDay }) => String(yearDay).padStart(3),
  zeroYearDay: ({ yearDay }) => padded(yearDay, 3),
  hour: ({ hour }) => padded(hour, 2),
  hour12: ({ hour }) => String(hour12(hour)),
  zeroHour12: ({ hour }) => padded(hour12(hour), 2),
  minute: ({ minute }) => String(minute),
  zeroMinute: ({ minute }) => padded(minute, 2),
  second: ({ second }) => String(second),
  zeroSecond: ({ second }) => padded(second, 2),
  PM: ({ hour }) => (hour >= 12 ? 'PM' : 'AM'),
  pm: ({ hour }) => (hour >= 12 ? 'pm' : 'am'),
  zoneName: ({ zone, offset }) => (zone === '' ? formatOffset(offset, plainOffset) : zone),
  offset: ({ offset }, element) => formatOffset(offset, element.offset ?? plainOffset),
  fraction0: ({ nanosecond }, element) => separator(element) + fractionDigits(nanosecond, element),
  fraction9: ({ nanosecond }, element) => trimmedFraction(nanosecond, element),
};

/** The name of a month, 1 to 12. */
export function monthName(month: number): string {
  return monthNames[month - 1] ?? '';
}

/** The name of a weekday; 0 is Sunday. */
export function weekdayName(weekday: number): string {
  return weekdayNames[weekday] ?? '';
}

function hour12(hour: number): number {
  return hour % 12 === 0 ? 12 : hour % 12;
}

function formatOffset(offset: number, form: OffsetForm): string {
  if (offset === 0 && form.iso) return 'Z';
  // Whole minutes decide the sign: an offset of -30 seconds is written with a plus.
  const minutes = Math.trunc(offset / 60);
  const sign = minutes < 0 ? '-' : '+';
  const colon = form.colon ? ':' : '';
  let text = sign + padded(Math.floor(Math.abs(minutes) / 60), 2);
  if (form.minutes) text += colon + padded(Math.abs(minutes) % 60, 2);
  if (form.seconds) text += colon + padded((minutes < 0 ? -offset : offset) % 60, 2);
  return text;
}

/** Digits are cut, not rounded. */
function fractionDigits(nanosecond: number, element: LayoutElement): string {
  return padded(nanosecond, 9).slice(0, element.digits ?? 0);
}

/** A fraction of nines loses trailing zeros, and the separator with the last of its digits. */
function trimmedFraction(nanosecond: number, element: LayoutElement): string {
  const digits = fractionDigits(nanosecond, element).replace(/0+$/, '');
  return digits === '' ? '' : separator(element) + digits;
}

function separator(element: LayoutElement): string {
  return element.text.slice(0, 1);
}

/** Go's String method, with the monotonic reading of a `now`. */
export function timeString(time: Time): string {
  const text = formatTime(time, '2006-01-02 15:04:05.999999999 -0700 MST');
  return time.monotonic === undefined ? text : `${text} m=${monotonicString(time.monotonic)}`;
}

/** Seconds with nine decimals and a sign. */
function monotonicString(reading: bigint): string {
  const digits = String(reading < 0n ? -reading : reading).padStart(10, '0');
  return `${reading < 0n ? '-' : '+'}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

/** Go's GoString method: the expression that makes the time. */
export function timeGoString(time: Time): string {
  const { date, hour, minute, second } = time.toLocal();
  const parts = [
    date.year,
    `time.${monthName(date.month)}`,
    date.day,
    hour,
    minute,
    second,
    time.nanosecond,
    locationGoString(time),
  ];
  return `time.Date(${parts.join(', ')})`;
}

function locationGoString(time: Time): string {
  if (time.location === utc) return 'time.UTC';
  if (time.location === local) return 'time.Local';
  return `time.Location(${quoteBytes(time.location.name)})`;
}

/** RFC 3339 as JSON and text encodings write it; throws where the standard has no form for the time. */
export function timeRfc3339(time: Time): string {
  const text = formatTime(time, rfc3339Nano);
  const { date, offset } = time.toLocal();
  if (date.year < 0 || date.year > 9999) throw new Error('year outside of range [0,9999]');
  if (Math.abs(offset) >= 24 * 3600) throw new Error('timezone hour outside of range [0,23]');
  return text;
}
