/** Sprig's random texts and numbers, from the runtime's source of randomness. */
import { define, FunctionError, type FunctionRuntime, type TemplateFunction } from '../function.ts';
import { encodeRunes, runeCodes } from '../text/utf8.ts';
import { intType, stringType } from '../types.ts';
import { GoInt, int, type Value } from '../value.ts';
import { integer, text } from './arguments.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index)).join('');

/** Each character asks the runtime for randomness. */
const stepsPerDraw = 8;

export const randomFunctions: readonly TemplateFunction[] = [
  fromAlphabet('randAlphaNum', letters + digits),
  fromAlphabet('randAlpha', letters),
  fromAlphabet('randNumeric', digits),
  fromAlphabet('randAscii', ascii),
  define('randInt', [intType, intType], intType, randInt),
  define('shuffle', [stringType], stringType, ([value], runtime) => shuffle(text(value), runtime)),
  define('uuidv4', [], stringType, (_, runtime) => uuid(runtime)),
];

/** As many characters as asked for, each as likely; none for a negative count. */
function fromAlphabet(name: string, alphabet: string): TemplateFunction {
  return define(name, [intType], stringType, ([count], runtime) => {
    const length = Math.max(integer(count), 0);
    runtime.budget.charge(length * stepsPerDraw);
    let result = '';
    while (result.length < length) result += alphabet.charAt(Number(randomBelow(BigInt(alphabet.length), runtime)));
    return result;
  });
}

/** From the first number up to, but without, the second. */
function randInt([low, high]: readonly Value[], runtime: FunctionRuntime): Value {
  if (!(low instanceof GoInt) || !(high instanceof GoInt)) throw new TypeError('randInt takes two integers');
  const range = BigInt.asIntN(64, high.value - low.value);
  if (range <= 0n) throw new FunctionError('invalid argument to Intn');
  return int(low.value + randomBelow(range, runtime));
}

/** Draws from 0 up to `bound` with equal chances: what would make the low numbers more likely is drawn again. */
function randomBelow(bound: bigint, runtime: FunctionRuntime): bigint {
  const space = bound <= 256n ? 256n : 2n ** 64n;
  const fair = space - (space % bound);
  for (;;) {
    let drawn = 0n;
    for (const byte of runtime.randomBytes(space === 256n ? 1 : 8)) drawn = drawn * 256n + BigInt(byte);
    if (drawn < fair) return drawn % bound;
  }
}

/** Fisher and Yates' shuffle of the characters. */
function shuffle(value: string, runtime: FunctionRuntime): string {
  const codes = runeCodes(value);
  runtime.budget.charge(codes.length * stepsPerDraw);
  for (let i = codes.length - 1; i > 0; i--) {
    const j = Number(randomBelow(BigInt(i + 1), runtime));
    const [left = 0, right = 0] = [codes[i], codes[j]];
    codes[i] = right;
    codes[j] = left;
  }
  return encodeRunes(codes);
}

/** RFC 9562, version 4. */
function uuid(runtime: FunctionRuntime): string {
  const bytes = Buffer.from(runtime.randomBytes(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
