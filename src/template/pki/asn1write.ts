/** DER elements built from their parts, each already encoded; asn1js writes tags, lengths and primitive values. */
import * as asn1js from 'asn1js';
import { tag, tagClass } from './asn1.ts';

export function sequence(...parts: Uint8Array[]): Buffer {
  return element(tagClass.universal, tag.sequence, Buffer.concat(parts), true);
}

/** SET OF: DER sorts the members by their encodings. */
export function set(...parts: Uint8Array[]): Buffer {
  return element(tagClass.universal, tag.set, Buffer.concat(parts.toSorted((a, b) => Buffer.compare(a, b))), true);
}

/** `[number]` EXPLICIT, or IMPLICIT of a constructed type. */
export function explicit(number: number, ...parts: Uint8Array[]): Buffer {
  return element(tagClass.context, number, Buffer.concat(parts), true);
}

/** `[number]` IMPLICIT of a primitive type. */
export function implicit(number: number, content: Uint8Array): Buffer {
  return element(tagClass.context, number, content, false);
}

/** A universal primitive given by its tag and content octets: the string and time types. */
export function primitive(tagNumber: number, content: Uint8Array): Buffer {
  return element(tagClass.universal, tagNumber, content, false);
}

export function oid(dotted: string): Buffer {
  return encode(new asn1js.ObjectIdentifier({ value: dotted }));
}

export function integer(value: bigint): Buffer {
  return encode(asn1js.Integer.fromBigInt(value));
}

export function octetString(content: Uint8Array): Buffer {
  return encode(new asn1js.OctetString({ valueHex: exact(content) }));
}

export function bitString(content: Uint8Array, unusedBits = 0): Buffer {
  return encode(new asn1js.BitString({ unusedBits, valueHex: exact(content) }));
}

export function boolean(value: boolean): Buffer {
  return encode(new asn1js.Boolean({ value }));
}

export const derNull: Uint8Array = encode(new asn1js.Null());

/** Any element around content that is encoded already. */
function element(tagClass: number, tagNumber: number, content: Uint8Array, isConstructed: boolean): Buffer {
  const block = new asn1js.Primitive({ idBlock: { tagClass, tagNumber }, valueHex: exact(content) });
  block.idBlock.isConstructed = isConstructed;
  return encode(block);
}

function encode(block: asn1js.BaseBlock): Buffer {
  return Buffer.from(block.toBER());
}

/** asn1js takes a whole ArrayBuffer, and a Buffer is often a window of a shared one. */
function exact(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
