/** Certificates with their private keys as users have them, and as a vault takes them. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import { ProviderError } from '../../../provider/errors.ts';
import type { SecretMap } from '../../../provider/provider.ts';

export interface CertificateMaterial {
  readonly contentType: 'application/x-pem-file' | 'application/x-pkcs12';
  readonly bytes: Uint8Array;
  /** The DER of the certificate itself, without its chain. */
  readonly leaf: Uint8Array;
}

/**
 * @param value PEM or PKCS#12 without a password; or a whole Secret of type kubernetes.io/tls
 * @throws ProviderError `invalid` for anything else
 */
export function certificateOf(name: string, value: Uint8Array | SecretMap): CertificateMaterial {
  try {
    if (value instanceof Map) return ofPem(pemOfTlsSecret(value));
    const text = Buffer.from(value).toString('latin1');
    return text.includes('-----BEGIN ') ? ofPem(text) : ofPkcs12(value);
  } catch {
    // The parsers' own messages may quote what they could not read.
    const message = `cert/${name}: the value is no certificate with its private key, neither PEM nor PKCS#12 without a password`;
    throw new ProviderError('invalid', message);
  }
}

function pemOfTlsSecret(secret: SecretMap): string {
  const parts = ['tls.crt', 'tls.key'].map((key) => Buffer.from(secret.get(key) ?? '').toString('latin1'));
  return parts.join('\n');
}

/** A vault takes the private key as PKCS#8 only. */
function ofPem(pem: string): CertificateMaterial {
  const key = createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem' });
  const chain = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const leaf = new X509Certificate(chain[0] ?? '').raw;
  const bytes = Buffer.from(`${key.toString()}${chain.join('\n')}\n`);
  return { contentType: 'application/x-pem-file', bytes, leaf };
}

function ofPkcs12(bytes: Uint8Array): CertificateMaterial {
  // Only OpenSSL reads these archives, and a server's socket is where it shows the certificate.
  const secureContext = createSecureContext({ pfx: Buffer.from(bytes), passphrase: '' });
  const socket = new TLSSocket(new Duplex({ read() {}, write() {} }), { isServer: true, secureContext });
  const certificate = socket.getCertificate();
  socket.destroy();
  if (certificate === null || !('raw' in certificate)) throw new Error('the archive holds no certificate');
  return { contentType: 'application/x-pkcs12', bytes, leaf: certificate.raw };
}
