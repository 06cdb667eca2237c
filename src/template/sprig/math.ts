/** Sprig's arithmetic: int64 that wraps around, floats through decimals, and lists of integers. */
import { define, FunctionError, type FunctionRuntime, type TemplateFunction } from '../function.ts';
import { atoi, parseInt64 } from '../strconv/int.ts';
import { anyType, float64Type, int64Type, intType, sliceOf, stringType } from '../types.ts';
import { GoInt, GoSlice, int, int64, type Value } from '../value.ts';
import { any, float, integer, text } from './arguments.ts';
import { toFloat64, toInt64 } from './cast.ts';
import { add, type Decimal, decimalOf, divide, multiply, subtract, toFloat } from './decimal.ts';
import { printed } from './strval.ts';

const intsType = sliceOf(intType);

export const mathFunctions: readonly TemplateFunction[] = [
  define('add', [anyType], int64Type, (args) => int64(args.map(toInt64).reduce((sum, each) => sum + each, 0n)), true),
  define('add1', [anyType], int64Type, ([value]) => int64(toInt64(any(value)) + 1n)),
  define('sub', [anyType, anyType], int64Type, ([a, b]) => int64(toInt64(any(a)) - toInt64(any(b)))),
  define('div', [anyType, anyType], int64Type, ([a, b]) => int64(toInt64(any(a)) / divisor(any(b)))),
  define('mod', [anyType, anyType], int64Type, ([a, b]) => int64(toInt64(any(a)) % divisor(any(b)))),
  define('mul', [anyType, anyType], int64Type, (args) => int64(args.map(toInt64).reduce(wrappingProduct, 1n)), true),
  ...['max', 'biggest'].map((name) => fold(name, (a, b) => (b > a ? b : a))),
  fold('min', (a, b) => (b < a ? b : a)),
  foldFloats('maxf', (a, b) => (a === Infinity || b === Infinity ? Infinity : Math.max(a, b))),
  foldFloats('minf', (a, b) => (a === -Infinity || b === -Infinity ? -Infinity : Math.min(a, b))),
  define('addf', [anyType], float64Type, (args) => toFloat(args.map(decimal).reduce(add, decimalOf(0))), true),
  define('add1f', [anyType], float64Type, ([value]) => toFloat(add(decimal(any(value)), decimalOf(1)))),
  foldDecimals('subf', subtract),
  foldDecimals('mulf', multiply),
  foldDecimals('divf', divide),
  define('floor', [anyType], float64Type, ([value]) => Math.floor(toFloat64(any(value)))),
  define('ceil', [anyType], float64Type, ([value]) => Math.ceil(toFloat64(any(value)))),
  define(
    'round',
    [anyType, intType, float64Type],
    float64Type,
    ([value, places, roundOn]) =>
      round(toFloat64(any(value)), integer(places), roundOn === undefined ? 0.5 : float(roundOn)),
    true,
  ),
  define('int', [anyType], intType, ([value]) => int(toInt64(any(value)))),
  define('int64', [anyType], int64Type, ([value]) => int64(toInt64(any(value)))),
  define('float64', [anyType], float64Type, ([value]) => toFloat64(any(value))),
  define('atoi', [stringType], intType, ([value]) => int(atoi(text(value)))),
  define('toDecimal', [anyType], int64Type, ([value], runtime) => int64(fromOctal(printed(any(value), runtime)))),
  define('until', [intType], intsType, ([count], runtime) => ints(until(whole(count), runtime))),
  define('untilStep', [intType, intType, intType], intsType, ([start, stop, step], runtime) =>
    ints(untilStep(whole(start), whole(stop), whole(step), runtime)),
  ),
  define('seq', [intType], stringType, (params, runtime) => seq(params.map(whole), runtime).join(' '), true),
];

function divisor(value: Value): bigint {
  const number = toInt64(value);
  if (number === 0n) throw new FunctionError('runtime error: integer divide by zero');
  return number;
}

/** Wraps at every step, so that the numbers do not grow. */
function wrappingProduct(a: bigint, b: bigint): bigint {
  return BigInt.asIntN(64, a * b);
}

function fold(name: string, choose: (a: bigint, b: bigint) => bigint): TemplateFunction {
  return define(name, [anyType, anyType], int64Type, (args) => int64(args.map(toInt64).reduce(choose)), true);
}

function foldFloats(name: string, choose: (a: number, b: number) => number): TemplateFunction {
  return define(
    name,
    [anyType, anyType],
    float64Type,
    (args) => args.map(toFloat64).reduce((a, b) => choose(a, b)),
    true,
  );
}

function foldDecimals(name: string, operate: (a: Decimal, b: Decimal) => Decimal): TemplateFunction {
  return define(
    name,
    [anyType, anyType],
    float64Type,
    (args) => toFloat(args.map(decimal).reduce((a, b) => operate(a, b))),
    true,
  );
}

function decimal(value: Value): Decimal {
  return decimalOf(toFloat64(value));
}

/** By ceiling and floor: a fraction of `roundOn` or more is rounded up, negative ones are always rounded down. */
function round(value: number, places: number, roundOn: number): number {
  const power = powerOfTen(places);
  const shifted = power * value;
  const fraction = shifted - Math.trunc(shifted);
  return (fraction >= roundOn ? Math.ceil(shifted) : Math.floor(shifted)) / power;
}

/** Go's math.Pow(10, exponent): squares and multiplies mantissas, whose last bits JavaScript's `**` may not share. */
function powerOfTen(exponent: number): number {
  if (exponent === 0) return 1;
  if (Math.abs(exponent) >= 2 ** 63) return exponent < 0 ? 0 : Number.POSITIVE_INFINITY;
  let result = 1;
  let resultExponent = 0;
  let square = 10 / 16;
  let squareExponent = 4;
  for (let left = Math.abs(exponent); left > 0 && squareExponent < 4096; left = Math.floor(left / 2)) {
    if (left % 2 === 1) {
      result *= square;
      resultExponent += squareExponent;
    }
    square *= square;
    squareExponent *= 2;
    if (square < 0.5) {
      square += square;
      squareExponent--;
    }
  }
  if (exponent === 1) return 10;
  return exponent > 0 ? scaleByTwo(result, resultExponent) : scaleByTwo(1 / result, -resultExponent);
}

function scaleByTwo(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}

/** Reads a text as octal, which is how Unix modes are written. */
function fromOctal(value: string): bigint {
  const parsed = parseInt64(value, 8);
  return parsed.ok ? parsed.value : 0n;
}

function whole(value: Value | undefined): bigint {
  return value instanceof GoInt ? value.value : BigInt(integer(value));
}

function ints(values: readonly bigint[]): GoSlice {
  return new GoSlice(intsType, values.map(int));
}

function until(count: bigint, runtime: FunctionRuntime): bigint[] {
  return untilStep(0n, count, count < 0n ? -1n : 1n, runtime);
}

/** Nothing when the step leads away from the end. */
function untilStep(start: bigint, stop: bigint, step: bigint, { budget }: FunctionRuntime): bigint[] {
  const distance = stop < start ? start - stop : stop - start;
  const stride = stop < start ? -step : step;
  if (stride <= 0n) return [];
  const count = (distance + stride - 1n) / stride;
  budget.charge(Number(count));
  return Array.from({ length: Number(count) }, (_, index) => start + BigInt(index) * step);
}

/** As the Unix command: `seq last`, `seq first last`, `seq first step last`. */
function seq(params: readonly bigint[], runtime: FunctionRuntime): bigint[] {
  if (params.length === 0 || params.length > 3) return [];
  const first = params.length === 1 ? 1n : (params[0] ?? 1n);
  const last = params.at(-1) ?? 0n;
  const direction = last < first ? -1n : 1n;
  const step = params.length === 3 ? (params[1] ?? 1n) : direction;
  if (params.length === 3 && last < first && step > 0n) return [];
  return untilStep(first, last + direction, step, runtime);
}
