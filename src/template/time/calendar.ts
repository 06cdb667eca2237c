/** The proleptic Gregorian calendar as Go's time package counts it: 64-bit seconds, wrapping like Go's integers. */

export const secondsPerDay = 86_400;

/** Go's absolute epoch: 1 March of this many years before year 0. Every int64 time is a non-negative count from it. */
const absoluteYears = 292_277_022_400n;
const daysPer400Years = 146_097;
const marchThroughDecemberDays = 306n;

/** Seconds from 1 January of year 1 (what a time value counts from) to 1 January 1970. */
export const unixToInternal = 62_135_596_800n;
const internalToAbsolute = ((absoluteYears / 400n) * BigInt(daysPer400Years) + marchThroughDecemberDays) * 86_400n;
export const unixToAbsolute = unixToInternal + internalToAbsolute;

export const monthNames: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export const weekdayNames: readonly string[] = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
];

export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

/** A point of absolute time split into whole days and the second of that day. */
export interface AbsoluteTime {
  readonly days: number;
  readonly secondOfDay: number;
}

/** Splits Unix seconds (already shifted by the zone's offset) as Go's unsigned 64-bit absolute seconds. */
export function absoluteFromUnix(unixSeconds: bigint): AbsoluteTime {
  const absolute = BigInt.asUintN(64, unixSeconds + unixToAbsolute);
  return { days: Number(absolute / 86_400n), secondOfDay: Number(absolute % 86_400n) };
}

export function civilFromDays(days: number): CivilDate {
  const era = Math.floor(days / daysPer400Years);
  const dayOfEra = days - era * daysPer400Years;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 - Number(absoluteYears) + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}

/** Days since the absolute epoch, wrapping at 64 bits. `month` is 1 to 12; `day` may be any number. */
export function daysFromCivil(year: bigint, month: number, day: bigint): bigint {
  const janOrFeb = month < 3 ? 1 : 0;
  const years = BigInt.asUintN(64, year - BigInt(janOrFeb) + absoluteYears);
  const monthFromMarch = month + 12 * janOrFeb - 3;
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5);
  const centuryDays = BigInt.asUintN(64, 146_097n * (years / 100n)) / 4n;
  const daysOfCentury = (1461n * (years % 100n)) / 4n;
  return BigInt.asUintN(64, centuryDays + daysOfCentury + BigInt(dayOfYear) + day - 1n);
}

/** 0 is Sunday. The absolute epoch was a Wednesday. */
export function weekdayFromDays(days: number): number {
  return (days + 3) % 7;
}

/** 1 to 366. */
export function dayOfYear(date: CivilDate): number {
  return daysBefore(date.month) + date.day + (date.month > 2 && isLeapYear(date.year) ? 1 : 0);
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days of a common year before the month; `month` may be 13. */
export function daysBefore(month: number): number {
  let days = 0;
  for (let earlier = 1; earlier < month; earlier += 1) days += daysIn(earlier, 1);
  return days;
}

export function daysIn(month: number, year: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
