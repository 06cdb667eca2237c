import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapePath, gjson } from './gjson.ts';
import { deleteJson, JsonPathError, setJson } from './sjson.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

describe('setting a property', () => {
  // Each outcome is that of tidwall/sjson 1.2.7.
  it.each([
    ['{"a":1}', 'a', '{"a":"v"}'],
    ['{"a":1}', 'b', '{"a":1,"b":"v"}'],
    ['{}', 'a.b.c', '{"a":{"b":{"c":"v"}}}'],
    ['', 'a', '{"a":"v"}'],
    ['', '1', '[null,"v"]'],
    ['plain text', 'a', '{"a":"v"}'],
    ['{ "a" : {"b" : 1 , "c":2} }', 'a.b', '{ "a" : {"b" : "v" , "c":2} }'],
    ['{"a":[1,2]}', 'a.0', '{"a":["v",2]}'],
    ['{"a":[1]}', 'a.3', '{"a":[1,null,null,"v"]}'],
    ['{"a":[1]}', 'a.-1', '{"a":[1,"v"]}'],
    ['{}', 'a.0', '{"a":["v"]}'],
    ['{}', 'a.:0', '{"a":{"0":"v"}}'],
    ['{}', 'fav\\.movie', '{"fav.movie":"v"}'],
    ['{"a":"x"}', 'a.b', '{"a":{"b":"v"}}'],
    ['{"a":1,"a":2}', 'a', '{"a":"v","a":2}'],
    ['[]', '0', '["v"]'],
  ])('%s at %s becomes %s', (json, path, expected) => {
    expect(text(setJson(json, path, 'v'))).toBe(expected);
  });

  it.each([
    ['a<b', '{"a":"a<b"}'],
    ['"<', '{"a":"\\"\\u003c"}'],
    ['é\n', '{"a":"é\\n"}'],
    ['', '{"a":""}'],
  ])('writes the value %j as %s', (value, expected) => {
    expect(text(setJson('{}', 'a', value))).toBe(expected);
  });

  it('refuses a key that is no index within an array', () => {
    expect(() => setJson('{"a":[1]}', 'a.b', 'v')).toThrow(JsonPathError);
  });

  it.each(['a*', 'a.#', '@this', 'a|b', 'x?'])('refuses the pattern %s instead of quietly doing nothing', (path) => {
    expect(() => setJson('{}', path, 'v')).toThrow(JsonPathError);
  });

  it('refuses to make an enormous array', () => {
    expect(() => setJson('{}', 'a.999999999', 'v')).toThrow('too large');
  });

  it('is found again where it was set, and deleting it brings the old document back', () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'b', '.', ' ', '"', 'é', '🔑', '0', '-', '\\'), minLength: 1 });
    const members = fc.dictionary(key, fc.oneof(fc.string(), fc.integer(), fc.constant(null)));
    fc.assert(
      fc.property(members, key, fc.string({ unit: 'grapheme' }), (old, name, value) => {
        fc.pre(!(name in old) && !/^(?:[0-9]+|-1)$/.test(name));
        const json = JSON.stringify(old);
        const path = escapePath(name);
        const changed = setJson(json, path, value);
        expect(JSON.parse(text(changed))).toEqual({ ...old, [name]: value });
        expect(text(gjson(changed, path)?.bytes ?? new Uint8Array())).toBe(value);
        expect(text(deleteJson(changed, path))).toBe(json);
      }),
    );
  });
});

describe('deleting a property', () => {
  it.each([
    ['{"a":1,"b":2}', 'a', '{"b":2}'],
    ['{"a":1,"b":2}', 'b', '{"a":1}'],
    ['{ "a" : 1 , "b" : 2 }', 'a', '{ "b" : 2 }'],
    ['{"a":{"b":1}}', 'a.b', '{"a":{}}'],
    ['{"a":[1,2,3]}', 'a.1', '{"a":[1,3]}'],
    ['{"a":[1,2,3]}', 'a.-1', '{"a":[1,2]}'],
    ['{"a":1}', 'b', '{"a":1}'],
    ['{"a":1}', 'a.b', '{"a":1}'],
    ['{"x\\"y":1,"b":2}', 'x"y', '{"b":2}'],
    ['plain text', 'a', 'plain text'],
  ])('%s at %s becomes %s', (json, path, expected) => {
    expect(text(deleteJson(json, path))).toBe(expected);
  });
});
