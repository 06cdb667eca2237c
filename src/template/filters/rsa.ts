/** ESO's rsaDecrypt. */
import { constants, privateDecrypt } from 'node:crypto';
import { define, type TemplateFunction } from '../function.ts';
import { decodePem } from '../pki/pemblock.ts';
import { price } from '../pki/price.ts';
import { keyObjectOf, parseAnyPrivateKey } from '../pki/privatekey.ts';
import type { RsaPrivateKey } from '../pki/rsakey.ts';
import { text } from '../sprig/arguments.ts';
import { stringType } from '../types.ts';
import { failing } from './failing.ts';

/** Go refuses to work with smaller keys. */
const minimumBits = 1024;
/** Every other name, in other case too, means SHA-256. */
const oaepHashes: ReadonlyMap<string, string> = new Map([
  ['SHA1', 'sha1'],
  ['SHA512', 'sha512'],
]);

export const rsaFunctions: readonly TemplateFunction[] = [
  define('rsaDecrypt', [stringType, stringType, stringType, stringType], stringType, (args, { budget }) => {
    const [scheme = '', hash = '', cipherText = '', key = ''] = args.map(text);
    budget.charge(price.privateKey + price.privateKeyOperation + price.pem(key));
    return failing(() => rsaDecrypt(scheme, hash, cipherText, key));
  }),
];

function rsaDecrypt(scheme: string, hash: string, cipherText: string, keyPem: string): string {
  switch (scheme) {
    case 'None':
      return cipherText;
    case 'RSA-OAEP':
      return decryptOaep(oaepHashes.get(hash) ?? 'sha256', cipherText, rsaKeyOf(keyPem));
    default:
      throw new Error(`decryption scheme ${scheme} is not supported`);
  }
}

function rsaKeyOf(keyPem: string): RsaPrivateKey {
  const found = decodePem(keyPem);
  if (found === undefined) throw new Error('failed to decode PEM block');
  const key = failing(() => parseAnyPrivateKey(found.block.bytes), 'could not parse private key');
  if (key.kind !== 'rsa') throw new Error('could not parse RSA private key');
  return key;
}

function decryptOaep(oaepHash: string, cipherText: string, key: RsaPrivateKey): string {
  return failing(() => {
    if (key.bits < minimumBits) throw new Error(`crypto/rsa: ${key.bits}-bit keys are insecure`);
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const options = { key: keyObjectOf(key), padding, oaepHash };
    return decrypted(() => privateDecrypt(options, Buffer.from(cipherText, 'latin1')));
  }, 'error decrypting data with RSA');
}

/** Says no more than Go does of why a decryption failed. */
function decrypted(decrypt: () => Buffer): string {
  try {
    return decrypt().toString('latin1');
  } catch (error) {
    throw new Error('crypto/rsa: decryption error', { cause: error });
  }
}
