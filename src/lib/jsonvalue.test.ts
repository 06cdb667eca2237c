import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDecimal, quoteJson } from './gojson.ts';
import { JsonNumber, JsonSyntaxError, type JsonValue, parseJson } from './json.ts';
import {
  marshalJson,
  marshalJsonAsWritten,
  marshalJsonPlain,
  rawMembers,
  renderedMembers,
  renderValue,
} from './jsonvalue.ts';

function texts(members: Map<string, Uint8Array> | undefined): Record<string, string> | undefined {
  if (members === undefined) return undefined;
  return Object.fromEntries(Array.from(members, ([key, value]) => [key, Buffer.from(value).toString()]));
}

/** The same value as JavaScript's own parser would have made it. */
function plain(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return Number(value.text);
  if (value instanceof Map)
    return Object.fromEntries(Array.from(value, ([key, member]) => [key, plain(member as JsonValue)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

describe('parsing JSON', () => {
  it('agrees with the platform on every document', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.constantFrom('', ' ', '\n\t'), (json, blank) => {
        fc.pre(!json.includes('__proto__'));
        expect(plain(parseJson(blank + json + blank))).toEqual(JSON.parse(json));
      }),
    );
  });

  it('agrees with the platform on what is no JSON', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '1',
      '-',
      '0',
      '.5',
      'e3',
      'true',
      'nul',
      ' ',
      '\\',
      '\u0001',
      '+',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const json = pieces.join('');
        const expected = attempt(() => JSON.parse(json));
        expect(attempt(() => parseJson(json))).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('says where it failed, never what stands there', () => {
    expect(() => parseJson('{"password": hunter2}')).toThrow(
      new JsonSyntaxError('the value is not JSON: unexpected character at offset 13'),
    );
    expect(() => parseJson('{"password": "hunter2')).toThrow(JsonSyntaxError);
    expect(() => parseJson('')).toThrow('unexpected end at offset 0');
  });

  it('refuses documents that would exhaust the stack', () => {
    expect(() => parseJson('['.repeat(100_000))).toThrow('nested');
  });

  it('keeps keys like __proto__ as keys', () => {
    const value = parseJson('{"__proto__":{"a":1},"constructor":2}');
    expect(value instanceof Map && [...value.keys()]).toEqual(['__proto__', 'constructor']);
  });
});

function attempt(run: () => unknown): 'parsed' | 'refused' {
  try {
    run();
    return 'parsed';
  } catch {
    return 'refused';
  }
}

describe('rendering the members of an object', () => {
  const json =
    '{"s":"a\\nb","n":12345678901234567890,"f":1.50,"one":1.0,"e":1e21,"t":true,"z":null,"o":{"b":"<&>","a":[1, 2.0]},"neg":-7}';

  it('gives each as ESO does, but integers with all their digits', () => {
    expect(texts(renderedMembers(json))).toEqual({
      s: 'a\nb',
      n: '12345678901234567890',
      f: '1.5',
      one: '1',
      e: '1000000000000000000000',
      t: 'true',
      z: '',
      o: '{"a":[1,2],"b":"\\u003c\\u0026\\u003e"}',
      neg: '-7',
    });
  });

  it('or as it is written', () => {
    expect(texts(rawMembers(json))).toEqual({
      s: 'a\nb',
      n: '12345678901234567890',
      f: '1.50',
      one: '1.0',
      e: '1e21',
      t: 'true',
      z: 'null',
      o: '{"b":"<&>","a":[1, 2.0]}',
      neg: '-7',
    });
  });

  it('takes the last of equal keys', () => {
    expect(texts(rawMembers('{"a":1,"a":2}'))).toEqual({ a: '2' });
  });

  it.each(['[1]', '"text"', '42', 'null'])('answers undefined for %s', (other) => {
    expect(renderedMembers(other)).toBeUndefined();
    expect(rawMembers(other)).toBeUndefined();
  });

  it('throws for what is no JSON', () => {
    expect(() => renderedMembers('hunter2')).toThrow(JsonSyntaxError);
    expect(() => rawMembers('{"a":1} x')).toThrow(JsonSyntaxError);
  });
});

describe('JSON as Go writes it', () => {
  it.each([
    ['1e21', '1e+21'],
    ['1e20', '100000000000000000000'],
    ['0.0000001', '1e-7'],
    ['0.000001', '0.000001'],
    ['1.0', '1'],
    ['-0', '-0'],
    ['"\\u2028\\u0001\\u0008\\u007f"', '"\\u2028\\u0001\\b\u007f"'],
    ['{"b":1,"a":2,"\\u00e9":3}', '{"a":2,"b":1,"é":3}'],
  ])('%s is written as %s', (json, expected) => {
    expect(marshalJson(parseJson(json))).toBe(expected);
  });

  it('can leave angle brackets and ampersands alone', () => {
    expect(marshalJsonPlain(parseJson('{"<":["&",">"]}'))).toBe('{"<":["&",">"]}');
    expect(marshalJson(parseJson('{"<":["&",">"]}'))).toBe('{"\\u003c":["\\u0026","\\u003e"]}');
  });

  it('can leave numbers as they are written', () => {
    const json = parseJson('{"b":[1.50,1e3,-0],"a":9007199254740993123}');
    expect(marshalJsonAsWritten(json)).toBe('{"a":9007199254740993123,"b":[1.50,1e3,-0]}');
  });

  it('is read back as the same value', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (json) => {
        fc.pre(!json.includes('__proto__'));
        expect(JSON.parse(marshalJson(parseJson(json)))).toEqual(JSON.parse(json));
      }),
    );
  });

  it('makes what is not Unicode to U+FFFD', () => {
    expect(quoteJson(Uint8Array.of(0x61, 0xff))).toBe('"a\ufffd"');
    expect(quoteJson('\ud800')).toBe('"\ufffd"');
  });
});

describe('decimals', () => {
  it.each([
    [0, '0'],
    [-0, '-0'],
    [0.1, '0.1'],
    [1.5e-7, '0.00000015'],
    [123456789012345680000, '123456789012345680000'],
    [1.7976931348623157e308, `17976931348623157${'0'.repeat(292)}`],
    [Number.POSITIVE_INFINITY, '+Inf'],
  ])('%s is %s', (value, expected) => {
    expect(formatDecimal(value)).toBe(expected);
  });

  it('mean the number that they came from', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(formatDecimal(value))).toBe(value);
        expect(formatDecimal(value)).not.toContain('e');
      }),
    );
  });

  it('of single values are rendered like those of members', () => {
    expect(Buffer.from(renderValue(new JsonNumber('1e-7'))).toString()).toBe('0.0000001');
    expect(renderValue(null)).toHaveLength(0);
  });
});
