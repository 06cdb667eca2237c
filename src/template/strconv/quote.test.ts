import { expect, test } from 'vitest';
import { encodeUtf8 } from '../text/utf8.ts';
import { quote, quoteByte } from './quote.ts';

test.each([
  ['plain', '"plain"'],
  ['say "hi" \\', '"say \\"hi\\" \\\\"'],
  ['\n\t\r\x07\b\f\v', '"\\n\\t\\r\\a\\b\\f\\v"'],
  ['\x00\x1b\x7f', '"\\x00\\x1b\\x7f"'],
  ['\xff', '"\\xff"'],
  [encodeUtf8('é😀日'), `"${encodeUtf8('é😀日')}"`],
  [encodeUtf8('\u00a0\u2028\ufeff'), '"\\u00a0\\u2028\\ufeff"'],
  [encodeUtf8('\u{e0001}'), '"\\U000e0001"'],
  [encodeUtf8('\ufffd'), `"${encodeUtf8('\ufffd')}"`],
])('quotes %j', (bytes, literal) => {
  expect(quote(bytes)).toBe(literal);
});

test('a byte is quoted as the character of its number', () => {
  expect(quoteByte(0x62)).toBe("'b'");
  expect(quoteByte(0x27)).toBe("'\\''");
  expect(quoteByte(0x22)).toBe(`'"'`);
  expect(quoteByte(0x0a)).toBe("'\\n'");
  expect(quoteByte(0xef)).toBe(`'${encodeUtf8('ï')}'`);
});
