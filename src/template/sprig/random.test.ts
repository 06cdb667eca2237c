import { expect, test } from 'vitest';
import { failure, rendered } from './testing/render.ts';

/** Counts up from 0, so that every draw is known. */
function counting(): (length: number) => Uint8Array {
  let next = 0;
  return (length) => Uint8Array.from({ length }, () => next++ % 256);
}

test('texts are drawn from their alphabet, one byte of randomness a character', () => {
  const options = { randomBytes: counting() };
  expect(rendered('{{ randAlpha 3 }} {{ randNumeric 3 }} {{ randAlphaNum 3 }} {{ randAscii 3 }}', {}, options)).toBe(
    'ABC 345 GHI )*+',
  );
});

test('bytes that would favour the first characters are drawn again', () => {
  const draws = [255, 250, 7];
  const randomBytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => draws.shift() ?? 0);
  expect(rendered('{{ randNumeric 1 }}', {}, { randomBytes })).toBe('7');
  expect(draws).toEqual([]);
});

test('a count below one gives an empty text', () => {
  expect(rendered('{{ randAlpha 0 }}{{ randNumeric -3 }}|')).toBe('|');
});

test('randInt stays within its bounds and refuses an empty range', () => {
  expect(rendered('{{ randInt 5 6 }}')).toBe('5');
  expect(failure('{{ randInt 5 5 }}')).toContain('invalid argument to Intn');
  expect(failure('{{ randInt 6 5 }}')).toContain('invalid argument to Intn');
});

test('shuffle keeps the characters', () => {
  const shuffled = rendered('{{ shuffle "añb😀" }}');
  expect(Array.from(shuffled).toSorted()).toEqual(Array.from('añb😀').toSorted());
});

test('uuidv4 sets version and variant', () => {
  expect(rendered('{{ uuidv4 }}', {}, { randomBytes: (length) => new Uint8Array(length).fill(0xff) })).toBe(
    'ffffffff-ffff-4fff-bfff-ffffffffffff',
  );
});

test('asking for too much is a limit, not a hang', () => {
  expect(failure('{{ randAlpha 100000000 }}')).toContain('evaluation steps');
});
