/** A bearer token in a file that somebody else renews, such as a projected ServiceAccount token. */
import { readFile } from 'node:fs/promises';
import type { Clock } from '../lib/clock.ts';

/** The kubelet renews a token long before its end, so a copy may be a minute old (as client-go's). */
const maxAgeMs = 60_000;

export class TokenFile {
  readonly #path: string;
  readonly #clock: Clock;
  #current: { readonly authorization: string; readonly readAt: number } | undefined;
  #reading: Promise<string> | undefined;

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
  }

  /** The `Authorization` header. */
  authorization(): string | Promise<string> {
    const current = this.#current;
    if (current !== undefined && this.#clock.monotonic() - current.readAt < maxAgeMs) return current.authorization;
    this.#reading ??= this.#read();
    return this.#reading;
  }

  /** Reads the file again at the next request. */
  expire(): void {
    this.#current = undefined;
  }

  async #read(): Promise<string> {
    try {
      const token = (await readFile(this.#path, 'utf8')).trim();
      if (token === '') throw new Error(`the token file ${this.#path} is empty`);
      this.#current = { authorization: `Bearer ${token}`, readAt: this.#clock.monotonic() };
      return this.#current.authorization;
    } catch (error) {
      // In the middle of a rotation the file may be away: the token before it is still good.
      if (this.#current === undefined) throw error;
      return this.#current.authorization;
    } finally {
      this.#reading = undefined;
    }
  }
}
