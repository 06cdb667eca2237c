import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PasswordGeneratorSpec } from '../../api/generators/password.ts';
import { ProviderError } from '../../provider/errors.ts';
import { testContext } from '../../provider/testing/connect.ts';
import { encode } from './encoding.ts';
import { generator, passwordGenerator } from './index.ts';

const symbols = '~!@#$%^&*()_+`-={}|[]\\:"<>?,./';

async function generate(spec: Partial<PasswordGeneratorSpec>, from = generator): Promise<Record<string, string>> {
  const { values } = await from.generate(generator.Spec.parse(spec), testContext().context);
  return Object.fromEntries(Array.from(values, ([key, value]) => [key, Buffer.from(value).toString()]));
}

async function password(spec: Partial<PasswordGeneratorSpec>): Promise<string> {
  return (await generate(spec))['password'] ?? '';
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

describe('the Password generator', () => {
  it('makes 24 characters by default, a quarter digits, a quarter symbols, none twice', async () => {
    for (let round = 0; round < 50; round += 1) {
      const made = await password({});
      expect(made).toHaveLength(24);
      expect(count(made, /[0-9]/g)).toBe(6);
      expect(count(made, /[a-zA-Z]/g)).toBe(12);
      expect(Array.from(made).filter((character) => symbols.includes(character))).toHaveLength(6);
      expect(new Set(made).size).toBe(24);
    }
  });

  it('rounds the quarters down', async () => {
    const made = await password({ length: 7 });
    expect([count(made, /[0-9]/g), count(made, /[a-zA-Z]/g), made.length]).toEqual([1, 5, 7]);
  });

  it('takes a length that is not positive for the default, as ESO does', async () => {
    expect(await password({ length: 0 })).toHaveLength(24);
  });

  it('makes one password for each of the keys', async () => {
    const made = await generate({ secretKeys: ['admin', 'reader'] });
    expect(Object.keys(made)).toEqual(['admin', 'reader']);
    expect(made['admin']).not.toBe(made['reader']);
  });

  it.each([
    [{ secretKeys: ['a', 'a'] }, 'secretKeys'],
    [{ secretKeys: [''] }, 'secretKeys'],
    [{ length: 5, digits: 3, symbols: 3 }, 'together are 6, more than the length 5'],
    [{ digits: -1 }, 'negative'],
    [{ length: 70_000, allowRepeat: true }, 'more than 65536'],
    [{ length: 60 }, '15 digits are wanted, but there are only 10'],
    [{ length: 40, digits: 0, symbols: 0, noUpper: true }, '40 letters are wanted, but there are only 26'],
    [{ length: 8, symbols: 2, symbolCharacters: '---' }, '2 symbols are wanted, but there are only 1'],
    [{ length: 26, digits: 0, symbols: 1, symbolCharacters: 'a', noUpper: true, allowRepeat: false }, undefined],
    [{ length: 27, digits: 0, symbols: 1, symbolCharacters: 'a', noUpper: true }, 'not enough different letters'],
  ])('judges %j', async (spec, message) => {
    const outcome = await password(spec).catch((error: unknown) => error);
    if (message === undefined) expect(outcome).toHaveLength(26);
    else {
      expect(outcome).toBeInstanceOf(ProviderError);
      expect(outcome).toMatchObject({ kind: 'invalid', message: expect.stringContaining(message) });
    }
  });

  it('keeps to its recipe, whatever it is', async () => {
    const recipe = fc.record({
      length: fc.integer({ min: 1, max: 100 }),
      digits: fc.integer({ min: 0, max: 10 }),
      symbols: fc.integer({ min: 0, max: 5 }),
      noUpper: fc.boolean(),
      allowRepeat: fc.boolean(),
      symbolCharacters: fc.constantFrom(undefined, '-_$@!', '→←↑↓🔑'),
    });
    await fc.assert(
      fc.asyncProperty(recipe, async ({ symbolCharacters, ...rest }) => {
        fc.pre(rest.digits + rest.symbols <= rest.length);
        fc.pre(rest.allowRepeat || rest.length - rest.digits - rest.symbols <= (rest.noUpper ? 26 : 52));
        const spec = symbolCharacters === undefined ? rest : { ...rest, symbolCharacters };
        const characters = Array.from(await password(spec));
        const allowed = symbolCharacters ?? symbols;
        expect(characters).toHaveLength(rest.length);
        expect(characters.filter((character) => /[0-9]/.test(character))).toHaveLength(rest.digits);
        expect(characters.filter((character) => allowed.includes(character))).toHaveLength(rest.symbols);
        if (rest.noUpper) expect(characters.filter((character) => /[A-Z]/.test(character))).toEqual([]);
        if (!rest.allowRepeat) expect(new Set(characters).size).toBe(rest.length);
      }),
    );
  });

  it('uses the given source of randomness and nothing else', async () => {
    const counting = (): ((below: number) => number) => {
      let next = 0;
      return (below) => (next += 7) % below;
    };
    const first = await generate({}, passwordGenerator(counting()));
    expect(await generate({}, passwordGenerator(counting()))).toEqual(first);
  });

  it('puts every character on every place about equally often', async () => {
    const places = new Map<number, number>();
    for (let round = 0; round < 2_000; round += 1) {
      const place = (await password({ length: 10, digits: 1, symbols: 0 })).search(/[0-9]/);
      places.set(place, (places.get(place) ?? 0) + 1);
    }
    // 200 are expected, with a deviation of 13: these bounds fail once in a few hundred million runs.
    for (let place = 0; place < 10; place += 1) expect(Math.abs((places.get(place) ?? 0) - 200)).toBeLessThan(84);
  });
});

describe('the encoding of a password', () => {
  it.each([
    ['raw', 'hi~', 'hi~'],
    ['base64', 'hi~', 'aGl+'],
    ['base64url', 'hi~', 'aGl-'],
    ['base64url', 'h', 'aA=='],
    ['hex', 'hi~', '68697e'],
    // The vectors of RFC 4648 section 10.
    ['base32', '', ''],
    ['base32', 'f', 'MY======'],
    ['base32', 'fo', 'MZXQ===='],
    ['base32', 'foo', 'MZXW6==='],
    ['base32', 'foob', 'MZXW6YQ='],
    ['base32', 'fooba', 'MZXW6YTB'],
    ['base32', 'foobar', 'MZXW6YTBOI======'],
  ] as const)('%s of %s is %s', (encoding, made, expected) => {
    expect(Buffer.from(encode(encoding, made)).toString()).toBe(expected);
  });
});
