/** Sprig's functions that ask for the type of a value. */
import { define, type TemplateFunction } from '../function.ts';
import { anyType, boolType, stringType } from '../types.ts';
import { typeOf, type Value } from '../value.ts';
import { any, text } from './arguments.ts';
import { kindOf } from './kind.ts';

export const reflectFunctions: readonly TemplateFunction[] = [
  define('typeOf', [anyType], stringType, ([value]) => typeName(any(value))),
  define('typeIs', [stringType, anyType], boolType, ([name, value]) => text(name) === typeName(any(value))),
  define('typeIsLike', [stringType, anyType], boolType, ([name, value]) => {
    const type = typeName(any(value));
    return text(name) === type || `*${text(name)}` === type;
  }),
  define('kindOf', [anyType], stringType, ([value]) => kindOf(any(value))),
  define('kindIs', [stringType, anyType], boolType, ([kind, value]) => text(kind) === kindOf(any(value))),
];

function typeName(value: Value): string {
  return typeOf(value)?.name ?? '<nil>';
}
