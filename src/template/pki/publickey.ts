/** Public keys in certificates: the algorithms that Go knows, and its checks. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { bitsOf, type DerNode, integerOf, oidOf, readFirstDer, sequenceOf } from './asn1.ts';
import { derNull } from './asn1write.ts';

export const rsaAlgorithm = '1.2.840.113549.1.1.1';
export const ecAlgorithm = '1.2.840.10045.2.1';
export const ed25519Algorithm = '1.3.101.112';
export const x25519Algorithm = '1.3.101.110';
const dsaAlgorithm = '1.2.840.10040.4.1';

/** Go's elliptic curves by object identifier, and how Node names them. */
export const namedCurves: ReadonlyMap<string, string> = new Map([
  ['1.3.132.0.33', 'secp224r1'],
  ['1.2.840.10045.3.1.7', 'prime256v1'],
  ['1.3.132.0.34', 'secp384r1'],
  ['1.3.132.0.35', 'secp521r1'],
]);

const uncompressedPoint = 4;

/** Throws for a key that Go would not read from a certificate; a key of an unknown algorithm passes, as in Go. */
export function checkPublicKeyInfo(node: DerNode | undefined): void {
  const { algorithm, parameters, key } = readPublicKeyInfo(node);
  switch (algorithm) {
    case rsaAlgorithm:
      if (!parameters?.encoded.equals(derNull)) throw new Error('x509: RSA key missing NULL parameters');
      checkRsaKey(key);
      return;
    case ecAlgorithm:
      if (!namedCurves.has(curveOf(parameters))) throw new Error('x509: unsupported elliptic curve');
      if (key[0] !== uncompressedPoint) throw new Error('x509: failed to unmarshal elliptic curve point');
      importKey(node);
      return;
    case ed25519Algorithm:
    case x25519Algorithm:
      if (parameters !== undefined) throw new Error('x509: key encoded with illegal parameters');
      importKey(node);
      return;
    case dsaAlgorithm:
      importKey(node);
      return;
    default:
  }
}

function checkRsaKey(key: Buffer): void {
  try {
    const [modulus, exponent] = sequenceOf(readFirstDer(key)).map(integerOf);
    if (modulus === undefined || exponent === undefined || modulus <= 0n || exponent <= 0n) {
      throw new Error('not a positive number');
    }
  } catch (error) {
    throw new Error('x509: invalid RSA public key', { cause: error });
  }
}

function readPublicKeyInfo(node: DerNode | undefined): { algorithm: string; parameters?: DerNode; key: Buffer } {
  try {
    const [identifier, key] = sequenceOf(node);
    const [algorithm, parameters] = sequenceOf(identifier);
    return { algorithm: oidOf(algorithm), ...(parameters && { parameters }), key: bitsOf(key) };
  } catch (error) {
    throw new Error('x509: malformed spki', { cause: error });
  }
}

/** The curve's object identifier. */
export function curveOf(parameters: DerNode | undefined): string {
  try {
    return oidOf(parameters);
  } catch (error) {
    throw new Error('x509: invalid ECDSA parameters', { cause: error });
  }
}

function importKey(node: DerNode | undefined): KeyObject {
  try {
    return createPublicKey({ key: node?.encoded ?? Buffer.alloc(0), format: 'der', type: 'spki' });
  } catch (error) {
    throw new Error('x509: invalid public key', { cause: error });
  }
}
