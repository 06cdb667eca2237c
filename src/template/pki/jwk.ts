/** JSON Web Keys (RFC 7517) as jwx 2.1 reads them. */
import { ECDH } from 'node:crypto';
import { bitString, derNull, oid, sequence } from './asn1write.ts';
import { curveSize, type EcPrivateKey } from './eckey.ts';
import { type PrivateKey, publicKeyInfoOf } from './privatekey.ts';
import { ecAlgorithm, ed25519Algorithm, namedCurves, rsaAlgorithm } from './publickey.ts';
import { rsaKeyOf, rsaPublicKey } from './rsakey.ts';

/** A private key, or SubjectPublicKeyInfo in DER. */
export type Jwk =
  | { readonly isPrivate: true; readonly key: PrivateKey }
  | { readonly isPrivate: false; readonly info: Buffer; readonly goType: string };

const curveIds: ReadonlyMap<string, string> = new Map([
  ['P-256', '1.2.840.10045.3.1.7'],
  ['P-384', '1.3.132.0.34'],
  ['P-521', '1.3.132.0.35'],
]);
