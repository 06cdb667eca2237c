/** ESO's functions from JSON Web Keys to PEM. */
import { define, type TemplateFunction } from '../function.ts';
import { parseJwk } from '../pki/jwk.ts';
import { encodePem } from '../pki/pemblock.ts';
import { price } from '../pki/price.ts';
import { encodePkcs8 } from '../pki/privatekey.ts';
import { text } from '../sprig/arguments.ts';
import { stringType } from '../types.ts';
import { failing } from './failing.ts';

export const jwkFunctions: readonly TemplateFunction[] = [
  define('jwkPublicKeyPem', [stringType], stringType, ([jwk], { budget }) => {
    budget.charge(price.privateKey + price.pem(text(jwk)));
    return failing(() => publicKeyPem(text(jwk)));
  }),
  define('jwkPrivateKeyPem', [stringType], stringType, ([jwk], { budget }) => {
    budget.charge(price.privateKey + price.pem(text(jwk)));
    return failing(() => privateKeyPem(text(jwk)));
  }),
];

/** Of public keys only: a private one is refused rather than stripped. */
function publicKeyPem(text: string): string {
  const jwk = parseJwk(text);
  if (jwk.kind !== 'public') throw new Error(`x509: unsupported public key type: ${jwk.goType}`);
  return encodePem('PUBLIC KEY', jwk.info);
}

function privateKeyPem(text: string): string {
  const jwk = parseJwk(text);
  if (jwk.kind !== 'private') throw new Error(`x509: unknown key type while marshaling PKCS#8: ${jwk.goType}`);
  return encodePem('PRIVATE KEY', encodePkcs8(jwk.key));
}
