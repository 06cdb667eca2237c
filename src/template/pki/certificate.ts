/** X.509 certificates, read with the strictness of Go's crypto/x509. */
import { formatTime } from '../time/format.ts';
import { parseTime } from '../time/parse.ts';
import {
  bitsOf,
  booleanOf,
  contextOf,
  type DerNode,
  integerOf,
  isContext,
  isUniversal,
  octetsOf,
  oidOf,
  readFirstDer,
  sequenceOf,
  tag,
} from './asn1.ts';
import { parseName, type RelativeName } from './name.ts';
import { checkPublicKeyInfo } from './publickey.ts';
import { type AlternativeNames, noNames, parseAlternativeNames } from './subjectaltname.ts';

export interface Certificate extends AlternativeNames {
  /** The whole certificate in DER. */
  readonly raw: Buffer;
  readonly rawSubject: Buffer;
  readonly subject: readonly RelativeName[];
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKeyInfo: Buffer;
  /** Empty when the extension is absent. */
  readonly subjectKeyId: Buffer;
  readonly authorityKeyId: Buffer;
}

interface Extension {
  readonly id: string;
  readonly isCritical: boolean;
  readonly value: Buffer;
}

const none = Buffer.alloc(0);
const keyUsageId = '2.5.29.15';
const subjectKeyId = '2.5.29.14';
const alternativeNamesId = '2.5.29.17';
const basicConstraintsId = '2.5.29.19';
const authorityKeyId = '2.5.29.35';
const extendedKeyUsageId = '2.5.29.37';

/** Reads one certificate; throws with Go's message for anything malformed or trailing. */
export function parseCertificate(der: Uint8Array): Certificate {
  const certificate = parseFirstCertificate(der);
  if (certificate.raw.length !== der.length) throw new Error('x509: trailing data');
  return certificate;
}

/** Reads certificates that stand one after another. */
export function parseCertificates(der: Uint8Array): Certificate[] {
  const certificates: Certificate[] = [];
  for (let rest = der; rest.length > 0; ) {
    const certificate = parseFirstCertificate(rest);
    certificates.push(certificate);
    rest = rest.subarray(certificate.raw.length);
  }
  return certificates;
}

function parseFirstCertificate(der: Uint8Array): Certificate {
  const node = part('certificate', () => readFirstDer(der));
  const [tbs, signatureAlgorithm, signature] = part('certificate', () => sequenceOf(node));
  const fields = new Fields(part('tbs certificate', () => sequenceOf(tbs)));
  const version = parseVersion(fields);
  if (part('serial number', () => integerOf(fields.next())) < 0n) throw new Error('x509: negative serial number');
  checkSignatureAlgorithm(fields.next(), signatureAlgorithm);
  part('issuer', () => parseName(fields.next()));
  checkValidity(fields.next());
  const subjectNode = fields.next();
  const subject = part('issuer', () => parseName(subjectNode));
  const publicKeyInfo = fields.next();
  checkPublicKeyInfo(publicKeyInfo);
  const extensions = version === 3 ? parseExtensions(fields) : [];
  part('signature', () => bitsOf(signature));
  return {
    raw: node.encoded,
    rawSubject: subjectNode?.encoded ?? none,
    subject,
    publicKeyInfo: publicKeyInfo?.encoded ?? none,
    ...readExtensions(extensions),
  };
}

/** Runs one step of the reading and says what was malformed. */
function part<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`x509: malformed ${what}`, { cause: error });
  }
}

/** The members of a SEQUENCE in order. */
class Fields {
  readonly #nodes: readonly DerNode[];
  #at = 0;

  constructor(nodes: readonly DerNode[]) {
    this.#nodes = nodes;
  }

  next(): DerNode | undefined {
    const node = this.#nodes[this.#at];
    this.#at += 1;
    return node;
  }

  /** The next member if it is `[number]`. */
  nextContext(number: number): DerNode | undefined {
    return isContext(this.#nodes[this.#at], number) ? this.next() : undefined;
  }
}

/** 1 to 3; absent means 1. */
function parseVersion(fields: Fields): number {
  const node = fields.nextContext(0);
  if (node === undefined) return 1;
  const version = part('version', () => integerOf(contextOf(node, 0)[0]));
  if (version < 0n) throw new Error('x509: malformed version');
  if (version > 2n) throw new Error('x509: invalid version');
  return Number(version) + 1;
}

function checkSignatureAlgorithm(inner: DerNode | undefined, outer: DerNode | undefined): void {
  part('signature algorithm identifier', () => sequenceOf(inner));
  const [algorithm] = part('algorithm identifier', () => sequenceOf(outer));
  if (inner === undefined || outer === undefined || !inner.content.equals(outer.content)) {
    throw new Error("x509: inner and outer signature algorithm identifiers don't match");
  }
  part('OID', () => oidOf(algorithm));
}

function checkValidity(node: DerNode | undefined): void {
  const [notBefore, notAfter] = part('validity', () => sequenceOf(node));
  for (const time of [notBefore, notAfter]) {
    if (isUniversal(time, tag.utcTime))
      part('UTCTime', () => checkTime(time, ['060102150405Z0700', '0601021504Z0700']));
    else if (isUniversal(time, tag.generalizedTime))
      part('GeneralizedTime', () => checkTime(time, ['20060102150405Z0700']));
    else throw new Error('x509: unsupported time format');
  }
}

/** The time must read by one of the layouts and be written back the same. */
function checkTime(node: DerNode, layouts: readonly string[]): void {
  const text = node.content.toString('latin1');
  const reads = layouts.some((layout) => {
    try {
      return formatTime(parseTime(layout, text), layout) === text;
    } catch {
      // Another layout may still fit.
      return false;
    }
  });
  if (!reads) throw new Error(`malformed time`);
}

/** Extensions of a version 3 certificate; each may appear once. */
function parseExtensions(fields: Fields): Extension[] {
  fields.nextContext(1);
  fields.nextContext(2);
  const node = fields.nextContext(3);
  if (node === undefined) return [];
  const extensions = part('extensions', () => sequenceOf(contextOf(node, 3)[0])).map(parseExtension);
  const seen = new Set<string>();
  for (const { id } of extensions) {
    if (seen.has(id)) throw new Error(`x509: certificate contains duplicate extension with OID "${id}"`);
    seen.add(id);
  }
  return extensions;
}

function parseExtension(node: DerNode): Extension {
  const fields = part('extension', () => sequenceOf(node));
  const id = part('extension OID field', () => oidOf(fields[0]));
  const hasCritical = isUniversal(fields[1], tag.boolean);
  const isCritical = hasCritical && part('extension critical field', () => booleanOf(fields[1]));
  const value = part('extension value field', () => octetsOf(fields[hasCritical ? 2 : 1]));
  return { id, isCritical, value };
}

function readExtensions(extensions: readonly Extension[]): AlternativeNames & {
  subjectKeyId: Buffer;
  authorityKeyId: Buffer;
} {
  const find = (id: string): Extension | undefined => extensions.find((extension) => extension.id === id);
  checkUsages(find(keyUsageId), find(basicConstraintsId), find(extendedKeyUsageId));
  const names = find(alternativeNamesId);
  return {
    ...(names === undefined ? noNames : parseAlternativeNames(names.value)),
    subjectKeyId: keyIdOf(find(subjectKeyId), 'subject', (value) => octetsOf(readFirstDer(value))),
    authorityKeyId: keyIdOf(find(authorityKeyId), 'authority', (value) => {
      const [first] = sequenceOf(readFirstDer(value));
      return isContext(first, 0) ? first.content : none;
    }),
  };
}

function keyIdOf(extension: Extension | undefined, whose: string, read: (value: Buffer) => Buffer): Buffer {
  if (extension === undefined) return none;
  if (extension.isCritical) throw new Error(`x509: ${whose} key identifier incorrectly marked critical`);
  return invalid(`${whose} key identifier`, () => read(extension.value));
}

/** These say nothing we use, but Go refuses a certificate in which they are broken. */
function checkUsages(...extensions: (Extension | undefined)[]): void {
  const [keyUsage, basicConstraints, extendedKeyUsage] = extensions;
  if (keyUsage !== undefined) {
    invalid('key usage', () => bitsOf(readFirstDer(keyUsage.value)));
  }
  if (basicConstraints !== undefined) invalid('basic constraints', () => checkBasicConstraints(basicConstraints.value));
  if (extendedKeyUsage !== undefined) {
    invalid('extended key usages', () => sequenceOf(readFirstDer(extendedKeyUsage.value)).map(oidOf));
  }
}

function checkBasicConstraints(value: Buffer): void {
  const [isAuthority, pathLength] = sequenceOf(readFirstDer(value));
  if (isUniversal(isAuthority, tag.boolean)) booleanOf(isAuthority);
  const length = isUniversal(isAuthority, tag.integer) ? isAuthority : pathLength;
  if (isUniversal(length, tag.integer) && integerOf(length) < 0n) throw new Error('negative path length');
}

function invalid<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`x509: invalid ${what}`, { cause: error });
  }
}
