import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { atomicList, dateTime, exactlyOne, freeJson, int32, intOrString, stringMap, withRules } from './dialect.ts';
import { structuralSchema } from './structural.ts';

describe('exactlyOne', () => {
  const Choice = exactlyOne({ left: z.string().optional(), right: z.int().optional() });

  it('takes one member, whichever it is', () => {
    expect(Choice.safeParse({ left: 'a' }).success).toBe(true);
    expect(Choice.safeParse({ right: 1 }).success).toBe(true);
  });

  it.each([[{}], [{ left: 'a', right: 1 }]])('refuses %j and names the choices', (value) => {
    expect(Choice.safeParse(value).error?.issues[0]?.message).toBe('exactly one of left, right must be set');
  });

  it('counts a member that is undefined as absent', () => {
    expect(Choice.safeParse({ left: 'a', right: undefined }).success).toBe(true);
  });

  it('becomes limits of the API server', () => {
    expect(structuralSchema(Choice)).toMatchObject({ minProperties: 1, maxProperties: 1 });
    expect(structuralSchema(Choice)).not.toHaveProperty('required');
  });
});

describe('withRules', () => {
  const Range = withRules(
    z.object({ low: z.int().optional(), high: z.int().optional() }),
    {
      cel: '!has(self.low) || has(self.high)',
      message: 'low needs high',
      holds: ({ low, high }) => low === undefined || high !== undefined,
    },
    {
      cel: '!has(self.high) || self.high > 0',
      message: 'high must be positive',
      holds: ({ high }) => high === undefined || high > 0,
    },
  );

  it('publishes every rule', () => {
    expect(structuralSchema(Range)['x-kubernetes-validations']).toEqual([
      { rule: '!has(self.low) || has(self.high)', message: 'low needs high' },
      { rule: '!has(self.high) || self.high > 0', message: 'high must be positive' },
    ]);
  });

  it('judges offline by the same rules', () => {
    expect(Range.safeParse({ low: 1, high: 2 }).success).toBe(true);
    expect(Range.safeParse({ low: 1 }).error?.issues.map(({ message }) => message)).toEqual(['low needs high']);
    expect(Range.safeParse({ high: -1 }).error?.issues.map(({ message }) => message)).toEqual([
      'high must be positive',
    ]);
  });

  it('keeps the type that it is given', () => {
    const Wrapped = z.object({ range: Range.optional() });
    expect(structuralSchema(Wrapped).properties?.['range']?.type).toBe('object');
  });
});

describe('values that JSON schema has no word for', () => {
  it('free JSON is kept as it is', () => {
    const kept = fc.property(fc.jsonValue(), (value) => {
      expect(freeJson().parse(value)).toEqual(value);
    });
    fc.assert(kept);
    expect(structuralSchema(freeJson())).toEqual({ 'x-kubernetes-preserve-unknown-fields': true });
  });

  it('int-or-string takes integers and strings alone', () => {
    for (const value of [0, 300, '5m', '']) expect(intOrString().safeParse(value).success).toBe(true);
    for (const value of [1.5, true, null, {}]) expect(intOrString().safeParse(value).success).toBe(false);
    expect(structuralSchema(intOrString())).toEqual({ 'x-kubernetes-int-or-string': true });
  });
});

describe('formats', () => {
  it('put no limits beside the format', () => {
    expect(structuralSchema(int32())).toEqual({ type: 'integer', format: 'int32' });
    expect(structuralSchema(dateTime())).toEqual({ type: 'string', format: 'date-time' });
    expect(structuralSchema(z.int())).toEqual({ type: 'integer' });
  });

  it('maps and atomic lists', () => {
    expect(structuralSchema(stringMap())).toEqual({ type: 'object', additionalProperties: { type: 'string' } });
    expect(structuralSchema(atomicList(z.array(z.string())))).toEqual({
      type: 'array',
      items: { type: 'string' },
      'x-kubernetes-list-type': 'atomic',
    });
  });
});
