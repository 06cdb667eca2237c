import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../text/utf8.ts';
import { jsonToYaml, parseYaml } from './index.ts';

/** The value as JSON text; infinities do not occur. */
function parsed(yaml: string): string {
  return JSON.stringify(parseYaml(encodeUtf8(yaml)), (_, value: unknown) =>
    value instanceof Map ? Object.fromEntries(value) : value,
  );
}

function problem(yaml: string): string {
  try {
    return `no problem: ${parsed(yaml)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('plain scalars are YAML 1.1', () => {
  test.each([
    ['[y, On, YES, n, off, False]', '[true,true,true,false,false,false]'],
    ['[~, null, Null, ""]', '[null,null,null,""]'],
    ['[010, 0o17, 0x1F, 0b11, 1_000, -0b11, +5]', '[8,15,31,3,1000,-3,5]'],
    ['[1.5, 1e3, .5, 1., 1_0.5]', '[1.5,1000,0.5,1,10.5]'],
    [
      '[12:30, 2024-01-02, 2024-01-02T03:04:05Z, 08, 1e, 0x]',
      '["12:30","2024-01-02","2024-01-02T03:04:05Z",8,"1e","0x"]',
    ],
    ['[18446744073709551615, 99999999999999999999]', '[18446744073709552000,100000000000000000000]'],
    ['[yEs, nULL, tRUE, "y", \'no\']', '["yEs","nULL","tRUE","y","no"]'],
  ])('%s is %s', (yaml, json) => {
    expect(parsed(yaml)).toBe(json);
  });
});

describe('tags', () => {
  test.each([
    ['[!!str 5, !!int "5", !!float 1, ! 5, !!binary aGk=, !<tag:yaml.org,2002:str> 1]', '["5",5,1,"5","hi","1"]'],
    ['%TAG !e! tag:yaml.org,2002:\n---\n!e!str 5', '"5"'],
    ['!mine {a: 1}', '{"a":1}'],
  ])('%j is %s', (yaml, json) => {
    expect(parsed(yaml)).toBe(json);
  });

  test.each([
    ['!!int x', 'cannot decode !!str `x` as a !!int'],
    ['!!bool 1', 'cannot decode !!int `1` as a !!bool'],
    ['!!binary "?"', '!!binary value contains invalid base64 data'],
    ['!x!y z', 'found undefined tag handle'],
  ])('%j is refused: %s', (yaml, message) => {
    expect(problem(yaml)).toBe(message);
  });
});

describe('block and flow', () => {
  test.each([
    ['a:\n- 1\n- - 2\n  - 3\nb: {c: [d, e: f], "g":h}', '{"a":[1,[2,3]],"b":{"c":["d",{"e":"f"}],"g":"h"}}'],
    ['? a\n: b\n? c', '{"a":"b","c":null}'],
    ['a: |\n  x\n   y\n\nb: >-\n  p\n  q\n\n  r\nc: |2+\n   s\n\n', '{"a":"x\\n y\\n","b":"p q\\nr","c":" s\\n\\n"}'],
    [
      "a: x\n  y\n\n  z # comment\nb: \"p\n  q\\\n  r\\x41\\u00e9\"\nc: 'it''s'",
      '{"a":"x y\\nz","b":"p qrAé","c":"it\'s"}',
    ],
    ['- \n-\n- a:\n', '[null,null,{"a":null}]'],
    ['--- a\n...\n--- b', '"a"'],
    ['a: 1\na: 2', '{"a":2}'],
    ['', 'null'],
    ['# only a comment', 'null'],
  ])('%j is %s', (yaml, json) => {
    expect(parsed(yaml)).toBe(json);
  });
});

describe('anchors and merge keys', () => {
  test.each([
    ['a: &x [1]\nb: *x', '{"a":[1],"b":[1]}'],
    ['base: &b {k: v, z: 1}\nd: {<<: *b, z: 2}', '{"base":{"k":"v","z":1},"d":{"k":"v","z":2}}'],
    ['d: {z: 2, <<: {z: 1, x: 1}}', '{"d":{"z":1,"x":1}}'],
    ['[{<<: [{a: 1}, {a: 2, b: 2}]}, {"<<": 1}]', '[{"a":1,"b":2},{"<<":1}]'],
  ])('%j is %s', (yaml, json) => {
    expect(parsed(yaml)).toBe(json);
  });

  test.each([
    ['*x', "unknown anchor 'x' referenced"],
    ['&x [*x]', "anchor 'x' value contains itself"],
    ['{<<: 1}', 'map merge requires map or sequence of maps as the value'],
    ['{[a]: 1}', 'invalid map key: []interface {}{"a"}'],
    ['{null: 1}', 'unsupported map key of type: %!s(<nil>), key: <nil>, value: 1'],
  ])('%j is refused: %s', (yaml, message) => {
    expect(problem(yaml)).toBe(message);
  });

  test('aliases cannot blow a small text up', () => {
    const level = (name: string, of: string): string =>
      `${name}: &${name} [${Array.from({ length: 9 }, () => `*${of}`).join(', ')}]\n`;
    const names = ['b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${names.map((name, at) => level(name, names[at - 1] ?? 'a')).join('')}`;
    expect(problem(bomb)).toBe('document contains excessive aliasing');
  });
});

describe('errors name the line as libyaml does', () => {
  test.each([
    ['a: b: c', 'mapping values are not allowed in this context'],
    ['x: 1\na: b: c', 'line 2: mapping values are not allowed in this context'],
    ['a:\n\t- b', 'line 2: found character that cannot start any token'],
    ['a: "x', 'found unexpected end of stream'],
    ['a: 1\nb: "x', 'line 2: found unexpected end of stream'],
    ['a: [1, 2', "line 1: did not find expected ',' or ']'"],
    ['a: 1\n[b', "line 3: could not find expected ':'"],
    ['- a\nb: 1', "line 1: did not find expected '-' indicator"],
    ['a: @x', 'found character that cannot start any token'],
    ['a: "\\q"', 'found unknown escape character'],
    ['%YAML 1.2\n---\na', 'found incompatible YAML document'],
    ['a: |0\n x', 'found an indentation indicator equal to 0'],
    ['a: \u0001', 'control characters are not allowed'],
  ])('%j: %s', (yaml, message) => {
    expect(problem(yaml).replace(/^line 1: (?!did)/, '')).toBe(message);
  });

  test('bytes that are no UTF-8 are refused', () => {
    expect(() => parseYaml('a: \xff')).toThrow('invalid leading UTF-8 octet');
    expect(() => parseYaml('a: \xc3(')).toThrow('invalid trailing UTF-8 octet');
    expect(() => parseYaml('a: \xe2\x82')).toThrow('incomplete UTF-8 octet sequence');
  });

  test('nesting has a limit', () => {
    expect(problem('['.repeat(5_000))).toContain('exceeded max depth');
    expect(problem('- '.repeat(5_000))).toContain('exceeded max depth');
  });
});

test('UTF-16 with a byte order mark is read', () => {
  const yaml = Buffer.from('\ufeffa: é', 'utf16le').toString('latin1');
  expect(parseYaml(yaml)).toEqual(new Map([['a', 'é']]));
});

describe('writing', () => {
  test.each([
    ['{"b":[1,{"x":[],"y":{}}],"a":{"c":null}}', 'a:\n  c: null\nb:\n- 1\n- x: []\n  "y": {}\n'],
    [
      '["- x","a: b","a:b","#c","a#b","","~","1","yes","0x1F","12:30","=","{x}","it\'s"]',
      '- \'- x\'\n- \'a: b\'\n- a:b\n- \'#c\'\n- a#b\n- ""\n- "~"\n- "1"\n- "yes"\n- "0x1F"\n- "12:30"\n- =\n- \'{x}\'\n- it\'s\n',
    ],
    ['"a\\nb\\n\\n"', '|+\n  a\n  b\n\n'],
    ['" a\\nb"', '|2-\n   a\n  b\n'],
    ['"a \\nb"', '"a \\nb"\n'],
    ['{"k":"a\\tb\\u001b😀\\ufeff"}', 'k: "a\\tb\\e\\U0001F600\\uFEFF"\n'],
    ['{"10":1,"9":2,"a10":3,"a2":4,"B":5,"_":6,"é":7}', '_: 6\n"9": 2\n"10": 1\nB: 5\na2: 4\na10: 3\né: 7\n'],
    ['[[[1]],[]]', '- - - 1\n- []\n'],
    ['[1e21,1e20,1e-7,9223372036854775807,-0,1.5]', '- 1e+21\n- 1e+20\n- 1e-07\n- 9223372036854775807\n- 0\n- 1.5\n'],
    [`{"${'k'.repeat(130)}":1}`, `? ${'k'.repeat(130)}\n: 1\n`],
    [`"${'word '.repeat(20)}end"`, `${'word '.repeat(16)}word\n  word word word end\n`],
  ])('%s is %j', (json, yaml) => {
    expect(jsonToYaml(encodeUtf8(json))).toBe(yaml);
  });

  test('JSON that YAML 1.1 cannot read is refused', () => {
    expect(() => jsonToYaml('"\x7f"')).toThrow('control characters are not allowed');
    expect(() => jsonToYaml(`{"${'k'.repeat(1_100)}":1}`)).toThrow("did not find expected ',' or '}'");
  });
});
