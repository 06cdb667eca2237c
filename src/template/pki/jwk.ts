/** JSON Web Keys (RFC 7517, 8037) as jwx 2.1 reads them. */
import { ECDH } from 'node:crypto';
import { decodeBase64 } from '../encoding/base64.ts';
import { decodeJson } from '../json/decode.ts';
import { GoMap, GoSlice, type Value } from '../value.ts';
import { bitString, derNull, oid, sequence } from './asn1write.ts';
import { curveSize, ecKeyOf } from './eckey.ts';
import { type PrivateKey, publicKeyInfoOf } from './privatekey.ts';
import { ecAlgorithm, ed25519Algorithm, namedCurves, rsaAlgorithm } from './publickey.ts';
import { rsaKeyOf, rsaPublicKey } from './rsakey.ts';

/** What a JWK holds: a private key, a public key as SubjectPublicKeyInfo in DER, or a key that has no PEM form. */
export type Jwk =
  | { readonly kind: 'private'; readonly key: PrivateKey; readonly goType: string }
  | { readonly kind: 'public'; readonly info: Buffer; readonly goType: string }
  | { readonly kind: 'other'; readonly goType: string };

/** P-224 is no curve of JWK. */
const curveIds: ReadonlyMap<string, string> = new Map([
  ['P-256', '1.2.840.10045.3.1.7'],
  ['P-384', '1.3.132.0.34'],
  ['P-521', '1.3.132.0.35'],
]);

const stringFields = ['alg', 'kid', 'use', 'crv', 'x5t', 'x5t#S256', 'x5u'];
const listFields = ['key_ops', 'x5c'];
const seedLength = 32;

/** Reads the JWK at the start of the text; what follows it counts for nothing. Throws with jwx's words. */
export function parseJwk(text: string): Jwk {
  const fields = new JwkFields(text);
  switch (fields.keyType) {
    case 'RSA':
      return fields.isPrivate ? rsaPrivate(fields) : rsaPublic(fields);
    case 'EC':
      return fields.isPrivate ? ecPrivate(fields) : ecPublic(fields);
    case 'OKP':
      return fields.isPrivate ? okpPrivate(fields) : okpPublic(fields);
    case 'oct':
      fields.bytes('k');
      return { kind: 'other', goType: '[]uint8' };
    default:
      throw new Error(`invalid key type from JSON (${fields.keyType})`);
  }
}

/** The members of the JSON object; all but the key type are told by their exact names. */
class JwkFields {
  readonly keyType: string;
  /** A member "d" in any case makes a key private, whatever its value. */
  readonly isPrivate: boolean;
  readonly #entries: ReadonlyMap<string, Value>;

  constructor(text: string) {
    const { value, error } = decodeJson(firstValue(text));
    if (error !== undefined) throw new Error(`failed to unmarshal JSON into key hint: ${error}`);
    if (value !== null && !(value instanceof GoMap))
      throw new Error('failed to unmarshal JSON into key hint: no object');
    this.#entries = value?.entries ?? new Map();
    const keyType = this.#inAnyCase('kty') ?? '';
    if (typeof keyType !== 'string') throw new Error('failed to unmarshal JSON into key hint: kty is no string');
    this.keyType = keyType;
    this.isPrivate = this.#inAnyCase('d') !== undefined;
    this.#check();
  }

  /** Go's encoding/json matches struct fields without regard to case; the last one counts. */
  #inAnyCase(name: string): Value | undefined {
    return [...this.#entries].findLast(([key]) => key.toLowerCase() === name)?.[1];
  }

  /** Members that say nothing about the key itself must still have the right form. */
  #check(): void {
    for (const name of stringFields) this.text(name);
    for (const name of listFields) {
      const value = this.#entries.get(name) ?? null;
      const isList = value instanceof GoSlice && value.items.every((item) => item === null || typeof item === 'string');
      if (value !== null && !isList) throw unreadable(name, 'no list of strings');
    }
  }

  /** A string member; null counts as empty. */
  text(name: string): string | undefined {
    const value = this.#entries.get(name);
    if (value === null) return '';
    if (value !== undefined && typeof value !== 'string') throw unreadable(name, 'error reading next value');
    return value;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new Error(`failed to unmarshal JSON into key: required field ${name} is missing`);
    return value;
  }

  /** The bytes of a required member in base64, URL-safe or not, padded or not. */
  bytes(name: string): Buffer {
    return decodeAnyBase64(name, this.required(name));
  }

  /** A number; absent means 0. */
  number(name: string): bigint {
    return toNumber(decodeAnyBase64(name, this.text(name) ?? ''));
  }
}

/** Cuts the text after its first JSON object or list; other text is left as it is. */
function firstValue(text: string): string {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    if (depth <= 0 && !token.startsWith('"')) return text.slice(0, index + 1);
  }
  return text;
}

function decodeAnyBase64(name: string, text: string): Buffer {
  const isUrlSafe = !/[+/]/.test(text);
  const standard = isUrlSafe ? text.replaceAll('-', '+').replaceAll('_', '/') : text;
  const isPadded = standard.endsWith('=');
  const digits = standard.replace(/[\r\n]/g, '');
  const decoded = decodeBase64(isPadded ? digits : digits.padEnd(Math.ceil(digits.length / 4) * 4, '='));
  if (!decoded.ok) throw unreadable(name, 'expected base64 encoded []byte (string)');
  return Buffer.from(decoded.bytes, 'latin1');
}

function toNumber(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString('hex')}`);
}

function unreadable(name: string, why: string): Error {
  return new Error(`failed to unmarshal JSON into key: failed to decode value for key ${name}: ${why}`);
}

function rsaPublic(fields: JwkFields): Jwk {
  const [e, n] = [fields.bytes('e'), fields.bytes('n')].map(toNumber);
  const key = rsaPublicKey(n ?? 0n, BigInt.asIntN(64, e ?? 0n));
  const info = sequence(sequence(oid(rsaAlgorithm), derNull), bitString(key));
  return { kind: 'public', info, goType: '*rsa.PublicKey' };
}

/** The numbers that follow from the others must be right if all three of them are there. */
function rsaPrivate(fields: JwkFields): Jwk {
  const [d, e, n] = ['d', 'e', 'n'].map((name) => toNumber(fields.bytes(name)));
  const derived = ['dp', 'dq', 'qi'].map((name) => fields.number(name));
  const numbers = {
    n: n ?? 0n,
    e: BigInt.asIntN(64, e ?? 0n),
    d: d ?? 0n,
    p: fields.number('p'),
    q: fields.number('q'),
  };
  const key = rsaKeyOf(numbers, derived.every((number) => number > 0n) ? derived : undefined);
  return { kind: 'private', key, goType: '*rsa.PrivateKey' };
}

function ecPublic(fields: JwkFields): Jwk {
  const { curve, point } = curvePoint(fields);
  const info = sequence(sequence(oid(ecAlgorithm), oid(curve)), bitString(point));
  return { kind: 'public', info, goType: '*ecdsa.PublicKey' };
}

/** The public part is taken as given: only that it lies on the curve is checked. */
function ecPrivate(fields: JwkFields): Jwk {
  const { curve, point } = curvePoint(fields);
  return { kind: 'private', key: { ...ecKeyOf(curve, fields.bytes('d')), point }, goType: '*ecdsa.PrivateKey' };
}

function curvePoint(fields: JwkFields): { readonly curve: string; readonly point: Buffer } {
  const name = fields.required('crv');
  const [x, y] = [fields.bytes('x'), fields.bytes('y')];
  const curve = curveIds.get(name);
  const nodeName = namedCurves.get(curve ?? '');
  if (curve === undefined || nodeName === undefined) {
    throw new Error(`failed to build public key: invalid curve algorithm ${name}`);
  }
  const size = curveSize(nodeName);
  const point = Buffer.concat([Buffer.of(4), ...[x, y].map((coordinate) => padded(coordinate, size))]);
  return { curve, point: pointOnCurve(point, nodeName, name) };
}

/** As many bytes as the curve has, from a number that may have leading zeros. */
function padded(coordinate: Buffer, size: number): Buffer {
  const hex = toNumber(coordinate)
    .toString(16)
    .padStart(2 * size, '0');
  if (hex.length > 2 * size) throw new Error('overflowing coordinate');
  return Buffer.from(hex, 'hex');
}

function pointOnCurve(point: Buffer, nodeName: string, name: string): Buffer {
  try {
    ECDH.convertKey(point, nodeName);
    return point;
  } catch (error) {
    throw new Error(`${name.replace('-', '')} point not on curve`, { cause: error });
  }
}

function okpPublic(fields: JwkFields): Jwk {
  const curve = fields.required('crv');
  const x = fields.bytes('x');
  if (curve === 'X25519') return { kind: 'other', goType: 'x25519.PublicKey' };
  if (curve !== 'Ed25519') throw new Error(`failed to build public key: invalid curve algorithm ${curve}`);
  return { kind: 'public', info: sequence(sequence(oid(ed25519Algorithm)), bitString(x)), goType: 'ed25519.PublicKey' };
}

/** The public part must belong to the private one. */
function okpPrivate(fields: JwkFields): Jwk {
  const curve = fields.required('crv');
  const [seed, x] = [fields.bytes('d'), fields.bytes('x')];
  if (curve !== 'Ed25519' && curve !== 'X25519') {
    throw new Error(`failed to build public key: invalid curve algorithm ${curve}`);
  }
  if (seed.length !== seedLength) throw new Error('failed to build public key: wrong private key size');
  const key: PrivateKey = { kind: curve === 'Ed25519' ? 'ed25519' : 'x25519', seed };
  if (!publicKeyInfoOf(key).subarray(-seedLength).equals(x)) {
    throw new Error('failed to build public key: invalid x value given d value');
  }
  return curve === 'Ed25519'
    ? { kind: 'private', key, goType: 'ed25519.PrivateKey' }
    : { kind: 'other', goType: 'x25519.PrivateKey' };
}
