/** RSA private keys in PKCS#1, with the checks that Go makes of them. */
import { integerOf, isUniversal, readDer, sequenceOf, smallIntegerOf, tag } from './asn1.ts';
import { integer, sequence } from './asn1write.ts';

export interface RsaPrivateKey {
  readonly kind: 'rsa';
  /** RSAPrivateKey in DER. */
  readonly pkcs1: Buffer;
  readonly bits: number;
}

/** The numbers that say everything about a key of two primes. */
export interface RsaNumbers {
  readonly n: bigint;
  readonly e: bigint;
  readonly d: bigint;
  readonly p: bigint;
  readonly q: bigint;
}

const maxExponent = 2n ** 31n - 1n;

/** Reads RSAPrivateKey; throws for numbers that make no key. */
export function parsePkcs1(der: Uint8Array): RsaPrivateKey {
  const [versionNode, ...nodes] = sequenceOf(readDer(der));
  const version = smallIntegerOf(versionNode);
  if (version > 1) throw new Error('x509: unsupported private key version');
  const [n, e, d, p, q, ...derived] = nodes.filter((node) => isUniversal(node, tag.integer)).map(integerOf);
  if (n === undefined || e === undefined || d === undefined || p === undefined || q === undefined) {
    throw new Error('asn1: structure error: missing integer');
  }
  if ([n, d, p, q, ...derived].some((number) => number <= 0n)) {
    throw new Error('x509: private key contains zero or negative value');
  }
  if (version === 1) return multiPrimeKey(der, n, e);
  return rsaKeyOf({ n, e, d, p, q }, derived.length === 3 ? derived : undefined);
}

/** More than two primes, which hardly anybody uses: taken as it is. */
function multiPrimeKey(der: Uint8Array, n: bigint, e: bigint): RsaPrivateKey {
  checkPublicNumbers(n, e);
  return { kind: 'rsa', pkcs1: Buffer.from(der), bits: bitLength(n) };
}

/**
 * A key from its numbers; throws when they do not belong together. `given` are the three that follow from the others
 * (d mod p-1, d mod q-1, the inverse of q), where somebody gave them.
 */
export function rsaKeyOf(numbers: RsaNumbers, given?: readonly bigint[]): RsaPrivateKey {
  const { n, e, d, p, q } = numbers;
  checkPublicNumbers(n, e);
  if (p <= 1n || q <= 1n || p * q !== n) throw new Error('crypto/rsa: p * q != n');
  if ((d * e) % (p - 1n) !== 1n || (d * e) % (q - 1n) !== 1n) throw new Error('crypto/rsa: invalid exponents');
  const derived = [d % (p - 1n), d % (q - 1n), inverse(q, p)];
  if (given !== undefined && derived.some((number, index) => number !== given[index])) {
    throw new Error('crypto/rsa: invalid CRT exponent');
  }
  const pkcs1 = sequence(...[0n, n, e, d, p, q, ...derived].map(integer));
  return { kind: 'rsa', pkcs1, bits: bitLength(n) };
}

/** Throws for a modulus or exponent that Go refuses. */
export function checkPublicNumbers(n: bigint, e: bigint): void {
  if (n <= 0n || n % 2n === 0n) throw new Error('crypto/rsa: public modulus is even');
  if (e < 3n || e % 2n === 0n) throw new Error('crypto/rsa: invalid public exponent');
  if (e > maxExponent) throw new Error('crypto/rsa: public exponent too large');
}

/** RSAPublicKey in DER. */
export function rsaPublicKey(n: bigint, e: bigint): Buffer {
  return sequence(integer(n), integer(e));
}

export function rsaPublicKeyOf({ pkcs1 }: RsaPrivateKey): Buffer {
  const [, n, e] = sequenceOf(readDer(pkcs1));
  return rsaPublicKey(integerOf(n), integerOf(e));
}

function bitLength(number: bigint): number {
  return number.toString(2).length;
}

/** `value`⁻¹ modulo `modulus` by Euclid's extended algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [before, rest] = [modulus, value % modulus];
  let [beforeFactor, factor] = [0n, 1n];
  while (rest !== 0n) {
    const quotient = before / rest;
    [before, rest] = [rest, before - quotient * rest];
    [beforeFactor, factor] = [factor, beforeFactor - quotient * factor];
  }
  if (before !== 1n) throw new Error('crypto/rsa: prime factors are not relatively prime');
  return ((beforeFactor % modulus) + modulus) % modulus;
}
