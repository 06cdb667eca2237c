/** Fields, map entries and methods: what a name behind a dot means. */
import { canBeNil } from './assign.ts';
import { quote } from './strconv/quote.ts';
import { anyType } from './types.ts';
import { GoInt, GoMap, GoObject, type Method, typeOf, type Value, zeroOf } from './value.ts';

export type MissingKey = 'error' | 'default' | 'zero';

export type Member =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'method'; readonly method: Method }
  | { readonly kind: 'failure'; readonly message: string };

/** What is in front of the dot. */
export interface Receiver {
  readonly value: Value;
  /** It is an element of a `map[string]interface{}`: a nil there is a nil interface, which has no members at all. */
  readonly isInterface: boolean;
}

/** @param hasArguments a field or an entry takes none */
export function findMember(receiver: Receiver, name: string, missingKey: MissingKey, hasArguments: boolean): Member {
  const { value, isInterface } = receiver;
  if (value === null) return isInterface ? ofNilInterface(name) : ofNil(name, missingKey);
  if (value instanceof GoMap) return ofMap(value, name, missingKey, hasArguments);
  if (value instanceof GoObject) return ofObject(value, name, hasArguments);
  const method = value instanceof GoInt ? value.method(name) : undefined;
  if (method !== undefined) return { kind: 'method', method };
  return failure(`can't evaluate field ${name} in type ${isInterface ? anyType.name : typeOf(value)?.name}`);
}

function ofNilInterface(name: string): Member {
  return failure(`nil pointer evaluating ${anyType.name}.${name}`);
}

function ofNil(name: string, missingKey: MissingKey): Member {
  if (missingKey === 'error') return failure(`nil data; no entry for key ${quote(name)}`);
  return { kind: 'value', value: null };
}

function ofMap(map: GoMap, name: string, missingKey: MissingKey, hasArguments: boolean): Member {
  if (hasArguments) return failure(`${name} is not a method but has arguments`);
  const value = map.entries.get(name);
  if (value !== undefined) return { kind: 'value', value };
  if (missingKey === 'error') return failure(`map has no entry for key ${quote(name)}`);
  const { elem } = map.type;
  const isZero = missingKey === 'zero' && elem !== undefined && !canBeNil(elem);
  return { kind: 'value', value: isZero ? zeroOf(elem) : null };
}

function ofObject(object: GoObject, name: string, hasArguments: boolean): Member {
  const method = object.method(name);
  if (method !== undefined) return { kind: 'method', method };
  const value = object.field(name);
  if (value === undefined) return hasField(object, name) ? unexported(name, object) : cannotEvaluate(name, object);
  return hasArguments ? failure(`${name} has arguments but cannot be invoked as function`) : { kind: 'value', value };
}

function cannotEvaluate(name: string, receiver: Value): Member {
  return failure(`can't evaluate field ${name} in type ${typeOf(receiver)?.name ?? 'nil'}`);
}

function hasField(object: GoObject, name: string): boolean {
  return object.fields().some(([field]) => field === name);
}

function unexported(name: string, { type }: GoObject): Member {
  return failure(`${name} is an unexported field of struct type ${type.name}`);
}

function failure(message: string): Member {
  return { kind: 'failure', message };
}
