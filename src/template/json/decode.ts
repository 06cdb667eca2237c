/** JSON to values as Go's encoding/json does into an `interface{}`: maps, lists, float64, with Go's error messages. */
import { parseFloat64 } from '../strconv/float.ts';
import { quoteByte } from '../strconv/quote.ts';
import { decodeUtf8, encodeUtf8 } from '../text/utf8.ts';
import { dict, list, type Value } from '../value.ts';

export interface Decoded {
  /** Nil where the text is no JSON; with a number too large, everything but that number. */
  readonly value: Value;
  /** What Go says, undefined when all is well. */
  readonly error?: string;
}

export function decodeJson(bytes: string): Decoded {
  const decoder = new Decoder(bytes);
  try {
    const value = decoder.document();
    return decoder.numberError === undefined ? { value } : { value, error: decoder.numberError };
  } catch (error) {
    if (error instanceof SyntaxProblem) return { value: null, error: error.message };
    throw error;
  }
}

class SyntaxProblem extends Error {}

/** Go's limit on lists and maps within each other. */
const maxDepth = 10_000;

/** A list or map whose end has not been reached. */
type Open = { readonly items: Value[] } | { readonly entries: Map<string, Value>; key: string };

class Decoder {
  readonly #bytes: string;
  #at = 0;
  /** The first number that is too large for a float64. */
  numberError: string | undefined;

  constructor(bytes: string) {
    this.#bytes = bytes;
  }

  /** Reads the one value of the text. A loop with its own stack, because Go allows 10,000 levels. */
  document(): Value {
    const open: Open[] = [];
    let value = this.#begin(open);
    for (;;) {
      if (value !== undefined) {
        const top = open.at(-1);
        if (top === undefined) break;
        value = this.#place(value, top, open);
      } else value = this.#begin(open);
    }
    this.#skipSpace();
    if (this.#at < this.#bytes.length) this.#fail('after top-level value');
    return value;
  }

  /** Reads a scalar, or the start of a list or map; then there is a value only when it is empty. */
  #begin(open: Open[]): Value | undefined {
    this.#skipSpace();
    const char = this.#bytes.charAt(this.#at);
    if (char === '[') return this.#openList(open);
    if (char === '{') return this.#openMap(open);
    if (char === '"') return this.#string();
    if (char === '-' || isDigit(char)) return this.#number();
    if (char === 't') return this.#literal('true', true);
    if (char === 'f') return this.#literal('false', false);
    if (char === 'n') return this.#literal('null', null);
    return this.#fail('looking for beginning of value');
  }

  #openList(open: Open[]): Value | undefined {
    this.#descend(open);
    if (this.#accept(']')) return list([]);
    open.push({ items: [] });
    return undefined;
  }

  #openMap(open: Open[]): Value | undefined {
    this.#descend(open);
    if (this.#accept('}')) return dict([]);
    open.push({ entries: new Map(), key: this.#key() });
    return undefined;
  }

  #descend(open: readonly Open[]): void {
    if (open.length === maxDepth) this.#fail('exceeded max depth');
    this.#at++;
  }

  #key(): string {
    this.#skipSpace();
    if (this.#bytes.charAt(this.#at) !== '"') this.#fail('looking for beginning of object key string');
    const key = this.#string();
    if (!this.#accept(':')) this.#fail('after object key');
    return key;
  }

  /** Puts a finished value where it belongs; gives the list or map back when this was its last. */
  #place(value: Value, top: Open, open: Open[]): Value | undefined {
    if ('items' in top) {
      top.items.push(value);
      if (this.#accept(',')) return undefined;
      if (!this.#accept(']')) this.#fail('after array element');
      open.pop();
      return list(top.items);
    }
    top.entries.set(top.key, value);
    if (this.#accept(',')) {
      top.key = this.#key();
      return undefined;
    }
    if (!this.#accept('}')) this.#fail('after object key:value pair');
    open.pop();
    return dict(top.entries);
  }

  #accept(char: string): boolean {
    this.#skipSpace();
    if (this.#bytes.charAt(this.#at) !== char) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    while (' \t\r\n'.includes(this.#bytes.charAt(this.#at)) && this.#at < this.#bytes.length) this.#at++;
  }

  #literal<T extends Value>(name: string, value: T): T {
    for (const expected of name) {
      if (this.#bytes.charAt(this.#at) !== expected) this.#fail(`in literal ${name} (expecting '${expected}')`);
      this.#at++;
    }
    return value;
  }

  #number(): Value {
    const start = this.#at;
    if (this.#bytes.charAt(this.#at) === '-') this.#at++;
    if (this.#bytes.charAt(this.#at) === '0') this.#at++;
    else this.#digits('in numeric literal');
    if (this.#bytes.charAt(this.#at) === '.') {
      this.#at++;
      this.#digits('after decimal point in numeric literal');
    }
    if (/[eE]/.test(this.#bytes.charAt(this.#at))) {
      this.#at++;
      if (/[-+]/.test(this.#bytes.charAt(this.#at))) this.#at++;
      this.#digits('in exponent of numeric literal');
    }
    const text = this.#bytes.slice(start, this.#at);
    const value = parseFloat64(text);
    if (value !== undefined) return value;
    this.numberError ??= `json: cannot unmarshal number ${text} into Go value of type float64`;
    return null;
  }

  #digits(context: string): void {
    if (!isDigit(this.#bytes.charAt(this.#at))) this.#fail(context);
    while (isDigit(this.#bytes.charAt(this.#at))) this.#at++;
  }

  #string(): string {
    const start = this.#at + 1;
    let escaped = false;
    for (this.#at = start; this.#bytes.charAt(this.#at) !== '"'; this.#at++) {
      if (!(this.#bytes.charCodeAt(this.#at) >= 0x20)) this.#fail('in string literal');
      if (this.#bytes.charAt(this.#at) === '\\') {
        escaped = true;
        this.#skipEscape();
      }
    }
    const raw = this.#bytes.slice(start, this.#at);
    this.#at++;
    return encodeUtf8(decodeEscapes(decodeUtf8(raw), escaped));
  }

  /** Leaves the place at the last character of the escape. */
  #skipEscape(): void {
    this.#at++;
    const char = this.#bytes.charAt(this.#at);
    if (char === 'u') {
      for (let i = 0; i < 4; i++) {
        this.#at++;
        if (!/[0-9a-fA-F]/.test(this.#bytes.charAt(this.#at))) this.#fail('in \\u hexadecimal character escape');
      }
    } else if (char === '' || !'bfnrt"\\/'.includes(char)) this.#fail('in string escape code');
  }

  #fail(context: string): never {
    const ended = this.#at >= this.#bytes.length;
    if (ended && spaceIsFine.test(context)) throw new SyntaxProblem('unexpected end of JSON input');
    // Go's scanner is told of the end by a space, and where no space may stand it complains of that.
    const code = ended ? 0x20 : this.#bytes.charCodeAt(this.#at);
    throw new SyntaxProblem(`invalid character ${quoteByte(code)} ${context}`);
  }
}

/** The contexts in which the text could go on with a space. */
const spaceIsFine = /^(?:looking|after (?!decimal)|in string literal)/;

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9';
}

const simpleEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Surrogates without their half become U+FFFD when the result is encoded. */
function decodeEscapes(text: string, escaped: boolean): string {
  if (!escaped) return text;
  return text.replace(/\\(?:u(....)|(.))/g, (_, hex: string | undefined, name: string) =>
    hex === undefined ? (simpleEscapes[name] ?? name) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
