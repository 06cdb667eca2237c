/** Private keys of the kinds that Go's crypto/x509 knows: PKCS#8, PKCS#1 and SEC 1 in, PKCS#8 out. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { type DerNode, octetsOf, oidOf, readDer, sequenceOf } from './asn1.ts';
import { bitString, derNull, integer, octetString, oid, sequence } from './asn1write.ts';
import { type EcPrivateKey, encodeSec1, parseSec1 } from './eckey.ts';
import { ecAlgorithm, ed25519Algorithm, rsaAlgorithm, x25519Algorithm } from './publickey.ts';
import { parsePkcs1, type RsaPrivateKey, rsaPublicKeyOf } from './rsakey.ts';

/** Ed25519 for signatures, X25519 for key agreement. */
export interface CurvePrivateKey {
  readonly kind: 'ed25519' | 'x25519';
  readonly seed: Buffer;
}

export type PrivateKey = RsaPrivateKey | EcPrivateKey | CurvePrivateKey;

const seedLength = 32;
const curveAlgorithms = { ed25519: ed25519Algorithm, x25519: x25519Algorithm } as const;

/** Reads PrivateKeyInfo; throws for algorithms and curves that Go does not know. */
export function parsePkcs8(der: Uint8Array): PrivateKey {
  const [, identifier, keyNode] = sequenceOf(readDer(der));
  const [algorithmNode, parameters] = sequenceOf(identifier);
  const algorithm = oidOf(algorithmNode);
  const key = octetsOf(keyNode);
  switch (algorithm) {
    case rsaAlgorithm:
      return parsePkcs1(key);
    case ecAlgorithm:
      return parseSec1(key, optionalOid(parameters));
    case ed25519Algorithm:
      return curveKey('ed25519', key, parameters);
    case x25519Algorithm:
      return curveKey('x25519', key, parameters);
    default:
      throw new Error(`x509: PKCS#8 wrapping contained private key with unknown algorithm: ${algorithm}`);
  }
}

function curveKey(kind: CurvePrivateKey['kind'], key: Buffer, parameters: DerNode | undefined): CurvePrivateKey {
  if (parameters !== undefined) throw new Error('x509: invalid private key parameters');
  const seed = octetsOf(readDer(key));
  if (seed.length !== seedLength) throw new Error('x509: invalid private key length');
  return { kind, seed };
}

/** Reads a key in any of the three forms, tried in this order: PKCS#1, PKCS#8, SEC 1. */
export function parseAnyPrivateKey(der: Uint8Array): PrivateKey {
  for (const parse of [parsePkcs1, parsePkcs8, parseSec1]) {
    try {
      return parse(der);
    } catch {
      // The next form may fit.
    }
  }
  throw new Error('unable to parse private key type');
}

/** A key may name its curve itself, if the algorithm does not. */
function optionalOid(node: DerNode | undefined): string | undefined {
  try {
    return oidOf(node);
  } catch {
    // Anything but an identifier counts as none.
    return undefined;
  }
}

/** PrivateKeyInfo in DER. */
export function encodePkcs8(key: PrivateKey): Buffer {
  return sequence(integer(0n), algorithmOf(key), octetString(innerKey(key)));
}

function innerKey(key: PrivateKey): Buffer {
  if (key.kind === 'rsa') return key.pkcs1;
  return key.kind === 'ec' ? encodeSec1(key, { withCurve: false }) : octetString(key.seed);
}

function algorithmOf(key: PrivateKey): Buffer {
  if (key.kind === 'rsa') return sequence(oid(rsaAlgorithm), derNull);
  if (key.kind === 'ec') return sequence(oid(ecAlgorithm), oid(key.curve));
  return sequence(oid(curveAlgorithms[key.kind]));
}

/** SubjectPublicKeyInfo in DER. */
export function publicKeyInfoOf(key: PrivateKey): Buffer {
  if (key.kind === 'rsa') return sequence(algorithmOf(key), bitString(rsaPublicKeyOf(key)));
  if (key.kind === 'ec') return sequence(algorithmOf(key), bitString(key.point));
  return createPublicKey(keyObjectOf(key)).export({ format: 'der', type: 'spki' });
}

/** For node:crypto's operations. */
export function keyObjectOf(key: PrivateKey): KeyObject {
  return createPrivateKey({ key: encodePkcs8(key), format: 'der', type: 'pkcs8' });
}
