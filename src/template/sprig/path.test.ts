import { assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { rendered } from './testing/render.ts';

test.each([
  ['', '. . . | false'],
  ['/', '/ / / | true'],
  ['//', '/ / / | true'],
  ['a/', 'a a a | false'],
  ['/a//b/../c', 'c /a /a/c | true'],
  ['../x', 'x .. ../x | false'],
  ['/..', '.. / / .| true'],
  ['a/./b.tar.gz', 'b.tar.gz a a/b.tar.gz .gz| false'],
  ['.hidden', '.hidden . .hidden .hidden| false'],
])('of %j', (v, output) => {
  expect(rendered('{{ base .v }} {{ dir .v }} {{ clean .v }} {{ ext .v }}| {{ isAbs .v }}', { v })).toBe(output);
  expect(rendered('{{ osBase .v }} {{ osDir .v }} {{ osClean .v }} {{ osExt .v }}| {{ osIsAbs .v }}', { v })).toBe(
    output,
  );
});

test('a clean path stays as it is', () => {
  assert(
    property(string({ unit: 'grapheme-ascii' }), (v) => {
      const once = rendered('{{ clean .v }}', { v });
      expect(rendered('{{ clean .v }}', { v: once })).toBe(once);
    }),
  );
});
