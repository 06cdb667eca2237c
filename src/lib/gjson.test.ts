import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapePath, gjson } from './gjson.ts';

const document = String.raw`{
  "name":{"first":"Tom","last":"Anderson"},
  "age":37,
  "children":["Sara","Alex","Jack"],
  "fav.movie":"Deer Hunter",
  "friends":[{"first":"Dale","last":"Murphy","age":44,"nets":["ig","fb","tw"]},{"first":"Roger","last":"Craig","age":68,"nets":["fb","tw"]},{"first":"Jane","last":"Murphy","age":47,"nets":["ig","tw"]}],
  "one":1.0,
  "half":2.50,
  "big":12345678901234567890,
  "exp":1e3,
  "tiny":1e-7,
  "yes":true,
  "no":false,
  "nothing":null,
  "empty":"",
  "quoted":"a\"b\\c\u00e9\ud83d\ude00\n",
  "json":"{\"a\":1}",
  "nested":[1,[2,[3]]],
  "a*b":"star",
  "pipe|d":"p",
  "sp":{ "x" : [ 1, 2 ] },
  "":"no name",
  "objs":[{"a":1},{"b":2},{"a":3}],
  "cols":{"a":[1,2],"b":[3,4]},
  "vals":[{"a":1,"b":"data"},{"a":2,"b":true},{"a":3,"b":false},{"a":4,"b":"0"},{"a":5,"b":0},{"a":6,"b":"1"},{"a":7,"b":1},{"a":8,"b":"true"},{"a":9,"b":null},{"a":10}]}`;

/** Each answer was given by tidwall/gjson 1.20.1 itself; undefined: it found nothing. */
const answers: readonly (readonly [path: string, answer: string | undefined])[] = [
  ['name.last', 'Anderson'],
  ['age', '37'],
  ['children', '["Sara","Alex","Jack"]'],
  ['children.1', 'Alex'],
  ['children.3', undefined],
  ['children.#', '3'],
  ['friends.#', '3'],
  ['friends.#.age', '[44,68,47]'],
  ['friends.#.nets.0', '["ig","fb","ig"]'],
  ['friends.#.missing', '[]'],
  ['friends.#(last=="Murphy").first', 'Dale'],
  ['friends.#(last=="Murphy")#.first', '["Dale","Jane"]'],
  ['friends.#(last=="Murphy")#|0', '{"first":"Dale","last":"Murphy","age":44,"nets":["ig","fb","tw"]}'],
  ['friends.#(last=="Murphy")#|#', '2'],
  ['friends.#(last=="Murphy")#.#', '[]'],
  ['friends.#(age>45)#.last', '["Craig","Murphy"]'],
  ['friends.#(age<=44).first', 'Dale'],
  ['friends.#(first%"D*").last', 'Murphy'],
  ['friends.#(first!%"D*").last', 'Craig'],
  ['friends.#(nets.#(=="fb"))#.first', '["Dale","Roger"]'],
  ['friends.#(missing)#', '[]'],
  ['friends.#(last=="Nobody").first', undefined],
  ['friends.#(last=="Nobody")#', '[]'],
  ['children.#(!%"*a*")', 'Alex'],
  ['children.#(%"*a*")#', '["Sara","Jack"]'],
  ['vals.#(b==~true)#.a', '[2,6,7,8]'],
  ['vals.#(b==~false)#.a', '[3,4,5,9,10]'],
  ['vals.#(b==~null)#.a', '[9,10]'],
  ['vals.#(b==~*)#.a', '[1,2,3,4,5,6,7,8,9]'],
  ['vals.#(b!=~*)#.a', '[10]'],
  ['one', '1'],
  ['half', '2.5'],
  ['big', '12345678901234567890'],
  ['exp', '1000'],
  ['tiny', '0.0000001'],
  ['yes', 'true'],
  ['no', 'false'],
  ['nothing', ''],
  ['empty', ''],
  ['missing', undefined],
  ['quoted', 'a"b\\cé😀\n'],
  ['json', '{"a":1}'],
  ['json.@fromstr', '{"a":1}'],
  ['json.@fromstr.a', '1'],
  ['nested', '[1,[2,[3]]]'],
  ['nested.@flatten', '[1,2,[3]]'],
  ['nested.@flatten:{"deep":true}', '[1,2,3]'],
  [String.raw`fav\.movie`, 'Deer Hunter'],
  ['fav.movie', undefined],
  ['child*.2', 'Jack'],
  ['c?ildren.0', 'Sara'],
  [String.raw`a\*b`, 'star'],
  [String.raw`pipe\|d`, 'p'],
  ['name|first', 'Tom'],
  ['name.@this', '{"first":"Tom","last":"Anderson"}'],
  ['name|@this|last', 'Anderson'],
  ['@this.age', '37'],
  [
    '@keys',
    '["name","age","children","fav.movie","friends","one","half","big","exp","tiny","yes","no","nothing","empty","quoted","json","nested","a*b","pipe|d","sp","","objs","cols","vals"]',
  ],
  ['name.@keys', '["first","last"]'],
  ['name.@values', '["Tom","Anderson"]'],
  ['name.@reverse', '{"last":"Anderson","first":"Tom"}'],
  ['children.@reverse', '["Jack","Alex","Sara"]'],
  ['children.@reverse.0', 'Jack'],
  ['name.@tostr', '{"first":"Tom","last":"Anderson"}'],
  ['name.@pretty', '{\n  "first": "Tom",\n  "last": "Anderson"\n}\n'],
  ['sp', '{ "x" : [ 1, 2 ] }'],
  ['sp.@ugly', '{"x":[1,2]}'],
  ['sp.@pretty', '{\n  "x": [1, 2]\n}\n'],
  ['sp.x.@pretty', '[1, 2]\n'],
  ['cols.@group', '[{"a":1,"b":3},{"a":2,"b":4}]'],
  ['objs.@join', '{"a":3,"b":2}'],
  ['objs.@join:{"preserve":true}', '{"a":1,"b":2,"a":3}'],
  ['name.@valid', '{"first":"Tom","last":"Anderson"}'],
  ['children.@keys', '[null,null,null]'],
  ['age.@keys', '[null]'],
  ['@dig:first', '["Tom","Dale","Roger","Jane"]'],
  ['{name.first,age}', '{"first":"Tom","age":37}'],
  ['{name.first,"years":age,"fixed":!"x"}', '{"first":"Tom","years":37,"fixed":"x"}'],
  ['[name.first,age,missing]', '["Tom",37]'],
  ['{missing}', '{}'],
  ['{friends.#(last="Murphy")#.first}', '{"first":["Dale","Jane"]}'],
  ['!true', 'true'],
  ['!{"a":1}', '{"a":1}'],
  ['friends.#(last="Murphy")#.{first,age}', '[{"first":"Dale","age":44},{"first":"Jane","age":47}]'],
  ['name.@nope', undefined],
  ['name.@tostr.@fromstr', '{"first":"Tom","last":"Anderson"}'],
  ['@reverse|@keys|0', 'vals'],
  ['children.-1', undefined],
  ['children.01', 'Alex'],
  ['friends.1.nets.1', 'tw'],
  ['nested.1.1.0', '3'],
  ['name.first.x', undefined],
  ['.', undefined],
  ['friends.#(nets.#>2)#.first', '["Dale"]'],
  ['@pretty:{"sortKeys":true}|@ugly|@keys.0', ''],
  ['', 'no name'],
];

function find(json: string | Uint8Array, path: string): string | undefined {
  const found = gjson(json, path);
  return found === undefined ? undefined : Buffer.from(found.bytes).toString('utf8');
}

describe('gjson', () => {
  it.each(answers)('%s', (path, answer) => {
    expect(find(document, path)).toBe(answer);
  });

  it('tells the kinds apart, and has the text of the value', () => {
    const kinds = { name: 'json', age: 'number', yes: 'true', no: 'false', nothing: 'null', empty: 'string' };
    for (const [path, type] of Object.entries(kinds)) expect(gjson(document, path)?.type).toBe(type);
    expect(Buffer.from(gjson(document, 'half')?.raw ?? []).toString()).toBe('2.50');
    expect(Buffer.from(gjson(document, 'empty')?.raw ?? []).toString()).toBe('""');
  });

  it('finds the first of equal keys', () => {
    expect(find('{"a":1,"a":2}', 'a')).toBe('1');
    expect(find('{"a":1,"a":{"b":2}}', 'a.b')).toBe('2');
  });

  it('finds nothing in scalars and in what is no JSON', () => {
    for (const json of ['', 'hunter2', '"text"', '42', 'null', '{', '[', '{"a', '{"a"', '{"a":', '{"a":"x', '\\']) {
      expect(find(json, 'a')).toBeUndefined();
    }
  });

  it('reads broken and unusual documents as far as gjson does', () => {
    expect(find('{"a":1} trailing', 'a')).toBe('1');
    expect(find('{"a":1,}', 'a')).toBe('1');
    expect(find('{"a":{"b":[1,2', 'a.b.1')).toBe('2');
    expect(find('{"a":1}\n{"a":2}', '..#.a')).toBe('[1,2]');
    expect(find('{"a":1}\n{"a":2}', '..1.a')).toBe('2');
  });

  it('hands bytes that are not UTF-8 on as they are', () => {
    const json = Buffer.from('{"a":"x\xff\x00y","\xe9":1}', 'latin1');
    expect(Buffer.from(gjson(json, 'a')?.bytes ?? []).toString('latin1')).toBe('x\xff\x00y');
  });

  it('resolves escapes as Go does', () => {
    expect(find(String.raw`{"a":"\ud83d\ude00 \ud800x \/ \u0041"}`, 'a')).toBe('😀 \ufffdx / A');
    expect(find(String.raw`{"\u0061b":1}`, 'ab')).toBe('1');
  });

  it('takes time in proportion to the document, however many stars a pattern has', () => {
    const json = JSON.stringify({ ['a'.repeat(5_000)]: 1 });
    expect(find(json, `${'*a'.repeat(50)}b`)).toBeUndefined();
  });

  it('does not mind deep nesting', () => {
    const json = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)},"b":1}`;
    expect(find(json, 'b')).toBe('1');
  });

  it('finds every key of every object by its escaped name', () => {
    const object = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.oneof(fc.string(), fc.integer(), fc.boolean()));
    fc.assert(
      fc.property(object, (members) => {
        const json = JSON.stringify(members);
        for (const [key, value] of Object.entries(members)) expect(find(json, escapePath(key))).toBe(String(value));
      }),
    );
  });

  it('never throws, whatever the path', () => {
    const part = fc.constantFrom(
      'a',
      '.',
      '|',
      '#',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '@keys',
      '@flatten:',
      '"',
      '\\',
      '*',
      '==',
      '!',
      ':',
      ',',
      '~',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        gjson(document, parts.join(''));
      }),
      { numRuns: 2_000 },
    );
  });
});
