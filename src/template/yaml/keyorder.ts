/** The order in which go-yaml writes the keys of a mapping: letters after other characters, numbers by value. */

const letter = /^\p{L}$/u;
const digit = /^\p{Nd}$/u;

export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  return isBefore(Array.from(a), Array.from(b)) ? -1 : 1;
}

function isBefore(a: readonly string[], b: readonly string[]): boolean {
  const at = firstDifference(a, b);
  if (at === undefined) return a.length < b.length;
  const [left, right] = [a[at] ?? '', b[at] ?? ''];
  const [leftIsLetter, rightIsLetter] = [letter.test(left), letter.test(right)];
  if (leftIsLetter && rightIsLetter) return codeOf(left) < codeOf(right);
  if (leftIsLetter || rightIsLetter) return rightIsLetter;
  const seed = (left === '0' || right === '0') && followsNonZeroDigit(a, at) ? 1n : 0n;
  const leftNumber = readNumber(a, at, seed);
  const rightNumber = readNumber(b, at, seed);
  if (leftNumber.value !== rightNumber.value) return leftNumber.value < rightNumber.value;
  if (leftNumber.end !== rightNumber.end) return leftNumber.end < rightNumber.end;
  return codeOf(left) < codeOf(right);
}

function firstDifference(a: readonly string[], b: readonly string[]): number | undefined {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return i;
  return undefined;
}

/** True when the digits just before `at` are part of a number that began with something other than zeros. */
function followsNonZeroDigit(chars: readonly string[], at: number): boolean {
  for (let j = at - 1; j >= 0 && digit.test(chars[j] ?? ''); j--) if (chars[j] !== '0') return true;
  return false;
}

function readNumber(chars: readonly string[], at: number, seed: bigint): { value: bigint; end: number } {
  let value = seed;
  let end = at;
  for (; digit.test(chars[end] ?? ''); end++) {
    value = BigInt.asIntN(64, value * 10n + BigInt(codeOf(chars[end] ?? '0') - 0x30));
  }
  return { value, end };
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}
