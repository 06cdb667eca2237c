/** Keys from passwords: the method of PKCS#12 (RFC 7292, appendix B) and PBKDF2. */
import { hash, pbkdf2Sync } from 'node:crypto';
import { type DerNode, isUniversal, octetsOf, oidOf, sequenceOf, smallIntegerOf, tag } from '../asn1.ts';
import { hmacs, pbkdf2 } from './identifiers.ts';
import type { Password } from './password.ts';

/** Told the cost before each derivation, in hash operations, so that it can refuse; archives choose their own cost. */
export type Spend = (operations: number) => void;

/** What a derived key is for; the number goes into the derivation. */
export const purpose = { encryption: 1, initialisation: 2, integrity: 3 } as const;

interface Pkcs12Derivation {
  readonly hashName: string;
  readonly salt: Buffer;
  readonly iterations: number;
  readonly purpose: number;
  readonly length: number;
}

/** Key material by the method of PKCS#12. */
export function derivePkcs12(password: Password, parameters: Pkcs12Derivation, spend: Spend): Buffer {
  const { hashName, salt, iterations, length } = parameters;
  const blockLength = hashName === 'sha512' ? 128 : 64;
  let input: Buffer = Buffer.concat([repeated(salt, blockLength), repeated(password.ucs2, blockLength)]);
  const diversifier = Buffer.alloc(blockLength, parameters.purpose);
  const parts: Buffer[] = [];
  for (let made = 0; made < length; ) {
    spend(iterations);
    const part = hashRepeatedly(hashName, Buffer.concat([diversifier, input]), iterations);
    parts.push(part);
    made += part.length;
    input = addToBlocks(input, repeated(part, blockLength).subarray(0, blockLength));
  }
  return Buffer.concat(parts).subarray(0, length);
}

function hashRepeatedly(hashName: string, data: Buffer, times: number): Buffer {
  let digest = hash(hashName, data, 'buffer');
  for (let done = 1; done < times; done += 1) digest = hash(hashName, digest, 'buffer');
  return digest;
}

/** Copies of `bytes`, the last cut, up to a multiple of the block length. */
function repeated(bytes: Buffer, blockLength: number): Buffer {
  const length = blockLength * Math.ceil(bytes.length / blockLength);
  return length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, bytes);
}

/** Each block as a big-endian number, plus `addend`, plus one. */
function addToBlocks(blocks: Buffer, addend: Buffer): Buffer {
  const sums = Buffer.from(blocks);
  for (let block = 0; block < blocks.length; block += addend.length) {
    let carry = 1;
    for (let k = addend.length - 1; k >= 0; k -= 1) {
      carry += (sums[block + k] ?? 0) + (addend[k] ?? 0);
      sums[block + k] = carry & 0xff;
      carry >>= 8;
    }
  }
  return sums;
}

/** The parameters of PBKDF2 as an AlgorithmIdentifier holds them; an absent hash means SHA-1. */
export interface Pbkdf2Parameters {
  readonly salt: Buffer;
  readonly iterations: number;
  readonly keyLength: number | undefined;
  readonly hashName: string;
}

/** Reads an AlgorithmIdentifier that must name PBKDF2. */
export function readPbkdf2(node: DerNode | undefined): Pbkdf2Parameters {
  const [algorithm, parameters] = sequenceOf(node);
  if (oidOf(algorithm) !== pbkdf2) throw new Error(`pkcs12: kdf algorithm ${oidOf(algorithm)} is not supported`);
  const [salt, iterations, ...optional] = sequenceOf(parameters);
  const [first] = optional;
  const hasLength = isUniversal(first, tag.integer);
  const prf = hasLength ? optional[1] : first;
  return {
    salt: octetsOf(salt),
    iterations: smallIntegerOf(iterations),
    keyLength: hasLength ? smallIntegerOf(first) : undefined,
    hashName: prf === undefined ? 'sha1' : hmacName(prf),
  };
}

function hmacName(identifier: DerNode): string {
  const algorithm = oidOf(sequenceOf(identifier)[0]);
  const name = hmacs.get(algorithm);
  if (name === undefined) throw new Error(`pkcs12: prf ${algorithm} is not supported`);
  return name;
}

export function derivePbkdf2(
  password: Password,
  parameters: Pick<Pbkdf2Parameters, 'salt' | 'iterations' | 'hashName'>,
  length: number,
  spend: Spend,
): Buffer {
  const iterations = Math.max(1, parameters.iterations);
  spend(iterations);
  return pbkdf2Sync(password.utf8, parameters.salt, iterations, length, parameters.hashName);
}
