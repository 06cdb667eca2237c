/** Constants take the type that is asked of them; where nothing is asked they are int, float64 or complex128. */
import type { Fit } from './assign.ts';
import type { BoolNode, NumberNode, StringNode } from './node.ts';
import type { NumberConstant } from './number.ts';
import { operandText } from './source.ts';
import { type GoType, isSigned, isUnsigned } from './types.ts';
import { GoComplex, GoFloat32, GoInt, int, type Value } from './value.ts';

/** A number where any type will do. */
export function idealConstant(number: NumberConstant): Fit {
  if (number.complex !== undefined) return fit(new GoComplex(number.complex.re, number.complex.im));
  if (number.float !== undefined && looksLikeFloat(number.text)) return fit(number.float);
  if (number.int !== undefined) return fit(int(number.int));
  return { ok: false, message: `${number.text} overflows int` };
}

/** `0x1e` and `'e'` are integers. */
function looksLikeFloat(text: string): boolean {
  const isHexInteger = /^[-+]?0[xX]/.test(text) && !/[pP]/.test(text);
  return !isHexInteger && !text.startsWith("'") && /[.eEpP]/.test(text);
}

/** A literal where a parameter's type is asked for. */
export function constantFor(node: BoolNode | NumberNode | StringNode, type: GoType): Fit {
  const found = operandText(node);
  const number = node.kind === 'number' ? node.number : undefined;
  if (isSigned(type)) return integer(number?.int, type, `expected integer; found ${found}`);
  if (isUnsigned(type)) return integer(number?.uint, type, `expected unsigned integer; found ${found}`);
  switch (type.kind) {
    case 'bool':
      return node.kind === 'bool' ? fit(node.value) : refuse(`expected bool; found ${found}`);
    case 'string':
      return node.kind === 'string' ? fit(node.value) : refuse(`expected string; found ${found}`);
    case 'float64':
      return number?.float === undefined ? refuse(`expected float; found ${found}`) : fit(number.float);
    case 'float32':
      return number?.float === undefined ? refuse(`expected float; found ${found}`) : fit(new GoFloat32(number.float));
    case 'complex128':
      return number?.complex === undefined
        ? refuse(`expected complex; found ${found}`)
        : fit(new GoComplex(number.complex.re, number.complex.im));
    default:
      return refuse(`can't handle ${found} for arg of type ${type.name}`);
  }
}

function integer(value: bigint | undefined, type: GoType, message: string): Fit {
  return value === undefined ? refuse(message) : fit(new GoInt(type, value));
}

function fit(value: Value): Fit {
  return { ok: true, value };
}

function refuse(message: string): Fit {
  return { ok: false, message };
}
