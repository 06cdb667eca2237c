/** POSIX TZ rules ("EST5EDT,M3.2.0,M11.1.0"), which say what a zone does after its last known transition. */
import {
  absoluteFromUnix,
  civilFromDays,
  dayOfYear,
  daysBefore,
  daysIn,
  isLeapYear,
  secondsPerDay,
} from './calendar.ts';
import type { ZonePeriod } from './location.ts';

const secondsPerHour = 3600;
const defaultChangeTime = 2 * secondsPerHour;

/** `name offset [name [offset]] [,start,end]`; a name of other than letters stands in angle brackets. */
const rulePattern =
  /^(?:<([^>]+)>|([^-+0-9,<]{3,}))([-+]?[0-9:]+)(?:(?:<([^>]+)>|([^-+0-9,<]{3,}))([-+]?[0-9:]+)?,([^,]+),([^,]+))?$/;
const monthDayPattern = /^M([0-9]+)\.([0-9]+)\.([0-9]+)$/;

/** The period that holds at `unixSeconds`, which is at or after the zone's last transition; undefined for a bad rule. */
export function zoneRuleAt(rule: string, lastTransition: number, unixSeconds: bigint): ZonePeriod | undefined {
  const match = rulePattern.exec(rule);
  if (match === null) return undefined;
  const [, quotedStandard, plainStandard, standardOffset = '', quotedSaving, plainSaving, savingOffset, start, end] =
    match;
  const standard = {
    abbreviation: quotedStandard ?? plainStandard ?? '',
    offset: -clockSeconds(standardOffset),
    isDST: false,
  };
  if (start === undefined || end === undefined) {
    return { ...standard, start: lastTransition, end: Number.POSITIVE_INFINITY };
  }
  const saving = {
    abbreviation: quotedSaving ?? plainSaving ?? '',
    offset: savingOffset === undefined ? standard.offset + secondsPerHour : -clockSeconds(savingOffset),
    isDST: true,
  };
  const { days, secondOfDay } = absoluteFromUnix(unixSeconds);
  const date = civilFromDays(days);
  const secondOfYear = (dayOfYear(date) - 1) * secondsPerDay + secondOfDay;
  const yearStart = Number(unixSeconds) - secondOfYear;
  const changes = [
    { at: changeSecond(date.year, start) - standard.offset, before: standard, after: saving },
    { at: changeSecond(date.year, end) - saving.offset, before: saving, after: standard },
  ].sort((a, b) => a.at - b.at);
  return periodOfYear(changes, secondOfYear, yearStart);
}

/** A year has two changes; before the first holds what the second leads to. */
function periodOfYear(
  changes: readonly {
    at: number;
    before: Omit<ZonePeriod, 'start' | 'end'>;
    after: Omit<ZonePeriod, 'start' | 'end'>;
  }[],
  secondOfYear: number,
  yearStart: number,
): ZonePeriod | undefined {
  const [first, second] = changes;
  if (first === undefined || second === undefined) return undefined;
  if (secondOfYear < first.at) return { ...first.before, start: yearStart, end: yearStart + first.at };
  if (secondOfYear < second.at) return { ...first.after, start: yearStart + first.at, end: yearStart + second.at };
  return { ...second.after, start: yearStart + second.at, end: yearStart + 365 * secondsPerDay };
}

/** "[-+]h[:m[:s]]" in seconds. */
function clockSeconds(text: string): number {
  const [hours = '0', minutes = '0', seconds = '0'] = text.replace(/^[-+]/, '').split(':');
  const magnitude = Number(hours) * secondsPerHour + Number(minutes) * 60 + Number(seconds);
  return text.startsWith('-') ? -magnitude : magnitude;
}

/** The local second of the year at which a change ("M3.2.0/3", "J60", "59") happens. */
function changeSecond(year: number, change: string): number {
  const [day = '', time] = change.split('/');
  return changeDay(year, day) * secondsPerDay + (time === undefined ? defaultChangeTime : clockSeconds(time));
}

/** Days since 1 January. */
function changeDay(year: number, day: string): number {
  if (day.startsWith('J')) {
    const julian = Number(day.slice(1));
    return julian - 1 + (isLeapYear(year) && julian >= 60 ? 1 : 0);
  }
  const parts = monthDayPattern.exec(day);
  if (parts === null) return Number(day);
  const [month = 1, week = 1, weekday = 0] = parts.slice(1).map(Number);
  let dayOfMonth = (weekday - firstWeekday(year, month) + 7) % 7;
  for (let count = 1; count < week && dayOfMonth + 7 < daysIn(month, year); count += 1) dayOfMonth += 7;
  return dayOfMonth + daysBefore(month) + (month > 2 && isLeapYear(year) ? 1 : 0);
}

/** The weekday of the first of the month (Zeller's congruence). */
function firstWeekday(year: number, month: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const shiftedMonth = ((month + 9) % 12) + 1;
  const century = Math.floor(shiftedYear / 100);
  const yearOfCentury = shiftedYear - century * 100;
  const weekday =
    Math.floor((26 * shiftedMonth - 2) / 10) +
    1 +
    yearOfCentury +
    Math.floor(yearOfCentury / 4) +
    Math.floor(century / 4) -
    2 * century;
  return ((weekday % 7) + 7) % 7;
}
