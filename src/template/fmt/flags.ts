/** The flags of one verb, and padding: what Go's fmt does with `%-8.3d`. */
import { runes } from '../text/utf8.ts';

export interface Flags {
  width: number | undefined;
  precision: number | undefined;
  minus: boolean;
  plus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  /** `%+v`: field names. */
  plusV: boolean;
  /** `%#v`: Go syntax. */
  sharpV: boolean;
  /** Values do not print themselves: inside of `%!d(time.Duration=5)`. */
  plain: boolean;
}

export function noFlags(): Flags {
  return {
    width: undefined,
    precision: undefined,
    minus: false,
    plus: false,
    sharp: false,
    space: false,
    zero: false,
    plusV: false,
    sharpV: false,
    plain: false,
  };
}

/** Pads to the width, which counts characters; zeros only go to the left. */
export function pad(text: string, flags: Flags): string {
  const { width, minus } = flags;
  if (width === undefined || width === 0) return text;
  const missing = width - countRunes(text);
  if (missing <= 0) return text;
  return minus ? text + ' '.repeat(missing) : padding(missing, flags) + text;
}

export function padding(count: number, { zero, minus }: Flags): string {
  return (zero && !minus ? '0' : ' ').repeat(Math.max(count, 0));
}

function countRunes(text: string): number {
  let count = 0;
  for (const _ of runes(text)) count += 1;
  return count;
}
