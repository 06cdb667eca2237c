/** Sprig's AES (256 bits, CBC, the vector before the text, in base64) and random bytes. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import { define, FunctionError, type FunctionRuntime, type TemplateFunction } from '../function.ts';
import { intType, stringType } from '../types.ts';
import { integer, text } from './arguments.ts';
import { chargeBytes, chargeGrowth } from './cost.ts';

const cipherName = 'aes-256-cbc';
const keyLength = 32;
const blockLength = 16;

export const aesFunctions: readonly TemplateFunction[] = [
  define('encryptAES', [stringType, stringType], stringType, ([password, plain], runtime) =>
    encrypt(text(password), text(plain), runtime),
  ),
  define('decryptAES', [stringType, stringType], stringType, ([password, encrypted], runtime) =>
    decrypt(text(password), text(encrypted), runtime),
  ),
  define('randBytes', [intType], stringType, ([count], runtime) => randomText(integer(count), runtime)),
];

/** Nothing stays nothing. */
function encrypt(password: string, plain: string, runtime: FunctionRuntime): string {
  chargeBytes(runtime, plain.length);
  if (plain === '') return '';
  const vector = Buffer.from(runtime.randomBytes(blockLength));
  const cipher = createCipheriv(cipherName, keyOf(password), vector);
  return Buffer.concat([vector, cipher.update(plain, 'latin1'), cipher.final()]).toString('base64');
}

/** Only the last byte says how much padding to cut; it may lie, and cut too much or too little. */
function decrypt(password: string, encrypted: string, runtime: FunctionRuntime): string {
  chargeBytes(runtime, encrypted.length);
  if (encrypted === '') return '';
  const decoded = decodeBase64(encrypted);
  if (!decoded.ok) throw new FunctionError(decoded.error);
  const bytes = Buffer.from(decoded.bytes, 'latin1');
  if (bytes.length < blockLength) throw new FunctionError('runtime error: slice bounds out of range');
  if (bytes.length % blockLength !== 0) throw new FunctionError('crypto/cipher: input not full blocks');
  const decipher = createDecipheriv(cipherName, keyOf(password), bytes.subarray(0, blockLength)).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(bytes.subarray(blockLength)), decipher.final()]);
  const length = plain.length - (plain.at(-1) ?? plain.length + 1);
  if (length < 0) throw new FunctionError('runtime error: slice bounds out of range');
  return plain.toString('latin1', 0, length);
}

/** The password itself is the key, cut or filled up with zeros. */
function keyOf(password: string): Buffer {
  const key = Buffer.alloc(keyLength);
  key.write(password, 'latin1');
  return key;
}

function randomText(count: number, runtime: FunctionRuntime): string {
  if (count < 0) throw new FunctionError('runtime error: makeslice: len out of range');
  chargeGrowth(runtime, count);
  return encodeBase64(Buffer.from(runtime.randomBytes(count)).toString('latin1'));
}
