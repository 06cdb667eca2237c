/** Decimal arithmetic as shopspring/decimal 1.4 does it between floats: exact, but quotients have 16 decimals. */
import { FunctionError } from '../function.ts';
import { formatShortest } from '../strconv/float.ts';

/** `coefficient` times ten to the power of `exponent`. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

const divisionPrecision = 16;

/** The decimal that the shortest text of the float says. */
export function decimalOf(value: number): Decimal {
  if (!Number.isFinite(value)) throw new FunctionError(`Cannot create a Decimal from ${formatShortest(value)}`);
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { coefficient: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

export function toFloat({ coefficient, exponent }: Decimal): number {
  return coefficient === 0n ? 0 : Number(`${coefficient}e${exponent}`);
}

export function add(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  return { coefficient: scaled(a, exponent) + scaled(b, exponent), exponent };
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, { ...b, coefficient: -b.coefficient });
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { coefficient: a.coefficient * b.coefficient, exponent: a.exponent + b.exponent };
}

/** Rounds halves away from zero. */
export function divide(a: Decimal, b: Decimal): Decimal {
  if (b.coefficient === 0n) throw new FunctionError('decimal division by 0');
  const exponent = Math.min(a.exponent, b.exponent - divisionPrecision);
  const dividend = scaled(a, exponent);
  const divisor = scaled(b, exponent + divisionPrecision);
  const quotient = dividend / divisor;
  const remainder = dividend % divisor;
  const roundsUp = 2n * abs(remainder) >= abs(divisor);
  const sign = dividend < 0n === divisor < 0n ? 1n : -1n;
  return { coefficient: roundsUp ? quotient + sign : quotient, exponent: -divisionPrecision };
}

function scaled({ coefficient, exponent }: Decimal, to: number): bigint {
  return coefficient * 10n ** BigInt(exponent - to);
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
