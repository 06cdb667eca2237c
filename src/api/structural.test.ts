import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fromStructural, type StructuralSchema, structuralSchema } from './structural.ts';

describe('types outside of the dialect are refused with their place', () => {
  const outside: [string, z.ZodType, string][] = [
    ['a union', z.union([z.string(), z.int()]), 'anyOf'],
    ['a bare unknown', z.unknown(), 'need a type'],
    ['base64', z.base64(), 'contentEncoding'],
    ['a title', z.string().meta({ title: 'x' }), 'title'],
    ['a deprecation', z.string().meta({ deprecated: true }), 'deprecated'],
  ];

  it.each(outside)('%s', (_, type, complaint) => {
    const schema = z.object({ spec: z.object({ list: z.array(type) }) });
    expect(() => structuralSchema(schema)).toThrow(`spec.list.[]: structural schemas`);
    expect(() => structuralSchema(schema)).toThrow(complaint);
  });

  it('types that contain themselves', () => {
    const Node = z.object({
      get next() {
        return Node.optional();
      },
    });
    expect(() => structuralSchema(Node)).toThrow();
  });
});

describe('what reaches the API server', () => {
  it('a default that nested defaults complete stays as it is written', () => {
    const schema = structuralSchema(z.object({ spec: z.object({ size: z.int().default(3) }).prefault({}) }));
    expect(schema.properties?.['spec']).toEqual({
      type: 'object',
      default: {},
      properties: { size: { type: 'integer', default: 3 } },
    });
  });

  it('objects are open for nothing: unknown fields are pruned, not refused', () => {
    expect(structuralSchema(z.strictObject({ a: z.string() }))).not.toHaveProperty('additionalProperties');
    expect(structuralSchema(z.looseObject({ a: z.string() }))).not.toHaveProperty('additionalProperties');
  });

  it('an object without fields has no empty map of them', () => {
    expect(structuralSchema(z.object({}))).toEqual({ type: 'object' });
  });

  it('keywords come in one order, however the type was written', () => {
    const one = structuralSchema(z.string().min(1).max(2).describe('text').default('a'));
    const two = structuralSchema(z.string().default('a').describe('text').pipe(z.string().max(2).min(1)).prefault('a'));
    expect(Object.keys(one)).toEqual(['description', 'type', 'default', 'minLength', 'maxLength']);
    expect(Object.keys(two)).toEqual(
      Object.keys(two).toSorted((a, b) => Object.keys(one).indexOf(a) - Object.keys(one).indexOf(b)),
    );
  });
});

describe('schemas that are given as they are', () => {
  const given: StructuralSchema = {
    type: 'object',
    required: ['url'],
    properties: {
      url: { type: 'string', pattern: '^https:' },
      headers: { type: 'object', additionalProperties: { type: 'string' } },
      limit: { 'x-kubernetes-int-or-string': true },
    },
  };

  it('come out as they went in', () => {
    expect(structuralSchema(fromStructural(given))).toEqual(given);
  });

  it('also inside of other types', () => {
    const outer = structuralSchema(z.object({ webhook: fromStructural(given).optional() }));
    expect(outer.properties).toEqual({ webhook: given });
    expect(outer).not.toHaveProperty('required');
  });

  it('are checked too', () => {
    expect(() => structuralSchema(fromStructural({ type: 'object', properties: { a: {} } }))).toThrow('a: structural');
  });

  it('keep the object that they describe', () => {
    expect(fromStructural(given).parse({ url: 'https://a', more: [1] })).toEqual({ url: 'https://a', more: [1] });
    expect(fromStructural(given).safeParse('text').success).toBe(false);
  });
});
