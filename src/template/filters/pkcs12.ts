/** ESO's PKCS#12 functions: keys and certificates out of archives, archives out of PEM. */
import { define, type FunctionRuntime, type TemplateFunction } from '../function.ts';
import { type Certificate, parseCertificate } from '../pki/certificate.ts';
import { orderChain } from '../pki/chain.ts';
import { decodePem, encodePem } from '../pki/pemblock.ts';
import type { EncryptionContext } from '../pki/pkcs12/cipher.ts';
import { type Pkcs12, readPkcs12 } from '../pki/pkcs12/read.ts';
import { writePkcs12, writeTrustStore } from '../pki/pkcs12/write.ts';
import { price } from '../pki/price.ts';
import { encodePkcs8, type PrivateKey, parseAnyPrivateKey } from '../pki/privatekey.ts';
import { text } from '../sprig/arguments.ts';
import { stringType } from '../types.ts';
import { failing } from './failing.ts';
import { encodeCertificates } from './pem.ts';

type Body = (texts: readonly string[], runtime: FunctionRuntime) => string;

/** The names without "Pass" take the empty password. */
export const pkcs12Functions: readonly TemplateFunction[] = [
  ofTexts('pkcs12key', 1, ([archive = ''], runtime) => privateKeyPem(archive, '', runtime)),
  ofTexts('pkcs12keyPass', 2, ([password = '', archive = ''], runtime) => privateKeyPem(archive, password, runtime)),
  ofTexts('pkcs12cert', 1, ([archive = ''], runtime) => certificatesPem(archive, '', runtime)),
  ofTexts('pkcs12certPass', 2, ([password = '', archive = ''], runtime) => certificatesPem(archive, password, runtime)),
  ofTexts('pemToPkcs12', 2, ([certificate = '', key = ''], runtime) => pack(firstOf(certificate), key, '', runtime)),
  ofTexts('pemToPkcs12Pass', 3, ([certificate = '', key = '', password = ''], runtime) =>
    pack(firstOf(certificate), key, password, runtime),
  ),
  ofTexts('fullPemToPkcs12', 2, ([chain = '', key = ''], runtime) => pack(chainOf(chain), key, '', runtime)),
  ofTexts('fullPemToPkcs12Pass', 3, ([chain = '', key = '', password = ''], runtime) =>
    pack(chainOf(chain), key, password, runtime),
  ),
  ofTexts('pemTruststoreToPKCS12', 1, ([certificates = ''], runtime) => packTrustStore(certificates, '', runtime)),
  ofTexts('pemTruststoreToPKCS12Pass', 2, ([certificates = '', password = ''], runtime) =>
    packTrustStore(certificates, password, runtime),
  ),
];

/** A function from strings to a string, charged by the length of what it reads. */
function ofTexts(name: string, count: number, run: Body): TemplateFunction {
  const parameters = Array.from({ length: count }, () => stringType);
  return define(name, parameters, stringType, (args, runtime) => {
    const texts = args.map(text);
    runtime.budget.charge(price.privateKey + price.certificates(texts.join('')));
    return failing(() => run(texts, runtime));
  });
}

function privateKeyPem(archive: string, password: string, runtime: FunctionRuntime): string {
  const { privateKey } = failing(() => open(archive, password, runtime), 'unable to decode pkcs12 with password');
  return encodePem('PRIVATE KEY', encodePkcs8(privateKey));
}

/** From leaf to root where the certificates make one chain, else in the archive's order. */
function certificatesPem(archive: string, password: string, runtime: FunctionRuntime): string {
  const { certificates } = failing(
    () => open(archive, password, runtime),
    'unable to decode pkcs12 certificate with password',
  );
  return encodeCertificates(orderedIfChain(certificates));
}

function orderedIfChain(certificates: readonly Certificate[]): readonly Certificate[] {
  try {
    return orderChain(certificates);
  } catch {
    // Several chains in one archive have no order of their own.
    return certificates;
  }
}

function open(archive: string, password: string, runtime: FunctionRuntime): Pkcs12 {
  return readPkcs12(Buffer.from(archive, 'latin1'), password, contextOf(runtime).spend);
}

function pack(certificates: readonly Certificate[], key: string, password: string, runtime: FunctionRuntime): string {
  const archive = writePkcs12(privateKeyOf(key), certificates, password, contextOf(runtime));
  return archive.toString('base64');
}

function packTrustStore(certificates: string, password: string, runtime: FunctionRuntime): string {
  return writeTrustStore(everyBlockOf(certificates), password, contextOf(runtime)).toString('base64');
}

function contextOf(runtime: FunctionRuntime): EncryptionContext {
  return {
    randomBytes: (length) => runtime.randomBytes(length),
    spend: (operations) => runtime.budget.charge(price.derivation * Math.max(1, operations)),
  };
}

function firstOf(input: string): Certificate[] {
  return [parseCertificate(firstBlock(input).bytes)];
}

/** The whole text but for blanks at its end must be certificates, and at least one. */
function chainOf(input: string): Certificate[] {
  const certificates = everyBlockOf(input.trim());
  if (certificates.length === 0) throw new Error('no certificate found in PEM');
  return certificates;
}

/** Nothing may follow the last block. */
function everyBlockOf(input: string): Certificate[] {
  const certificates: Certificate[] = [];
  for (let rest = input; rest !== ''; ) {
    const { bytes, after } = firstBlock(rest);
    certificates.push(parseCertificate(bytes));
    rest = after;
  }
  return certificates;
}

function privateKeyOf(input: string): PrivateKey {
  return parseAnyPrivateKey(firstBlock(input).bytes);
}

function firstBlock(input: string): { readonly bytes: Buffer; readonly after: string } {
  const found = decodePem(input);
  if (found === undefined) throw new Error('failed to decode PEM block');
  return { bytes: found.block.bytes, after: found.rest };
}
