/** Which values fit which parameters: Go's assignability as text/template applies it to arguments. */
import { anyType, errorType, type GoType, reflectValueType } from './types.ts';
import { GoErrorValue, typeOf, type Value, zeroOf } from './value.ts';

/** A value as a parameter takes it, or the reason why it does not. */
export type Fit = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };

/** `validateType` of Go's text/template. */
export function fitValue(value: Value, type: GoType): Fit {
  if (value === null) {
    if (!canBeNil(type)) return { ok: false, message: `invalid value; expected ${type.name}` };
    return { ok: true, value: type.kind === 'slice' || type.kind === 'map' ? zeroOf(type) : null };
  }
  if (type.name === reflectValueType.name || isAssignable(value, type)) return { ok: true, value };
  return { ok: false, message: `wrong type for value; expected ${type.name}; got ${typeOf(value)?.name ?? 'nil'}` };
}

export function canBeNil({ kind, name }: GoType): boolean {
  return ['func', 'interface', 'map', 'ptr', 'slice'].includes(kind) || name === reflectValueType.name;
}

/** Types are the same when their names are; a pointer also fits where its struct is asked for. */
function isAssignable(value: Value, type: GoType): boolean {
  if (type.name === anyType.name) return true;
  if (type.name === errorType.name) return value instanceof GoErrorValue;
  const own = typeOf(value);
  return own?.name === type.name || (own?.kind === 'ptr' && own.elem?.name === type.name);
}
