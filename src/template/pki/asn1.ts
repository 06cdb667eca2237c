/** DER, read strictly into plain nodes and written from parts; asn1js does the decoding and encoding. */
import * as asn1js from 'asn1js';

/** ASN.1 tag classes as asn1js numbers them. */
export const tagClass = { universal: 1, context: 3 } as const;

/** Universal tag numbers. */
export const tag = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  null: 5,
  oid: 6,
  utf8String: 12,
  sequence: 16,
  set: 17,
  printableString: 19,
  teletexString: 20,
  ia5String: 22,
  utcTime: 23,
  generalizedTime: 24,
  bmpString: 30,
} as const;

/** Bounds on what a secret value may make us build; a trust store of a thousand certificates stays below them. */
const readLimits = { maxDepth: 64, maxNodes: 200_000, parseEmbedded: false, copyInput: false } as const;

/** One decoded element. */
export interface DerNode {
  readonly tagClass: number;
  readonly tagNumber: number;
  readonly isConstructed: boolean;
  /** The whole element with its header. */
  readonly encoded: Buffer;
  /** What follows the header. */
  readonly content: Buffer;
  /** Empty for a primitive element. */
  readonly children: readonly DerNode[];
}

export class Asn1Error extends Error {
  override name = 'Asn1Error';
}

/** Reads exactly one element; throws Asn1Error for anything that is not DER and for trailing bytes. */
export function readDer(bytes: Uint8Array): DerNode {
  const node = readFirstDer(bytes);
  if (node.encoded.length !== bytes.length) throw new Asn1Error('asn1: syntax error: trailing data');
  return node;
}

/** Reads the first element and leaves what follows. */
export function readFirstDer(bytes: Uint8Array): DerNode {
  if (bytes.length === 0) throw new Asn1Error('asn1: syntax error: sequence truncated');
  const { offset, result } = asn1js.fromBER(bytes, readLimits);
  if (offset === -1 || result.error !== '') throw new Asn1Error('asn1: syntax error: data truncated');
  // asn1js reads BER, and lets an element run over the end of its parent; DER has one encoding, which it writes.
  if (!Buffer.from(result.toBER()).equals(bytes.subarray(0, offset)))
    throw new Asn1Error('asn1: syntax error: not DER');
  return toNode(result);
}

function toNode(block: asn1js.BaseBlock): DerNode {
  const { idBlock, lenBlock } = block;
  const encoded = asBuffer(block.valueBeforeDecodeView);
  const blocks = block instanceof asn1js.Constructed ? block.valueBlock.value : [];
  return {
    tagClass: idBlock.tagClass,
    tagNumber: idBlock.tagNumber,
    isConstructed: idBlock.isConstructed,
    encoded,
    content: encoded.subarray(idBlock.blockLength + lenBlock.blockLength),
    children: blocks.map(toNode),
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The children of a SEQUENCE; throws Asn1Error for any other element. */
export function sequenceOf(node: DerNode | undefined): readonly DerNode[] {
  return universal(node, tag.sequence).children;
}

/** The children of a SET. */
export function setOf(node: DerNode | undefined): readonly DerNode[] {
  return universal(node, tag.set).children;
}

/** The children of a context-specific element `[number]`, which for an EXPLICIT tag is one element. */
export function contextOf(node: DerNode | undefined, number: number): readonly DerNode[] {
  if (!isContext(node, number) || !node.isConstructed) throw unexpected(node, `[${number}]`);
  return node.children;
}

export function isContext(node: DerNode | undefined, number: number): node is DerNode {
  return node !== undefined && node.tagClass === tagClass.context && node.tagNumber === number;
}

export function isUniversal(node: DerNode | undefined, number: number): node is DerNode {
  return node !== undefined && node.tagClass === tagClass.universal && node.tagNumber === number;
}

/** Dotted decimal. */
export function oidOf(node: DerNode | undefined): string {
  const { encoded } = universal(node, tag.oid);
  const { result } = asn1js.fromBER(encoded);
  if (!(result instanceof asn1js.ObjectIdentifier)) throw unexpected(node, 'OBJECT IDENTIFIER');
  return result.valueBlock.toString();
}

/** An INTEGER in its shortest form, as DER demands. */
export function integerOf(node: DerNode | undefined): bigint {
  const { content } = universal(node, tag.integer);
  const [first, second] = content;
  if (first === undefined) throw new Asn1Error('asn1: structure error: empty integer');
  const padded = second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
  if (padded) throw new Asn1Error('asn1: structure error: integer not minimally-encoded');
  return BigInt.asIntN(content.length * 8, BigInt(`0x${content.toString('hex')}`));
}

/** An INTEGER that fits a number without loss. */
export function smallIntegerOf(node: DerNode | undefined): number {
  const value = integerOf(node);
  if (value !== BigInt.asIntN(53, value)) throw new Asn1Error('asn1: structure error: integer too large');
  return Number(value);
}

export function octetsOf(node: DerNode | undefined): Buffer {
  return universal(node, tag.octetString).content;
}

/** The bytes of a BIT STRING; bits that pad the last of them must be 0. */
export function bitsOf(node: DerNode | undefined): Buffer {
  const { content } = universal(node, tag.bitString);
  const unused = content[0] ?? 8;
  const last = content.length > 1 ? (content.at(-1) ?? 0) : 0;
  const isPadded = unused < 8 && (unused === 0 || content.length > 1) && (last & ((1 << unused) - 1)) === 0;
  if (!isPadded) throw unexpected(node, 'BIT STRING');
  return content.subarray(1);
}

export function booleanOf(node: DerNode | undefined): boolean {
  const { content } = universal(node, tag.boolean);
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) throw unexpected(node, 'BOOLEAN');
  return content[0] !== 0;
}

/** DER leaves no choice: SEQUENCE and SET are constructed, all other types primitive. */
function universal(node: DerNode | undefined, number: number): DerNode {
  const isConstructed = number === tag.sequence || number === tag.set;
  if (!isUniversal(node, number) || node.isConstructed !== isConstructed) throw unexpected(node, `tag ${number}`);
  return node;
}

function unexpected(node: DerNode | undefined, wanted: string): Asn1Error {
  const found = node === undefined ? 'nothing' : `tag ${node.tagNumber} of class ${node.tagClass}`;
  return new Asn1Error(`asn1: structure error: expected ${wanted}, found ${found}`);
}
