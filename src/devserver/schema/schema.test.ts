import { describe, expect, it } from 'vitest';
import type { StructuralSchema } from '../../api/structural.ts';
import { textOf } from '../fielderror.ts';
import { withDefaults } from './defaults.ts';
import { pruneObject } from './prune.ts';
import { SchemaValidator } from './validator.ts';

function spec(properties: Readonly<Record<string, StructuralSchema>>): StructuralSchema {
  return { type: 'object', properties: { spec: { type: 'object', properties } } };
}

describe('pruning', () => {
  const schema = spec({
    known: { type: 'string' },
    list: { type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } },
    map: { type: 'object', additionalProperties: { type: 'object', properties: { a: { type: 'string' } } } },
    free: { 'x-kubernetes-preserve-unknown-fields': true },
    half: {
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
      properties: { strict: { type: 'object', properties: {} } },
    },
  });

  it('drops what has no place, and says where it was', () => {
    const { value, unknownFields } = pruneObject(
      {
        apiVersion: 'v1',
        kind: 'K',
        metadata: { anything: true },
        other: 1,
        spec: { known: 'a', lost: 1, list: [{ a: 'x', b: 1 }], map: { 'k.1': { a: 'x', b: 1 } } },
      },
      schema,
    );
    expect(value).toEqual({
      apiVersion: 'v1',
      kind: 'K',
      metadata: { anything: true },
      spec: { known: 'a', list: [{ a: 'x' }], map: { 'k.1': { a: 'x' } } },
    });
    expect(unknownFields).toEqual(['other', 'spec.lost', 'spec.list[0].b', 'spec.map.k.1.b']);
  });

  it('keeps what is free, down to where it is not', () => {
    const object = { spec: { free: { a: [{ b: null }] }, half: { any: 1, strict: { gone: 1 } } } };
    const { value, unknownFields } = pruneObject(object, schema);
    expect(value).toEqual({ spec: { free: { a: [{ b: null }] }, half: { any: 1, strict: {} } } });
    expect(unknownFields).toEqual(['spec.half.strict.gone']);
  });

  it('takes names that JavaScript has for unknown ones', () => {
    const { unknownFields } = pruneObject(JSON.parse('{"spec":{"constructor":1,"__proto__":2}}'), schema);
    expect(unknownFields).toEqual(['spec.constructor', 'spec.__proto__']);
  });

  it('keeps everything where there is no schema', () => {
    expect(pruneObject({ a: 1 }, undefined)).toEqual({ value: { a: 1 }, unknownFields: [] });
  });
});

describe('defaulting', () => {
  const schema = spec({
    interval: { type: 'string', default: '1h' },
    target: { type: 'object', default: {}, properties: { policy: { type: 'string', default: 'Owner' } } },
    list: { type: 'array', items: { type: 'object', properties: { kind: { type: 'string', default: 'K' } } } },
    map: {
      type: 'object',
      additionalProperties: { type: 'object', properties: { kind: { type: 'string', default: 'K' } } },
    },
    maybe: { type: 'string', nullable: true, default: 'x' },
    plain: { type: 'string' },
  });

  it('fills in what is missing, however deep', () => {
    expect(withDefaults({ spec: { list: [{}, { kind: 'L' }], map: { a: {} } } }, schema)).toEqual({
      spec: {
        list: [{ kind: 'K' }, { kind: 'L' }],
        map: { a: { kind: 'K' } },
        interval: '1h',
        target: { policy: 'Owner' },
        maybe: 'x',
      },
    });
  });

  it('leaves alone what is there', () => {
    const full = { interval: '', target: { policy: 'None' }, maybe: null };
    expect(withDefaults({ spec: full }, schema)).toEqual({ spec: full });
  });

  it('takes nulls that may not be for missing', () => {
    const { spec: filled } = withDefaults({ spec: { interval: null, plain: null, maybe: null } }, schema);
    expect(filled).toMatchObject({ interval: '1h', maybe: null });
    expect(filled).not.toHaveProperty('plain');
  });

  it('gives every object its own default', () => {
    const one = withDefaults({ spec: {} }, schema);
    const two = withDefaults({ spec: {} }, schema);
    expect(one.spec).toEqual(two.spec);
    expect(Object(one.spec).target).not.toBe(Object(two.spec).target);
  });
});

describe('validation', () => {
  it.each<[string, StructuralSchema, unknown, string | undefined]>([
    ['text', { type: 'string' }, 'a', undefined],
    [
      'no text',
      { type: 'string' },
      1,
      'spec.v: Invalid value: "integer": spec.v in body must be of type string: "integer"',
    ],
    ['a whole number', { type: 'integer' }, 3, undefined],
    [
      'a part of one',
      { type: 'integer' },
      1.5,
      'spec.v: Invalid value: "number": spec.v in body must be of type integer: "number"',
    ],
    ['any number', { type: 'number' }, 3, undefined],
    [
      'a boolean',
      { type: 'boolean' },
      'true',
      'spec.v: Invalid value: "string": spec.v in body must be of type boolean: "string"',
    ],
    ['null', { type: 'string' }, null, 'spec.v: Invalid value: "null": spec.v in body must be of type string: "null"'],
    ['null that may be', { type: 'string', nullable: true, minLength: 1 }, null, undefined],
    ['a number or text', { 'x-kubernetes-int-or-string': true }, '50%', undefined],
    [
      'neither',
      { 'x-kubernetes-int-or-string': true },
      true,
      'spec.v: Invalid value: "boolean": spec.v in body must be of type integer,string: "boolean"',
    ],
    [
      'an enum',
      { type: 'string', enum: ['a', 'b'] },
      'c',
      'spec.v: Unsupported value: "c": supported values: "a", "b"',
    ],
    ['characters, not bytes', { type: 'string', maxLength: 2 }, '😀é', undefined],
    ['too many', { type: 'string', maxLength: 2 }, 'abc', 'spec.v: Too long: may not be more than 2 bytes'],
    ['a pattern anywhere', { type: 'string', pattern: 'b' }, 'abc', undefined],
    [
      'no match',
      { type: 'string', pattern: '^b' },
      'abc',
      `spec.v: Invalid value: "abc": spec.v in body should match '^b'`,
    ],
    [
      'a minimum',
      { type: 'integer', minimum: 1 },
      0,
      'spec.v: Invalid value: 0: spec.v in body should be greater than or equal to 1',
    ],
    [
      'a maximum',
      { type: 'integer', maximum: 1 },
      2,
      'spec.v: Invalid value: 2: spec.v in body should be less than or equal to 1',
    ],
    ['base64', { type: 'string', format: 'byte' }, 'YQ==', undefined],
    [
      'no base64',
      { type: 'string', format: 'byte' },
      '%',
      'spec.v: Invalid value: "%": v in body must be of type byte: "%"',
    ],
    ['a time', { type: 'string', format: 'date-time' }, '2026-01-02T03:04:05.678+01:00', undefined],
    [
      'no time',
      { type: 'string', format: 'date-time' },
      '2026-13-02T03:04:05Z',
      'spec.v: Invalid value: "2026-13-02T03:04:05Z": v in body must be of type date-time: "2026-13-02T03:04:05Z"',
    ],
    ['a format nobody knows', { type: 'string', format: 'colour' }, 'red', undefined],
    [
      'items',
      { type: 'array', items: { type: 'string' } },
      ['a', 1],
      'spec.v[1]: Invalid value: "integer": spec.v[1] in body must be of type string: "integer"',
    ],
    ['too many items', { type: 'array', maxItems: 1 }, [1, 2], 'spec.v: Too many: 2: must have at most 1 item'],
    ['a set', { type: 'array', 'x-kubernetes-list-type': 'set' }, ['a', 'a'], 'spec.v[1]: Duplicate value: "a"'],
    [
      'a list that is a map',
      { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] },
      [{ k: 1 }, { k: 1 }],
      'spec.v[1]: Duplicate value: {"k":1}',
    ],
    [
      'entries',
      { type: 'object', additionalProperties: { type: 'string' } },
      { 'a.b': 1 },
      'spec.v.a.b: Invalid value: "integer": spec.v.a.b in body must be of type string: "integer"',
    ],
    [
      'a rule',
      { type: 'object', 'x-kubernetes-validations': [{ rule: 'has(self.a)', message: 'needs a' }] },
      {},
      'spec.v: Invalid value: "object": needs a',
    ],
    [
      'a rule without words',
      { type: 'string', 'x-kubernetes-validations': [{ rule: 'self.size() > 1' }] },
      'a',
      'spec.v: Invalid value: "a": failed rule: self.size() > 1',
    ],
  ])('judges %s', (_, schema, value, expected) => {
    const errors = new SchemaValidator(spec({ v: schema })).errors({ spec: { v: value } });
    expect(errors.map(textOf)).toEqual(expected === undefined ? [] : [expected]);
  });

  it('judges rules only where the shape is right', () => {
    const schema: StructuralSchema = {
      type: 'object',
      properties: { a: { type: 'string' } },
      'x-kubernetes-validations': [{ rule: 'self.a.size() > 1' }],
    };
    const errors = new SchemaValidator(spec({ v: schema })).errors({ spec: { v: { a: 5 } } });
    expect(errors.map(({ reason }) => reason)).toEqual(['FieldValueTypeInvalid']);
  });

  it('says which rules it cannot judge', () => {
    const rules = [{ rule: 'self.a == oldSelf.a' }, { rule: 'self.all(x, x.isSorted())' }, { rule: 'has(self.a)' }];
    const schema: StructuralSchema = { type: 'object', 'x-kubernetes-validations': rules };
    expect(new SchemaValidator(schema).uncheckedRules).toEqual(['self.a == oldSelf.a', 'self.all(x, x.isSorted())']);
  });

  it('names everything that is missing', () => {
    const schema: StructuralSchema = { type: 'object', required: ['a', 'b'], minProperties: 1 };
    expect(new SchemaValidator(schema).errors({}).map(textOf)).toEqual([
      'a: Required value',
      'b: Required value',
      ': Invalid value: 0:  in body should have at least 1 properties',
    ]);
  });
});
