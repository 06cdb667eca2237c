/** Go's reference layouts ("2006-01-02T15:04:05Z07:00"): how a layout splits into literals and elements. */
import { isDigitAt } from './digits.ts';

/** The elements of a layout, named by what they stand for. `fraction0` and `fraction9` also have digits. */
export type ElementKind =
  | 'longMonth'
  | 'month'
  | 'numMonth'
  | 'zeroMonth'
  | 'longWeekday'
  | 'weekday'
  | 'day'
  | 'underDay'
  | 'zeroDay'
  | 'underYearDay'
  | 'zeroYearDay'
  | 'hour'
  | 'hour12'
  | 'zeroHour12'
  | 'minute'
  | 'zeroMinute'
  | 'second'
  | 'zeroSecond'
  | 'longYear'
  | 'year'
  | 'PM'
  | 'pm'
  | 'zoneName'
  | 'offset'
  | 'fraction0'
  | 'fraction9';

/** How a zone offset is written. */
export interface OffsetForm {
  /** "Z" stands for offset 0. */
  readonly iso: boolean;
  readonly colon: boolean;
  readonly minutes: boolean;
  readonly seconds: boolean;
}

export interface LayoutElement {
  readonly kind: ElementKind;
  /** The element as the layout spells it. */
  readonly text: string;
  readonly offset?: OffsetForm;
  /** Only of fractions: the number of digits. */
  readonly digits?: number;
}

export interface LayoutStep {
  /** Literal text before the element. */
  readonly literal: string;
  /** Absent at the end of the layout. */
  readonly element?: LayoutElement;
}

/** The elements that are plain text, longest first among those with a common start. */
const fixedElements: ReadonlyMap<string, readonly (readonly [string, ElementKind])[]> = new Map([
  [
    '0',
    pairs(
      '01 zeroMonth',
      '02 zeroDay',
      '03 zeroHour12',
      '04 zeroMinute',
      '05 zeroSecond',
      '06 year',
      '002 zeroYearDay',
    ),
  ],
  ['1', pairs('15 hour', '1 numMonth')],
  ['2', pairs('2006 longYear', '2 day')],
  ['3', pairs('3 hour12')],
  ['4', pairs('4 minute')],
  ['5', pairs('5 second')],
  ['P', pairs('PM PM')],
  ['p', pairs('pm pm')],
]);

/** The tails of "-07…" and "Z07…", in the order in which Go tries them. */
const offsetForms: readonly (readonly [string, Omit<OffsetForm, 'iso'>])[] = [
  ['070000', { colon: false, minutes: true, seconds: true }],
  ['07:00:00', { colon: true, minutes: true, seconds: true }],
  ['0700', { colon: false, minutes: true, seconds: false }],
  ['07:00', { colon: true, minutes: true, seconds: false }],
  ['07', { colon: false, minutes: false, seconds: false }],
];

/** Go keeps the number of digits in 12 bits. */
const fractionDigitsMask = 0xfff;

function pairs(...entries: string[]): (readonly [string, ElementKind])[] {
  return entries.map((entry) => {
    const [text = '', kind] = entry.split(' ');
    // The literals above name element kinds; a misspelt one fails the tests of every layout.
    return [text, kind as ElementKind] as const;
  });
}

/** The whole layout as steps; only the last step has no element. */
export function splitLayout(layout: string): LayoutStep[] {
  const steps: LayoutStep[] = [];
  let from = 0;
  for (let at = 0; at < layout.length; at += 1) {
    const found = elementAt(layout, at);
    if (found === undefined) continue;
    // "_2006" is a literal underscore before the year, so an element may start after `at`.
    const start = found.kind === 'longYear' && layout[at] === '_' ? at + 1 : at;
    steps.push({ literal: layout.slice(from, start), element: found });
    from = start + found.text.length;
    at = from - 1;
  }
  steps.push({ literal: layout.slice(from) });
  return steps;
}

function elementAt(layout: string, at: number): LayoutElement | undefined {
  const char = layout[at] ?? '';
  switch (char) {
    case 'J':
      return nameAt(layout, at, 'January', 'longMonth', 'Jan', 'month');
    case 'M':
      if (layout.startsWith('MST', at)) return { kind: 'zoneName', text: 'MST' };
      return nameAt(layout, at, 'Monday', 'longWeekday', 'Mon', 'weekday');
    case '_':
      return underscoreAt(layout, at);
    case '-':
    case 'Z':
      return offsetAt(layout, at, char === 'Z');
    case '.':
    case ',':
      return fractionAt(layout, at);
    default:
      return fixedAt(layout, at, char);
  }
}

/** A short name counts only when no lower-case letter follows ("Janet" is a literal). */
function nameAt(
  layout: string,
  at: number,
  long: string,
  longKind: ElementKind,
  short: string,
  shortKind: ElementKind,
): LayoutElement | undefined {
  if (layout.startsWith(long, at)) return { kind: longKind, text: long };
  if (!layout.startsWith(short, at)) return undefined;
  const after = layout[at + short.length] ?? '';
  return after >= 'a' && after <= 'z' ? undefined : { kind: shortKind, text: short };
}

function underscoreAt(layout: string, at: number): LayoutElement | undefined {
  if (layout.startsWith('_2006', at)) return { kind: 'longYear', text: '2006' };
  if (layout.startsWith('_2', at)) return { kind: 'underDay', text: '_2' };
  return layout.startsWith('__2', at) ? { kind: 'underYearDay', text: '__2' } : undefined;
}

function offsetAt(layout: string, at: number, iso: boolean): LayoutElement | undefined {
  for (const [tail, form] of offsetForms) {
    if (layout.startsWith(tail, at + 1)) {
      return { kind: 'offset', text: layout.slice(at, at + 1 + tail.length), offset: { iso, ...form } };
    }
  }
  return undefined;
}

/** A point or comma and a run of one digit, 0 or 9, that no other digit follows. */
function fractionAt(layout: string, at: number): LayoutElement | undefined {
  const digit = layout[at + 1];
  if (digit !== '0' && digit !== '9') return undefined;
  let end = at + 1;
  while (layout[end] === digit) end += 1;
  if (isDigitAt(layout, end)) return undefined;
  const kind = digit === '0' ? 'fraction0' : 'fraction9';
  return { kind, text: layout.slice(at, end), digits: (end - at - 1) & fractionDigitsMask };
}

function fixedAt(layout: string, at: number, char: string): LayoutElement | undefined {
  const found = fixedElements.get(char)?.find(([text]) => layout.startsWith(text, at));
  return found && { kind: found[1], text: found[0] };
}
