/** The text that a regular expression runs over: characters for the matcher, bytes for the caller. */
import { isAscii, runes } from '../text/utf8.ts';

/**
 * Bytes as characters, where each invalid byte is a U+FFFD of its own, as Go's regexp sees them. Places are those of
 * the characters' UTF-16 units; slices are of the original bytes.
 */
export class Subject {
  readonly text: string;
  readonly #bytes: string;
  /** The byte at which each unit begins, then the length; undefined while every unit is one byte. */
  readonly #offsets: Uint32Array | undefined;

  constructor(bytes: string) {
    this.#bytes = bytes;
    if (isAscii(bytes)) {
      this.text = bytes;
      return;
    }
    const offsets: number[] = [];
    let text = '';
    for (const { code, at } of runes(bytes)) {
      const char = String.fromCodePoint(code);
      text += char;
      for (let unit = 0; unit < char.length; unit++) offsets.push(at);
    }
    this.text = text;
    this.#offsets = Uint32Array.from([...offsets, bytes.length]);
  }

  /** The bytes of the characters from `start` up to `end`. */
  slice(start: number, end = this.text.length): string {
    if (this.#offsets === undefined) return this.#bytes.slice(start, end);
    return this.#bytes.slice(this.#offsets[start], this.#offsets[end]);
  }

  /** The place of the character after the one at `at`. */
  after(at: number): number {
    return at + ((this.text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
  }
}
