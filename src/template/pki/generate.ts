/** New private keys, by Node's own randomness. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { bitsOf, integerOf, octetsOf, readDer, sequenceOf } from './asn1.ts';
import { integer, sequence } from './asn1write.ts';
import { encodePem } from './pemblock.ts';
import { type PrivateKey, parsePkcs8 } from './privatekey.ts';

/** Takes tens of milliseconds for 2048 bits and about a second for 4096. */
export function generateRsaKey(bits: number): PrivateKey {
  return fromKeyObject(generateKeyPairSync('rsa', { modulusLength: bits }).privateKey);
}

/** On the curve P-256. */
export function generateEcKey(): PrivateKey {
  return fromKeyObject(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey);
}

export function generateEd25519Key(): PrivateKey {
  return fromKeyObject(generateKeyPairSync('ed25519').privateKey);
}

function fromKeyObject(key: KeyObject): PrivateKey {
  return parsePkcs8(key.export({ format: 'der', type: 'pkcs8' }));
}

/** A DSA key of 2048 and 256 bits in OpenSSL's old form: version, p, q, g, public and private number. */
export function generateDsaPem(): string {
  const pair = generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 });
  const [, identifier, secret] = sequenceOf(readDer(pair.privateKey.export({ format: 'der', type: 'pkcs8' })));
  const [, open] = sequenceOf(readDer(pair.publicKey.export({ format: 'der', type: 'spki' })));
  const parameters = sequenceOf(sequenceOf(identifier)[1]).map(integerOf);
  const numbers = [0n, ...parameters, integerOf(readDer(bitsOf(open))), integerOf(readDer(octetsOf(secret)))];
  return encodePem('DSA PRIVATE KEY', sequence(...numbers.map(integer)));
}
