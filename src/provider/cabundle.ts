/** CA bundles as users write them: base64 of PEM in a store, or PEM in a Secret or ConfigMap. */
import { ProviderError } from './errors.ts';

const certificate = '-----BEGIN CERTIFICATE-----';

/**
 * The PEM of a store's `caBundle`, which is base64 as all bytes in Kubernetes objects are; bundles that were encoded
 * twice are taken too, as ESO 2.9 does.
 * @throws ProviderError `invalid` when there is no certificate in it
 */
export function caFromBundle(caBundle: string): string {
  const once = Buffer.from(caBundle, 'base64').toString('utf8');
  const pem = once.includes(certificate) ? once : Buffer.from(once, 'base64').toString('utf8');
  return caFromText(pem, 'caBundle');
}

/** @throws ProviderError `invalid` when there is no certificate in it */
export function caFromText(pem: string, from: string): string {
  if (pem.includes(certificate)) return pem;
  throw new ProviderError('invalid', `${from} holds no PEM certificate`);
}
