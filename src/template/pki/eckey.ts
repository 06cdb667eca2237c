/** Elliptic curve private keys in SEC 1, on the four curves that Go knows. */
import { createECDH } from 'node:crypto';
import { type DerNode, integerOf, isContext, octetsOf, oidOf, readDer, sequenceOf } from './asn1.ts';
import { bitString, explicit, integer, octetString, oid, sequence } from './asn1write.ts';
import { namedCurves } from './publickey.ts';

export interface EcPrivateKey {
  readonly kind: 'ec';
  /** The curve's object identifier. */
  readonly curve: string;
  /** Padded to the curve's size. */
  readonly scalar: Buffer;
  /** The public key, uncompressed. */
  readonly point: Buffer;
}

const keyVersion = 1n;
const curveField = 0;
const pointField = 1;

/** Reads ECPrivateKey; `curve` stands in for one that the key does not name. The public key is computed anew. */
export function parseSec1(der: Uint8Array, curve?: string): EcPrivateKey {
  const [version, scalar, ...optional] = sequenceOf(readDer(der));
  if (integerOf(version) !== keyVersion) throw new Error('x509: unknown EC private key version');
  const named = optional.find((node) => isContext(node, curveField));
  return ecKeyOf(curve ?? curveName(named), octetsOf(scalar));
}

function curveName(field: DerNode | undefined): string {
  if (field === undefined) throw new Error('x509: unknown elliptic curve');
  return oidOf(field.children[0]);
}

/** A key from its scalar, of which leading zeros may be missing or too many; throws when it does not fit the curve. */
export function ecKeyOf(curve: string, scalar: Uint8Array): EcPrivateKey {
  const name = namedCurves.get(curve);
  if (name === undefined) throw new Error('x509: unknown elliptic curve');
  const size = curveSize(name);
  const significant = Buffer.from(scalar).subarray(scalar.findIndex((byte) => byte !== 0));
  if (significant.length > size) throw new Error('x509: invalid private key length');
  const padded = Buffer.concat([Buffer.alloc(size - significant.length), significant]);
  return { kind: 'ec', curve, scalar: padded, point: publicPoint(name, padded) };
}

/** The bytes of a coordinate: an uncompressed point has two after its mark. */
export function curveSize(name: string): number {
  return Math.ceil(Number(/\d+/.exec(name)?.[0]) / 8);
}

function publicPoint(name: string, scalar: Buffer): Buffer {
  try {
    const pair = createECDH(name);
    pair.setPrivateKey(scalar);
    return pair.getPublicKey();
  } catch (error) {
    throw new Error('x509: invalid elliptic curve private key value', { cause: error });
  }
}

/** ECPrivateKey with the public key, and with the curve where nothing else names it. */
export function encodeSec1(key: EcPrivateKey, { withCurve }: { readonly withCurve: boolean }): Buffer {
  const curve = withCurve ? [explicit(curveField, oid(key.curve))] : [];
  return sequence(integer(keyVersion), octetString(key.scalar), ...curve, explicit(pointField, bitString(key.point)));
}
