/** A strict JSON parser (RFC 8259) that keeps numbers as they were written and members in their order. */

/** The text is not JSON. The message says where, never what stands there. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
}

/** A number as it was written. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type JsonValue = null | boolean | string | JsonNumber | readonly JsonValue[] | ReadonlyMap<string, JsonValue>;

/** One member of an object, with its text. */
export interface JsonMember {
  readonly value: JsonValue;
  readonly raw: string;
}

/** @throws JsonSyntaxError */
export function parseJson(json: string | Uint8Array): JsonValue {
  return new JsonParser(textOf(json)).document();
}

/**
 * The members of an object; the last one wins where a key is there twice.
 * @returns undefined when the JSON is something else
 * @throws JsonSyntaxError
 */
export function parseJsonMembers(json: string | Uint8Array): ReadonlyMap<string, JsonMember> | undefined {
  return new JsonParser(textOf(json)).topMembers();
}

function textOf(json: string | Uint8Array): string {
  return typeof json === 'string' ? json : Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString('utf8');
}

/** Deeper documents are an attack on the stack. */
const deepest = 1_000;

const blank = /[ \t\r\n]*/y;
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// oxlint-disable-next-line no-control-regex -- control characters are not allowed in strings
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const literal = /true|false|null/y;

class JsonParser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonValue {
    const value = this.#value();
    this.#end();
    return value;
  }

  topMembers(): Map<string, JsonMember> | undefined {
    this.#take(blank);
    if (this.#text[this.#at] !== '{') {
      this.document();
      return undefined;
    }
    const members = this.#members();
    this.#end();
    return members;
  }

  #end(): void {
    this.#take(blank);
    if (this.#at < this.#text.length) this.#fail();
  }

  #value(): JsonValue {
    this.#take(blank);
    switch (this.#text[this.#at]) {
      case '{':
        return new Map(Array.from(this.#members(), ([key, { value }]) => [key, value]));
      case '[':
        return this.#elements();
      case '"':
        return this.#string();
      case 't':
      case 'f':
      case 'n':
        return this.#literal();
      default:
        return new JsonNumber(this.#take(number) ?? this.#fail());
    }
  }

  #literal(): boolean | null {
    const word = this.#take(literal) ?? this.#fail();
    return word === 'null' ? null : word === 'true';
  }

  #string(): string {
    const raw = this.#take(string) ?? this.#fail();
    // Judged by the expression already; V8 only resolves the escapes. Go makes lone surrogates U+FFFD.
    return raw.includes('\\') ? String(JSON.parse(raw)).toWellFormed() : raw.slice(1, -1);
  }

  #members(): Map<string, JsonMember> {
    const members = new Map<string, JsonMember>();
    this.#list('}', () => {
      this.#take(blank);
      const key = this.#string();
      this.#expect(':');
      this.#take(blank);
      const start = this.#at;
      const value = this.#value();
      members.set(key, { value, raw: this.#text.slice(start, this.#at) });
    });
    return members;
  }

  #elements(): JsonValue[] {
    const elements: JsonValue[] = [];
    this.#list(']', () => void elements.push(this.#value()));
    return elements;
  }

  /** From the opening bracket to behind the closing one. */
  #list(close: string, item: () => void): void {
    this.#depth += 1;
    if (this.#depth > deepest) throw new JsonSyntaxError(`the JSON is nested more than ${deepest} levels deep`);
    this.#at += 1;
    this.#take(blank);
    if (this.#text[this.#at] === close) this.#at += 1;
    else {
      item();
      while (this.#separator(close)) item();
    }
    this.#depth -= 1;
  }

  /** Whether another item follows. */
  #separator(close: string): boolean {
    this.#take(blank);
    const character = this.#text[this.#at];
    if (character !== ',' && character !== close) this.#fail();
    this.#at += 1;
    return character === ',';
  }

  #expect(character: string): void {
    this.#take(blank);
    if (this.#text[this.#at] !== character) this.#fail();
    this.#at += 1;
  }

  #take(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at;
    const taken = expression.exec(this.#text)?.[0];
    this.#at += taken?.length ?? 0;
    return taken;
  }

  #fail(): never {
    throw new JsonSyntaxError(
      `the value is not JSON: unexpected ${this.#at < this.#text.length ? 'character' : 'end'} at offset ${this.#at}`,
    );
  }
}
