/** spf13/cast 1.10: any value as a number; what is none is 0. */
import { parseFloat64 } from '../strconv/float.ts';
import { minInt64, parseInt64 } from '../strconv/int.ts';
import { GoFloat32, GoInt, type Value } from '../value.ts';

/** `cast.ToInt64`: texts as Go literals (`010` is 8, `0x1F` is 31) whose fraction is cut off, floats cut as well. */
export function toInt64(value: Value): bigint {
  if (value instanceof GoInt) return BigInt.asIntN(64, value.value);
  if (typeof value === 'number') return truncate(value);
  if (value instanceof GoFloat32) return truncate(value.value);
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value !== 'string') return 0n;
  const parsed = parseInt64(withoutFraction(value), 0);
  return parsed.ok ? parsed.value : 0n;
}

/** What a processor of type amd64 makes of a float: the least integer of those that do not fit. */
function truncate(value: number): bigint {
  const isInRange = value >= -(2 ** 63) && value < 2 ** 63;
  return isInRange ? BigInt(Math.trunc(value)) : minInt64;
}

function withoutFraction(text: string): string {
  const match = /^([-+]?[0-9]*)\.[0-9]*$/.exec(text);
  if (match === null) return text;
  const [, whole = ''] = match;
  return /[0-9]/.test(whole) ? whole : `${whole}0`;
}

/** `cast.ToFloat64` */
export function toFloat64(value: Value): number {
  if (typeof value === 'number') return value;
  if (value instanceof GoInt) return Number(value.value);
  if (value instanceof GoFloat32) return value.value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'string' ? (parseFloat64(value) ?? 0) : 0;
}
