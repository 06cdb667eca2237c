/** The integrity check of a PKCS#12 archive: HMAC with a key from the password. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type DerNode, octetsOf, oidOf, sequenceOf, smallIntegerOf } from '../asn1.ts';
import { integer, octetString, oid, sequence } from '../asn1write.ts';
import type { EncryptionContext } from './cipher.ts';
import { derivePbkdf2, derivePkcs12, purpose, readPbkdf2, type Spend } from './derive.ts';
import { hashes, hmacs, pbmac1, sha256 } from './identifiers.ts';
import type { Password } from './password.ts';

const digestLengths: ReadonlyMap<string, number> = new Map([
  ['sha1', 20],
  ['sha256', 32],
  ['sha512', 64],
]);

/** Whether the archive was made with the password; throws for an algorithm that is not known. */
export function verifyMac(macData: DerNode, message: Buffer, password: Password, spend: Spend): boolean {
  const [digestInfo, salt, iterations] = sequenceOf(macData);
  const [identifier, digest] = sequenceOf(digestInfo);
  const [algorithm, parameters] = sequenceOf(identifier);
  const expected = octetsOf(digest);
  const actual =
    oidOf(algorithm) === pbmac1
      ? passwordBasedMac(parameters, message, password, spend)
      : computeMac(message, password, spend, {
          hashName: hashName(oidOf(algorithm)),
          salt: octetsOf(salt),
          iterations: iterations === undefined ? 1 : smallIntegerOf(iterations),
        });
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

function hashName(algorithm: string): string {
  const name = hashes.get(algorithm);
  if (name === undefined) throw new Error(`pkcs12: MAC digest algorithm not supported: ${algorithm}`);
  return name;
}

function computeMac(
  message: Buffer,
  password: Password,
  spend: Spend,
  parameters: { readonly hashName: string; readonly salt: Buffer; readonly iterations: number },
): Buffer {
  const length = digestLengths.get(parameters.hashName) ?? 0;
  const key = derivePkcs12(password, { ...parameters, purpose: purpose.integrity, length }, spend);
  return createHmac(parameters.hashName, key).update(message).digest();
}

/** PBMAC1 (RFC 9579): PBKDF2 and HMAC, with the length of the key said explicitly. */
function passwordBasedMac(parameters: DerNode | undefined, message: Buffer, password: Password, spend: Spend): Buffer {
  const [derivation, scheme] = sequenceOf(parameters);
  const derivationParameters = readPbkdf2(derivation);
  const algorithm = oidOf(sequenceOf(scheme)[0]);
  const name = hmacs.get(algorithm);
  if (name === undefined) throw new Error(`pkcs12: PBMAC1 MAC algorithm ${algorithm} is not supported`);
  const { keyLength } = derivationParameters;
  if (keyLength === undefined || keyLength <= 0 || keyLength > maxKeyLength) {
    throw new Error('pkcs12: PBMAC1 requires explicit KeyLength parameter in PBKDF2 parameters');
  }
  const key = derivePbkdf2(password, derivationParameters, keyLength, spend);
  return createHmac(name, key).update(message).digest();
}

/** No HMAC has use for more; an archive must not make us compute it. */
const maxKeyLength = 1024;

/** MacData in DER, with SHA-256. */
export function encodeMac(
  message: Buffer,
  password: Password,
  { saltLength, iterations }: { readonly saltLength: number; readonly iterations: number },
  { randomBytes, spend }: EncryptionContext,
): Buffer {
  const salt = Buffer.from(randomBytes(saltLength));
  const digest = computeMac(message, password, spend, { hashName: 'sha256', salt, iterations });
  return sequence(sequence(sequence(oid(sha256)), octetString(digest)), octetString(salt), integer(BigInt(iterations)));
}
