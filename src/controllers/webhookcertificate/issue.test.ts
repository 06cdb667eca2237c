import { createPrivateKey, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, type IssuedCertificate, issueServerCertificate } from './issue.ts';

const dayMs = 24 * 3_600_000;
const now = Date.UTC(2026, 5, 1);
const name = 'external-secrets-webhook.external-secrets.svc';

describe('issued certificates', () => {
  let authority: IssuedCertificate;
  let server: IssuedCertificate;

  beforeAll(async () => {
    authority = await createAuthority(now);
    server = await issueServerCertificate(authority, name, now);
  });

  it('name the authority as ESO does', () => {
    const certificate = new X509Certificate(authority.cert);
    expect(certificate.subject).toBe('O=external-secrets\nCN=external-secrets');
    expect(certificate.subjectAltName).toBe('DNS:external-secrets');
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  });

  it('name the Service of the webhook and are signed by the authority', () => {
    const certificate = new X509Certificate(server.cert);
    expect(certificate.checkHost(name)).toBe(name);
    expect(certificate.checkHost('another.svc')).toBeUndefined();
    expect(certificate.ca).toBe(false);
    expect(certificate.checkIssued(new X509Certificate(authority.cert))).toBe(true);
    expect(certificate.verify(new X509Certificate(authority.cert).publicKey)).toBe(true);
  });

  it('hold for ten years, and a day back for clocks that are behind', () => {
    for (const { cert } of [authority, server]) {
      const { validFrom, validTo } = new X509Certificate(cert);
      expect(Date.parse(validFrom)).toBe(now - dayMs);
      expect(Date.parse(validTo)).toBe(now + 3650 * dayMs);
    }
  });

  it('end no later than their authority', async () => {
    const later = await issueServerCertificate(authority, name, now + 1000 * dayMs);
    expect(new X509Certificate(later.cert).validTo).toBe(new X509Certificate(authority.cert).validTo);
  });

  it('come with RSA keys of 2048 bits in PKCS#1', () => {
    for (const { cert, key } of [authority, server]) {
      expect(key).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
      const parsed = createPrivateKey(key);
      expect(parsed.asymmetricKeyDetails?.modulusLength).toBe(2048);
      expect(new X509Certificate(cert).checkPrivateKey(parsed)).toBe(true);
    }
  });

  it('tell two authorities of one name apart', async () => {
    const other = await createAuthority(now);
    expect(new X509Certificate(server.cert).checkIssued(new X509Certificate(other.cert))).toBe(false);
  });
});
