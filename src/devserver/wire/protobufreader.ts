/** The fields of a protobuf message, one after the other. */

export interface WireField {
  readonly number: number;
  /** Bytes, or a number below 2^53. */
  readonly value: Uint8Array | number;
}

const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 };

export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get hasMore(): boolean {
    return this.#at < this.#bytes.length;
  }

  /** @throws RangeError at the end of the bytes, and for wire types that nobody uses */
  field(): WireField {
    const tag = this.#varint();
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case wireTypes.varint:
        return { number, value: this.#varint() };
      case wireTypes.bytes:
        return { number, value: this.#take(this.#varint()) };
      case wireTypes.fixed32:
        return { number, value: this.#take(4) };
      case wireTypes.fixed64:
        return { number, value: this.#take(8) };
      default:
        throw new RangeError('unknown wire type');
    }
  }

  #varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new RangeError('the message is cut off');
      this.#at += 1;
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('the message is cut off');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
