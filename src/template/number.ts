/** Number literals: which of Go's types a constant can take, decided when the template is parsed. */
import { parseFloat64 } from './strconv/float.ts';
import { parseInt64, parseUint64 } from './strconv/int.ts';
import { quote } from './strconv/quote.ts';
import { unquoteChar } from './strconv/unquote.ts';

/** An untyped constant: each member is there when the constant can be of that type. */
export interface NumberConstant {
  readonly text: string;
  readonly int?: bigint;
  readonly uint?: bigint;
  readonly float?: number;
  readonly complex?: { readonly re: number; readonly im: number };
}

export type ParsedNumber =
  | { readonly ok: true; readonly number: NumberConstant }
  | { readonly ok: false; readonly message: string };

/** @param kind the token's */
export function parseNumber(text: string, kind: 'number' | 'complex' | 'charConstant'): ParsedNumber {
  if (kind === 'charConstant') return parseChar(text);
  if (kind === 'complex') return parseComplex(text);
  if (text.endsWith('i')) {
    const im = parseFloat64(text.slice(0, -1));
    if (im !== undefined) return { ok: true, number: simplify(text, 0, im) };
  }
  return parseReal(text);
}

function parseChar(text: string): ParsedNumber {
  const char = unquoteChar(text, 1, "'");
  if (char === undefined) return { ok: false, message: 'invalid syntax' };
  if (text.slice(char.end) !== "'") return { ok: false, message: `malformed character constant: ${text}` };
  const value = BigInt(char.code);
  return { ok: true, number: { text, int: value, uint: value, float: char.code } };
}

function parseComplex(text: string): ParsedNumber {
  const split = Math.max(text.lastIndexOf('+'), text.lastIndexOf('-'));
  const atExponent = /[eEpP]/.test(text[split - 1] ?? '');
  const at = atExponent ? Math.max(text.lastIndexOf('+', split - 1), text.lastIndexOf('-', split - 1)) : split;
  const re = parseFloat64(text.slice(0, at));
  const im = parseFloat64(text.slice(at, -1));
  if (re === undefined || im === undefined) return { ok: false, message: 'syntax error scanning complex number' };
  return { ok: true, number: simplify(text, re, im) };
}

/** A complex constant without an imaginary part can be real as well. */
function simplify(text: string, re: number, im: number): NumberConstant {
  const complex = { re, im };
  return im === 0 ? { text, complex, ...floatMembers(re) } : { text, complex };
}

/** Integers come first, so that `0x123` and the like are read; a float that is whole can be an integer too. */
function parseReal(text: string): ParsedNumber {
  const int = parseInt64(text, 0);
  const uint = parseUint64(text, 0);
  if (int.ok) {
    const asUint = uint.ok ? uint.value : int.value === 0n ? 0n : undefined;
    const number = { text, int: int.value, float: Number(int.value) };
    return { ok: true, number: asUint === undefined ? number : { ...number, uint: asUint } };
  }
  if (uint.ok) return { ok: true, number: { text, uint: uint.value, float: Number(uint.value) } };
  const float = parseFloat64(text);
  if (float === undefined) return { ok: false, message: `illegal number syntax: ${quote(text)}` };
  if (!/[.eEpP]/.test(text)) return { ok: false, message: `integer overflow: ${quote(text)}` };
  return { ok: true, number: { text, ...floatMembers(float) } };
}

function floatMembers(float: number): Omit<NumberConstant, 'text'> {
  const isWhole = Number.isInteger(float);
  const int = isWhole && Math.abs(float) < 2 ** 63 ? BigInt(float) : undefined;
  const uint = isWhole && float >= 0 && float < 2 ** 64 ? BigInt(float) : undefined;
  return { float, ...(int !== undefined && { int }), ...(uint !== undefined && { uint }) };
}
