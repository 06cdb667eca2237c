/** Cuts a stream of bytes into lines; every byte is looked at once and copied at most once. */

const newline = 0x0a;

/**
 * The lines without their ends, as UTF-8 text.
 * @throws TruncatedLineError when the stream ends in the middle of a line, after all whole lines were given
 */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string, void, void> {
  // The parts of a line that came in several chunks. Joined when its end is there, so a long line is not copied often.
  let parts: Buffer[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      yield lineOf(parts, chunk, start, end);
      if (parts.length > 0) parts = [];
      start = end + 1;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  }
  if (parts.length > 0) throw new TruncatedLineError();
}

function lineOf(parts: readonly Buffer[], chunk: Buffer, start: number, end: number): string {
  if (parts.length === 0) return chunk.toString('utf8', start, end);
  return Buffer.concat([...parts, chunk.subarray(start, end)]).toString('utf8');
}

export class TruncatedLineError extends Error {
  override readonly name = 'TruncatedLineError';

  constructor() {
    super('the stream ended in the middle of a line');
  }
}
