import { assert, property, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { rendered, renderedBytes } from './testing/render.ts';

test('bytes survive every encoding', () => {
  assert(
    property(uint8Array(), (v) => {
      for (const codec of ['b64enc | b64dec', 'b32enc | b32dec', 'printf "%x" | hexdec']) {
        expect(Uint8Array.from(renderedBytes(`{{ .v | ${codec} }}`, { v }))).toEqual(v);
      }
    }),
  );
});

test('an error is a value', () => {
  expect(rendered('{{ b64dec "a!b" }}|{{ b32dec "1" }}|{{ hexdec "zz" }}')).toBe(
    "illegal base64 data at input byte 1|illegal base32 data at input byte 0|encoding/hex: invalid byte: U+007A 'z'",
  );
});
