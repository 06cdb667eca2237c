import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitLines, TruncatedLineError } from './lines.ts';

async function* stream(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

async function linesOf(chunks: readonly Buffer[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of splitLines(stream(chunks))) lines.push(line);
  return lines;
}

test('lines that came in one chunk, in several, and in the middle of a character are whole', async () => {
  const bytes = Buffer.from('{"a":"é"}\n{"b":2}\n');
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    expect(await linesOf([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(['{"a":"é"}', '{"b":2}']);
  }
});

test('a stream that ends in the middle of a line gives the whole lines first and then throws', async () => {
  const lines: string[] = [];
  const reading = async (): Promise<void> => {
    for await (const line of splitLines(stream([Buffer.from('one\ntwo\nthr')]))) lines.push(line);
  };
  await expect(reading()).rejects.toBeInstanceOf(TruncatedLineError);
  expect(lines).toEqual(['one', 'two']);
});

test('for all texts and all ways to cut them, the lines are those of the text', async () => {
  const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ''));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.integer({ min: 1, max: 7 })), async (lines, sizes) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
      const chunks: Buffer[] = [];
      for (let start = 0, i = 0; start < bytes.length; i += 1) {
        const size = sizes[i % Math.max(1, sizes.length)] ?? 5;
        chunks.push(bytes.subarray(start, start + size));
        start += size;
      }
      expect(await linesOf(chunks)).toEqual(lines.map((text) => Buffer.from(text).toString('utf8')));
    }),
  );
});

test('a line of 16 MB in small chunks is put together once', async () => {
  const chunk = Buffer.alloc(16_384, 'x');
  const chunks = [...Array.from({ length: 1_024 }, () => chunk), Buffer.from('\n')];
  const [line] = await linesOf(chunks);
  expect(line).toHaveLength(16_384 * 1_024);
});
