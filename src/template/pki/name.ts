/** X.500 names of certificates: reading them strictly and Go's text form of them (RFC 2253). */
import { isValidUtf8 } from '../text/utf8.ts';
import { type DerNode, oidOf, sequenceOf, setOf, tag, tagClass } from './asn1.ts';
import { primitive } from './asn1write.ts';

export interface NameAttribute {
  /** Dotted decimal. */
  readonly type: string;
  /** UTF-8 as a byte string. */
  readonly value: string;
}

/** One relative distinguished name: usually a single attribute. */
export type RelativeName = readonly NameAttribute[];

const numericString = 18;
const printable = /^[a-zA-Z0-9'()+,\-./ :=?*&]*$/;

/** The attributes that Go keeps apart, in the order in which it writes them. */
const orderedTypes = ['6', '8', '7', '9', '17', '10', '11', '3', '5'].map((last) => `2.5.4.${last}`);
/** Of these only the last value counts. */
const singleTypes: readonly string[] = ['2.5.4.3', '2.5.4.5'];

const shortNames: ReadonlyMap<string, string> = new Map([
  ['2.5.4.6', 'C'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.3', 'CN'],
  ['2.5.4.5', 'SERIALNUMBER'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.17', 'POSTALCODE'],
]);

/** Reads an RDNSequence; throws when an attribute's string breaks the rules of its type. */
export function parseName(node: DerNode | undefined): RelativeName[] {
  return sequenceOf(node).map((relative) =>
    setOf(relative).map((attribute) => {
      const [type, value] = sequenceOf(attribute);
      return { type: oidOf(type), value: stringOf(value) };
    }),
  );
}

function stringOf(node: DerNode | undefined): string {
  if (node?.tagClass !== tagClass.universal) throw new Error('invalid attribute value');
  const text = node.content.toString('latin1');
  switch (node.tagNumber) {
    case tag.teletexString:
      return Buffer.from(text, 'utf8').toString('latin1');
    case tag.bmpString:
      return bmpText(node.content);
    case tag.utf8String:
      return valid(text, isValidUtf8(text), 'UTF-8 string');
    case tag.printableString:
      return valid(text, printable.test(text), 'PrintableString');
    case tag.ia5String:
      return valid(text, isAscii(text), 'IA5String');
    case numericString:
      return valid(text, /^[0-9 ]*$/.test(text), 'NumericString');
    default:
      throw new Error(`unsupported string type: ${node.tagNumber}`);
  }
}

function valid(text: string, isValid: boolean, what: string): string {
  if (!isValid) throw new Error(`invalid ${what}`);
  return text;
}

/** IA5String's rule. */
export function isAscii(text: string): boolean {
  return !/[\x80-\xff]/.test(text);
}

/** UCS-2 without surrogates and non-characters, with an optional terminating zero. */
function bmpText(bytes: Buffer): string {
  const units = Array.from({ length: bytes.length >> 1 }, (_, index) => bytes.readUInt16BE(2 * index));
  if (units.at(-1) === 0) units.pop();
  const text = String.fromCharCode(...units);
  if (bytes.length % 2 !== 0 || /[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]/.test(text)) {
    throw new Error('invalid BMPString');
  }
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Go's pkix.Name.String: the usual attributes in a fixed order, last first, unusual ones at the end. A byte string. */
export function nameText(name: readonly RelativeName[]): string {
  const attributes = name.flat();
  const unusual = attributes.filter(({ type }) => !orderedTypes.includes(type)).map((attribute) => [attribute]);
  const usual = orderedTypes.map((type) => {
    const values = attributes.filter((attribute) => attribute.type === type);
    return singleTypes.includes(type) ? values.slice(-1).filter(({ value }) => value !== '') : values;
  });
  return [...unusual, ...usual.filter((values) => values.length > 0)]
    .reverse()
    .map((values) => values.map(attributeText).join('+'))
    .join(',');
}

function attributeText({ type, value }: NameAttribute): string {
  const shortName = shortNames.get(type);
  if (shortName === undefined) return `${type}=#${encodeString(value).toString('hex')}`;
  const escaped = value.replace(/[,+"\\<>;]|^[ #]| $/g, '\\$&');
  return `${shortName}=${escaped}`;
}

/** A PrintableString where Go's asn1 package writes one, else a UTF8String; throws when it is not UTF-8. */
export function encodeString(text: string): Buffer {
  if (!isValidUtf8(text)) throw new Error('asn1: string not valid UTF-8');
  const isPrintable = printable.test(text) && !/[*&]/.test(text);
  return primitive(isPrintable ? tag.printableString : tag.utf8String, Buffer.from(text, 'latin1'));
}
