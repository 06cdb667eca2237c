import { assert, jsonValue, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../text/utf8.ts';
import { decodeJson } from './decode.ts';
import { encodeJson } from './encode.ts';

const budget = { charge: (): void => undefined, checkSize: (): void => undefined };

function rewritten(bytes: string): string {
  const { value, error } = decodeJson(bytes);
  return error ?? encodeJson(value, { escapeHtml: false }, budget);
}

describe('what is read', () => {
  test.each([
    [' [1, -0 ,1E5, 0.10]\n', '[1,-0,100000,0.1]'],
    ['"\\u00e9\\n\\/\\ud83d\\ude00"', encodeUtf8('"é\\n/😀"')],
    ['"\\ud83d\\u0041 \\ude00"', encodeUtf8('"\ufffdA \ufffd"')],
    ['"\xff"', encodeUtf8('"\ufffd"')],
    ['{"a":1,"a":{"__proto__":2}}', '{"a":{"__proto__":2}}'],
  ])('%j is %j', (json, result) => {
    expect(rewritten(json)).toBe(result);
  });
});

describe('errors are those of Go', () => {
  test.each([
    ['', 'unexpected end of JSON input'],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
    ['{"a"1}', "invalid character '1' after object key"],
    ['{"a":1 2}', "invalid character '2' after object key:value pair"],
    ['[1 2]', "invalid character '2' after array element"],
    ['01', "invalid character '1' after top-level value"],
    ['1.', "invalid character ' ' after decimal point in numeric literal"],
    ['1ex', "invalid character 'x' in exponent of numeric literal"],
    ['-', "invalid character ' ' in numeric literal"],
    ['trux', "invalid character 'x' in literal true (expecting 'e')"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u12"', `invalid character '"' in \\u hexadecimal character escape`],
    ['"a', 'unexpected end of JSON input'],
    ['1e400', 'json: cannot unmarshal number 1e400 into Go value of type float64'],
    ['['.repeat(10_001), "invalid character '[' exceeded max depth"],
  ])('%#', (json, message) => {
    expect(rewritten(json)).toBe(message);
  });
});

test('all that JavaScript writes is read and written the same', () => {
  assert(
    property(jsonValue({ noUnicodeString: false }), (value) => {
      const json = encodeUtf8(JSON.stringify(value));
      expect(JSON.parse(Buffer.from(rewritten(json), 'latin1').toString())).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
