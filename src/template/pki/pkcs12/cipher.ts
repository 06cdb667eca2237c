/** Password-based decryption of PKCS#12 archives, and the encryption that new ones get: PBES2 with AES-256. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type DerNode, octetsOf, oidOf, sequenceOf, smallIntegerOf } from '../asn1.ts';
import { integer, octetString, oid, sequence } from '../asn1write.ts';
import { derivePbkdf2, derivePkcs12, purpose, readPbkdf2, type Spend } from './derive.ts';
import { aes256Cbc, hmacSha256, pbes2, pbes2Ciphers, pbkdf2, pkcs12Ciphers } from './identifiers.ts';
import type { Password } from './password.ts';
import { decryptRc2 } from './rc2.ts';

interface Decrypter {
  readonly blockSize: number;
  /** CBC without looking at the padding. */
  decrypt(data: Buffer): Buffer;
}

const legacyBlockSize = 8;
const aesBlockSize = 16;

/** Decrypts by an AlgorithmIdentifier; throws for an unknown algorithm and for wrong padding. */
export function decryptByPassword(
  identifier: DerNode | undefined,
  data: Buffer,
  password: Password,
  spend: Spend,
): Buffer {
  const [algorithm, parameters] = sequenceOf(identifier);
  const name = oidOf(algorithm);
  const decrypter =
    name === pbes2 ? pbes2Decrypter(parameters, password, spend) : pkcs12Decrypter(name, parameters, password, spend);
  if (data.length === 0) throw new Error('pkcs12: empty encrypted data');
  if (data.length % decrypter.blockSize !== 0) {
    throw new Error('pkcs12: input is not a multiple of the block size');
  }
  return withoutPadding(decrypter.decrypt(data), decrypter.blockSize);
}

function withoutPadding(plain: Buffer, blockSize: number): Buffer {
  const length = plain.at(-1) ?? 0;
  const padding = plain.subarray(plain.length - length);
  if (length === 0 || length > blockSize || padding.some((byte) => byte !== length)) {
    throw new Error('pkcs12: decryption error, incorrect padding');
  }
  return plain.subarray(0, plain.length - length);
}

function pkcs12Decrypter(
  algorithm: string,
  parameters: DerNode | undefined,
  password: Password,
  spend: Spend,
): Decrypter {
  const cipher = pkcs12Ciphers.get(algorithm);
  if (cipher === undefined) throw new Error(`pkcs12: pbe algorithm ${algorithm} is not supported`);
  const [saltNode, iterationsNode] = sequenceOf(parameters);
  const derivation = { hashName: 'sha1', salt: octetsOf(saltNode), iterations: smallIntegerOf(iterationsNode) };
  const key = derivePkcs12(password, { ...derivation, purpose: purpose.encryption, length: cipher.keyLength }, spend);
  const iv = derivePkcs12(password, { ...derivation, purpose: purpose.initialisation, length: legacyBlockSize }, spend);
  return {
    blockSize: legacyBlockSize,
    decrypt: (data) => (cipher.name === 'rc2' ? decryptRc2(key, iv, data) : decryptWith('des-ede3-cbc', key, iv, data)),
  };
}

function pbes2Decrypter(parameters: DerNode | undefined, password: Password, spend: Spend): Decrypter {
  const [derivation, scheme] = sequenceOf(parameters);
  const derivationParameters = readPbkdf2(derivation);
  const [algorithm, iv] = sequenceOf(scheme);
  const cipher = pbes2Ciphers.get(oidOf(algorithm));
  if (cipher === undefined) throw new Error(`pkcs12: pbes2 algorithm ${oidOf(algorithm)} is not supported`);
  const key = derivePbkdf2(password, derivationParameters, cipher.keyLength, spend);
  return { blockSize: aesBlockSize, decrypt: (data) => decryptWith(cipher.name, key, octetsOf(iv), data) };
}

function decryptWith(name: string, key: Buffer, iv: Buffer, data: Buffer): Buffer {
  const decipher = createDecipheriv(name, key, iv).setAutoPadding(false);
  return Buffer.concat([decipher.update(data), decipher.final()]);
}

export interface Encrypted {
  /** AlgorithmIdentifier in DER. */
  readonly algorithm: Buffer;
  readonly data: Buffer;
}

/** What encryption needs of its surroundings. */
export interface EncryptionContext {
  readonly randomBytes: (length: number) => Uint8Array;
  readonly spend: Spend;
}

/** PBES2 with PBKDF2 (HMAC-SHA-256) and AES-256-CBC, as go-pkcs12's modern encoder does. */
export function encryptByPassword(
  plain: Buffer,
  password: Password,
  { saltLength, iterations }: { readonly saltLength: number; readonly iterations: number },
  { randomBytes, spend }: EncryptionContext,
): Encrypted {
  const salt = Buffer.from(randomBytes(saltLength));
  const iv = Buffer.from(randomBytes(aesBlockSize));
  const key = derivePbkdf2(password, { salt, iterations, hashName: 'sha256' }, 32, spend);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const derivation = sequence(octetString(salt), integer(BigInt(iterations)), sequence(oid(hmacSha256)));
  const parameters = sequence(sequence(oid(pbkdf2), derivation), sequence(oid(aes256Cbc), octetString(iv)));
  return {
    algorithm: sequence(oid(pbes2), parameters),
    data: Buffer.concat([cipher.update(plain), cipher.final()]),
  };
}
