/** What the Secret of the webhook holds, as far as it can be used; whatever is broken counts as absent. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Secret } from '../../kube/resources.ts';

export interface StoredCertificates {
  /** Of `ca.crt`, in its order: the first signs, the others are still trusted. */
  readonly authorities: readonly X509Certificate[];
  /** Whether `ca.key` is the key of the first authority. */
  readonly canSign: boolean;
  /** `tls.crt`, when `tls.key` is its key. */
  readonly server: X509Certificate | undefined;
}

export function readCertificates(data: Secret['data']): StoredCertificates {
  const authorities = certificatesOf(textOf(data, 'ca.crt'));
  const [server] = certificatesOf(textOf(data, 'tls.crt'));
  return {
    authorities,
    canSign: isKeyOf(authorities[0], textOf(data, 'ca.key')),
    server: isKeyOf(server, textOf(data, 'tls.key')) ? server : undefined,
  };
}

/** The decoded text of a key; empty when there is none. */
export function textOf(data: Secret['data'], key: string): string {
  return Buffer.from(data?.[key] ?? '', 'base64').toString();
}

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function certificatesOf(pem: string): readonly X509Certificate[] {
  try {
    return (pem.match(block) ?? []).map((text) => new X509Certificate(text));
  } catch {
    return []; // Part of it is no certificate: then the rest is nothing to rely on.
  }
}

function isKeyOf(certificate: X509Certificate | undefined, key: string): boolean {
  try {
    return certificate?.checkPrivateKey(createPrivateKey(key)) ?? false;
  } catch {
    return false; // Not a key.
  }
}
