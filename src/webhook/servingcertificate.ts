/** The webhook's certificate, from files that somebody else renews. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SecureContextOptions, SecureVersion } from 'node:tls';

export interface ServingCertificate {
  /** What a server needs to serve with it. */
  readonly tls: SecureContextOptions;
  /** Epoch milliseconds. */
  readonly notAfterMs: number;
  /** Tells one certificate from the next. */
  readonly fingerprint: string;
}

export interface CertificateOptions {
  readonly folder: string;
  /** The name that the API server calls the webhook by. */
  readonly dnsName: string;
  readonly minVersion: SecureVersion;
  /** OpenSSL names; empty: Node's defaults. */
  readonly ciphers: readonly string[];
}

/** @throws Error that says which file or what about the certificate is wrong */
export async function loadCertificate(options: CertificateOptions, nowMs: number): Promise<ServingCertificate> {
  const { folder, dnsName, minVersion, ciphers } = options;
  const [cert, key, ca] = await Promise.all(['tls.crt', 'tls.key', 'ca.crt'].map((name) => read(join(folder, name))));
  const certificate = parsed(join(folder, 'tls.crt'), () => new X509Certificate(cert ?? ''));
  if (certificate.checkHost(dnsName) === undefined)
    throw new Error(`the certificate in ${folder} is not for ${dnsName}`);
  const notAfterMs = Date.parse(certificate.validTo);
  if (notAfterMs <= nowMs) throw new Error(`the certificate in ${folder} ended at ${certificate.validTo}`);
  if (Date.parse(certificate.validFrom) > nowMs)
    throw new Error(`the certificate in ${folder} begins at ${certificate.validFrom}`);
  const privateKey = parsed(join(folder, 'tls.key'), () => createPrivateKey(key ?? ''));
  // Files that are being replaced may be read half old, half new.
  if (!certificate.checkPrivateKey(privateKey)) throw new Error(`tls.key in ${folder} is not the key of tls.crt`);
  assertSignedBy(certificate, ca ?? '', folder);
  const tls = { cert, key, minVersion, ...(ciphers.length > 0 && { ciphers: ciphers.join(':') }) };
  return { tls, notAfterMs, fingerprint: certificate.fingerprint256 };
}

/** A certificate of another authority would be refused by the API server, call by call. */
function assertSignedBy(certificate: X509Certificate, authorities: string, folder: string): void {
  const found = authorities.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const isSigned = parsed(join(folder, 'ca.crt'), () =>
    found.some((pem) => certificate.verify(new X509Certificate(pem).publicKey)),
  );
  if (!isSigned) throw new Error(`the certificate in ${folder} is not signed by its ca.crt`);
}

/** What a parser says of bad input may quote it: a key must not be quoted. */
function parsed<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw new Error(`${path} cannot be read as PEM`);
  }
}

async function read(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) throw new Error(`${path} cannot be read`);
  // The chart makes the Secret empty; the cert-controller fills it a moment later.
  if (text.trim() === '') throw new Error(`${path} is empty`);
  return text;
}
