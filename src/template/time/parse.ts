/** Go's time.ParseInLocation for the process's zone, which is UTC. */
import { daysIn, isLeapYear } from './calendar.ts';
import { quoteBytes, signedInt } from './digits.ts';
import { type LayoutStep, splitLayout } from './layout.ts';
import { fixedZone, type Location, local, utc } from './location.ts';
import { FieldError, type Fields, matchElement } from './parseelement.ts';
import { dateTime, type Time } from './time.ts';

/** Reads `value` by a Go layout; throws with Go's message. Both are byte strings. */
export function parseTime(layout: string, value: string): Time {
  const fields: Fields = { year: 0, hour: 0, minute: 0, second: 0, nanosecond: 0, zoneName: '' };
  const steps = splitLayout(layout);
  try {
    let rest = value;
    steps.forEach((step, index) => {
      rest = takeStep(step, steps[index + 1], rest, fields);
    });
    return toTime(fields);
  } catch (error) {
    throw parseFailure(error, layout, value);
  }
}

function parseFailure(error: unknown, layout: string, value: string): unknown {
  const start = `parsing time ${quoteBytes(value)}`;
  if (error instanceof Mismatch) return new Error(`${start} as ${quoteBytes(layout)}: ${error.message}`);
  return error instanceof FieldError ? new Error(`${start}: ${error.message}`) : error;
}

/** Text that the layout does not match, where it stands. */
class Mismatch extends Error {
  override name = 'Mismatch';
  constructor(expected: string, found: string) {
    super(`cannot parse ${quoteBytes(found)} as ${quoteBytes(expected)}`);
  }
}

function takeStep(step: LayoutStep, next: LayoutStep | undefined, value: string, fields: Fields): string {
  const rest = skipLiteral(step.literal, value);
  if (step.element === undefined) {
    if (rest !== '') throw new FieldError(`extra text: ${quoteBytes(rest)}`);
    return '';
  }
  const after = matchElement({ value: rest, fields, element: step.element, next: next?.element });
  if (after === undefined) throw new Mismatch(step.element.text, rest);
  return after;
}

/** A run of spaces in the layout stands for any number of spaces, also none at the end of the value. */
function skipLiteral(literal: string, value: string): string {
  let rest = value;
  for (let at = 0; at < literal.length; at += 1) {
    if (literal[at] === ' ') {
      if (rest !== '' && !rest.startsWith(' ')) throw new Mismatch(literal, rest);
      while (literal[at + 1] === ' ') at += 1;
      rest = rest.replace(/^ +/, '');
    } else {
      if (rest[0] !== literal[at]) throw new Mismatch(literal, rest);
      rest = rest.slice(1);
    }
  }
  return rest;
}

function toTime(fields: Fields): Time {
  const { month, day } = monthAndDay(fields);
  if (day < 1 || day > daysIn(month, fields.year)) throw new FieldError('day out of range');
  const at = (zone: Location): Time =>
    dateTime(
      { year: BigInt(fields.year), month: BigInt(month), day: BigInt(day) },
      (hourOfDay(fields) * 60 + fields.minute) * 60 + fields.second,
      fields.nanosecond,
      zone,
    );
  if (fields.zone !== undefined) return at(fields.zone);
  // As in Go, -1 second is what no offset looks like.
  if (fields.zoneOffset !== undefined && fields.zoneOffset !== -1) {
    return atOffset(at(utc), fields.zoneOffset, fields.zoneName);
  }
  if (fields.zoneName !== '') return at(utc).in(namedZone(fields.zoneName));
  return at(local);
}

function hourOfDay({ hour, am, pm }: Fields): number {
  if (pm === true && hour < 12) return hour + 12;
  return am === true && pm !== true && hour === 12 ? 0 : hour;
}

function monthAndDay(fields: Fields): { month: number; day: number } {
  if (fields.yearDay === undefined) return { month: fields.month ?? 1, day: fields.day ?? 1 };
  const found = fromYearDay(fields.yearDay, fields.year);
  if (fields.month !== undefined && fields.month !== found.month) {
    throw new FieldError('day-of-year does not match month');
  }
  if (fields.day !== undefined && fields.day !== found.day) throw new FieldError('day-of-year does not match day');
  return found;
}

function fromYearDay(yearDay: number, year: number): { month: number; day: number } {
  if (yearDay < 1 || yearDay > (isLeapYear(year) ? 366 : 365)) throw new FieldError('day-of-year out of range');
  let month = 1;
  let day = yearDay;
  while (day > daysIn(month, year)) {
    day -= daysIn(month, year);
    month += 1;
  }
  return { month, day };
}

/** An offset of 0 is the process's own zone, unless the value names another one. */
function atOffset(time: Time, offset: number, name: string): Time {
  const isLocal = offset === 0 && (name === '' || name === 'UTC');
  return time.addSeconds(-BigInt(offset)).in(isLocal ? local : fixedZone(name, offset));
}

/** An abbreviation says nothing about its offset (0 is assumed), but for "GMT+3". */
function namedZone(name: string): Location {
  const hours = name.startsWith('GMT') && name.length > 3 ? (signedInt(name.slice(3)) ?? 0) : 0;
  return fixedZone(name, hours * 3600);
}
