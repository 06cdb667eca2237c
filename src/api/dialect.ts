/**
 * The zod dialect of API types: what zod can say and Kubernetes structural schemas can hold. Unions, strict objects,
 * bare `unknown` and zod's own string formats are outside of it; this file has a word for each thing they were for.
 */
import { z } from 'zod';

/** A rule over several fields: a CEL expression for the API server and the same judgement for offline checks. */
export interface Rule<T> {
  readonly cel: string;
  readonly message: string;
  readonly holds: (value: T) => boolean;
}

/** Attaches rules that span several fields. */
export function withRules<S extends z.ZodType>(schema: S, ...rules: readonly Rule<z.output<S>>[]): S {
  let refined = schema;
  for (const { holds, message } of rules) refined = refined.refine(holds, { error: message });
  return refined.meta({ 'x-kubernetes-validations': rules.map(({ cel, message }) => ({ rule: cel, message })) });
}

/** An object of which exactly one member is set. Every member must be optional. */
export function exactlyOne<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape> {
  const names = Object.keys(shape);
  return z
    .object(shape)
    .refine((value) => countSet(value) === 1, { error: `exactly one of ${names.join(', ')} must be set` })
    .meta({ minProperties: 1, maxProperties: 1 });
}

function countSet(value: object): number {
  return Object.values(value).filter((member) => member !== undefined).length;
}

/** Any JSON value, kept as it is. */
export function freeJson(): z.ZodType {
  return z.unknown().meta({ 'x-kubernetes-preserve-unknown-fields': true });
}

/** An integer or a string, as Kubernetes' IntOrString. */
export function intOrString(): z.ZodType<number | string> {
  return z
    .custom<number | string>((value) => typeof value === 'string' || Number.isInteger(value), {
      error: 'must be an integer or a string',
    })
    .meta({ 'x-kubernetes-int-or-string': true });
}

/** A Go duration such as `1h30m`. The API server takes any string, as ESO's CRDs do; the controllers parse it. */
export function duration(): z.ZodString {
  return z.string();
}

/** An RFC 3339 timestamp. */
export function dateTime(): z.ZodString {
  return z.string().meta({ format: 'date-time' });
}

/** Bytes in base64. */
export function base64Bytes(): z.ZodString {
  return z.string().meta({ format: 'byte' });
}

export function int32(): z.ZodNumber {
  return z.int().meta({ format: 'int32' });
}

export function int64(): z.ZodNumber {
  return z.int().meta({ format: 'int64' });
}

/** Marks an object that server-side apply treats as one value. */
export function atomicMap<S extends z.ZodType>(schema: S): S {
  return schema.meta({ 'x-kubernetes-map-type': 'atomic' });
}

/** Marks a list that server-side apply treats as one value. */
export function atomicList<S extends z.ZodType>(schema: S): S {
  return schema.meta({ 'x-kubernetes-list-type': 'atomic' });
}

export function stringMap(): z.ZodRecord<z.ZodString, z.ZodString> {
  return z.record(z.string(), z.string());
}
