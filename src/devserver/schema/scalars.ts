/** Limits, patterns and formats of strings and numbers. */
import type { StructuralSchema } from '../../api/structural.ts';
import type { Re2Cache } from '../../lib/re2.ts';
import { type FieldError, invalidField, tooLong } from '../fielderror.ts';
import { canonicalBase64 } from '../kinds/base64.ts';

export function stringErrors(
  value: string,
  schema: StructuralSchema,
  path: string,
  patterns: Re2Cache,
): readonly FieldError[] {
  const error = shapeError(value, schema, path, patterns);
  return [...(error === undefined ? [] : [error]), ...formatErrors(value, schema, path)];
}

/** Only the first of them is told. */
function shapeError(
  value: string,
  { minLength = 0, maxLength, pattern }: StructuralSchema,
  path: string,
  patterns: Re2Cache,
): FieldError | undefined {
  const length = Array.from(value).length;
  if (maxLength !== undefined && length > maxLength) return tooLong(path, maxLength);
  const wrong = (what: string): FieldError => invalidField(path, value, `${path} in body ${what}`);
  if (length < minLength) return wrong(`should be at least ${minLength} chars long`);
  const isMatch = pattern === undefined || patterns.get(pattern).test(value);
  return isMatch ? undefined : wrong(`should match '${pattern}'`);
}

/** The API server names only the last part of the path here. */
function formatErrors(value: string, { format }: StructuralSchema, path: string): readonly FieldError[] {
  if (hasFormat(value, format)) return [];
  const name = path.slice(path.lastIndexOf('.') + 1);
  return [invalidField(path, value, `${name} in body must be of type ${format}: ${JSON.stringify(value)}`)];
}

export function numberErrors(value: number, schema: StructuralSchema, path: string): readonly FieldError[] {
  const { minimum, maximum, format } = schema;
  const wrong = (what: string): FieldError => invalidField(path, value, `${path} in body ${what}`);
  return [
    ...(minimum !== undefined && value < minimum ? [wrong(`should be greater than or equal to ${minimum}`)] : []),
    ...(maximum !== undefined && value > maximum ? [wrong(`should be less than or equal to ${maximum}`)] : []),
    ...(format === 'int32' && Math.abs(value) > 2 ** 31 ? [wrong('must be of type int32')] : []),
  ];
}

const dateTime = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** Formats that are not named here are not checked, as in the API server. */
function hasFormat(value: string, format: string | undefined): boolean {
  switch (format) {
    case 'date-time':
      return dateTime.test(value) && !Number.isNaN(Date.parse(value));
    case 'byte':
      return canonicalBase64(value) !== undefined;
    default:
      return true;
  }
}
