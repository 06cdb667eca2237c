import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rendered } from './testing/render.ts';

test.each([
  ['upper', 'straße ǆ', 'STRAßE Ǆ'],
  ['lower', 'İ ΣΑΣ', 'i σασ'],
  ['title', "hello-world foo_bar it's 3rd ǆ", "Hello-World Foo_bar It'S 3rd ǅ"],
  ['untitle', 'Hello World Élan', 'hello world élan'],
  ['swapcase', 'This Is A.Test ǆ', 'tHIS iS a.tEST ǅ'],
])('%s of %j is %j', (name, from, to) => {
  expect(rendered(`{{ ${name} .v }}`, { v: from })).toBe(to);
});

describe('snakecase and kebabcase', () => {
  test.each([
    ['FirstName', 'first_name'],
    ['HTTPServer', 'http_server'],
    ['NoHTTPS', 'no_https'],
    ['GO PATH', 'go_path'],
    ['GO-PATH', 'go_path'],
    ['http2xx', 'http_2xx'],
    ['HTTP20xOK', 'http_20x_ok'],
    ['Duration2m3s', 'duration_2m3s'],
    ['Bld4Floor3rd', 'bld4_floor_3rd'],
    ['foo123', 'foo123'],
    ['UserIDs', 'user_i_ds'],
    [' _-_ ', '_____'],
    ['some.dotted.Name', 'some.dotted.name'],
    ['élanVital', 'élan_vital'],
    ['日本語Text', '日本語_text'],
  ])('%j is %j', (from, to) => {
    expect(rendered('{{ snakecase .v }}', { v: from })).toBe(to);
    expect(rendered('{{ kebabcase .v }}', { v: from })).toBe(to.replaceAll('_', '-'));
  });
});

test.each([
  ['http_server', 'HttpServer'],
  ['_camel_case', '_CamelCase'],
  ['__', '___'],
  ['_a', '_A'],
  ['foo  bar', 'Foo Bar'],
  ['GOLANG_IS_GREAT', 'GolangIsGreat'],
  ['fooBAR', 'FooBAR'],
  ['', ''],
])('camelcase of %j is %j', (from, to) => {
  expect(rendered('{{ camelcase .v }}', { v: from })).toBe(to);
});

test('snake case has no ASCII capitals', () => {
  assert(
    property(string({ unit: 'grapheme-ascii' }), (v) => {
      expect(rendered('{{ snakecase .v }}', { v })).not.toMatch(/[A-Z]/);
    }),
  );
});

test('bytes that are no UTF-8 become U+FFFD in capitals and small letters', () => {
  expect(rendered('{{ upper .v }}{{ lower .v }}', { v: Buffer.from([0x61, 0xff, 0x42]) })).toBe('A\ufffdBa\ufffdb');
});
