/** Sprig's cryptography: checksums and everything of the crypto… files. */
import { hash } from 'node:crypto';
import { define, type TemplateFunction } from '../function.ts';
import { stringType } from '../types.ts';
import { text } from './arguments.ts';
import { chargeBytes } from './cost.ts';
import { aesFunctions } from './cryptoaes.ts';
import { certificateFunctions } from './cryptocertificate.ts';
import { passwordFunctions } from './cryptopassword.ts';

const hashFunctions: readonly TemplateFunction[] = [
  digest('sha1sum', (bytes) => hash('sha1', bytes)),
  digest('sha256sum', (bytes) => hash('sha256', bytes)),
  digest('sha512sum', (bytes) => hash('sha512', bytes)),
  digest('adler32sum', (bytes) => String(adler32(bytes))),
];

export const cryptoFunctions: readonly TemplateFunction[] = [
  ...hashFunctions,
  ...passwordFunctions,
  ...aesFunctions,
  ...certificateFunctions,
];

function digest(name: string, compute: (bytes: Buffer) => string): TemplateFunction {
  return define(name, [stringType], stringType, ([input], runtime) => {
    const bytes = Buffer.from(text(input), 'latin1');
    chargeBytes(runtime, bytes.length);
    return compute(bytes);
  });
}

/** RFC 1950, section 9. */
function adler32(bytes: Uint8Array): number {
  const modulus = 65_521;
  let sum = 1;
  let sumOfSums = 0;
  for (const byte of bytes) {
    sum = (sum + byte) % modulus;
    sumOfSums = (sumOfSums + sum) % modulus;
  }
  return sumOfSums * 0x1_0000 + sum;
}
