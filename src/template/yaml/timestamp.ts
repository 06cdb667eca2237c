/** Recognises YAML 1.1 timestamps, which stay strings when read and are quoted when written. */

const dateTime =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+](\d\d):(\d\d)))| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)?$/;

/** True for the formats that go-yaml tries: a date, a date and a zoned time after T, or a zoneless one after a space. */
export function isTimestamp(text: string): boolean {
  const match = dateTime.exec(text);
  if (match === null) return false;
  const part = (group: number): number => Number(match[group] ?? '0');
  return (
    isDate(part(1), part(2), part(3)) &&
    part(4) + part(9) < 24 &&
    part(5) + part(10) < 60 &&
    part(6) + part(11) < 60 &&
    part(7) <= 24 &&
    part(8) <= 60
  );
}

function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day <= days;
}
