/** Fields, map entries and methods: what a name behind a dot means. */
import { canBeNil } from './assign.ts';
import { quote } from './strconv/quote.ts';
import { GoInt, GoMap, GoObject, type Method, typeOf, type Value, zeroOf } from './value.ts';

export type MissingKey = 'error' | 'default' | 'zero';

export type Member =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'method'; readonly method: Method }
  | { readonly kind: 'failure'; readonly message: string };

/** @param hasArguments a field or an entry takes none */
export function findMember(receiver: Value, name: string, missingKey: MissingKey, hasArguments: boolean): Member {
  if (receiver === null) return ofNil(name, missingKey);
  if (receiver instanceof GoMap) return ofMap(receiver, name, missingKey, hasArguments);
  if (receiver instanceof GoObject) return ofObject(receiver, name, hasArguments);
  const method = receiver instanceof GoInt ? receiver.method(name) : undefined;
  return method === undefined ? cannotEvaluate(name, receiver) : { kind: 'method', method };
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
  if (value === undefined) return cannotEvaluate(name, object);
  return hasArguments ? failure(`${name} has arguments but cannot be invoked as function`) : { kind: 'value', value };
}

function cannotEvaluate(name: string, receiver: Value): Member {
  return failure(`can't evaluate field ${name} in type ${typeOf(receiver)?.name ?? 'nil'}`);
}

function failure(message: string): Member {
  return { kind: 'failure', message };
}
