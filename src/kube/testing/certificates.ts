/** Certificates for tests of TLS. */
import { Integer, OctetString, Utf8String } from 'asn1js';
import {
  AltName,
  AttributeTypeAndValue,
  BasicConstraints,
  Certificate,
  Extension,
  GeneralName,
  type RelativeDistinguishedNames,
} from 'pkijs';

export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  readonly cert: string;
  /** A certificate for 127.0.0.1, that ends in an hour unless something else is said. */
  issue(commonName: string, validForMs?: number): Promise<KeyPair>;
}

const hourMs = 3_600_000;

type Keys = Awaited<ReturnType<typeof generateKeys>>;

export async function createAuthority(commonName: string): Promise<Authority> {
  const keys = await generateKeys();
  const certificate = await sign(unsigned(commonName, new BasicConstraints({ cA: true }), '2.5.29.19'), keys, keys);
  return {
    cert: pem('CERTIFICATE', certificate.toSchema().toBER()),
    issue: (name, validForMs = hourMs) => issue(name, certificate.subject, keys, validForMs),
  };
}

async function issue(
  commonName: string,
  issuer: RelativeDistinguishedNames,
  authorityKeys: Keys,
  validForMs: number,
): Promise<KeyPair> {
  const keys = await generateKeys();
  const loopback = new OctetString({ valueHex: Uint8Array.of(127, 0, 0, 1).buffer });
  const altName = new AltName({ altNames: [new GeneralName({ type: 7, value: loopback })] });
  const certificate = unsigned(commonName, altName, '2.5.29.17');
  certificate.issuer = issuer;
  certificate.notAfter.value = new Date(Date.now() + validForMs);
  await sign(certificate, keys, authorityKeys);
  return {
    cert: pem('CERTIFICATE', certificate.toSchema().toBER()),
    key: pem('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', keys.privateKey)),
  };
}

function unsigned(commonName: string, extension: AltName | BasicConstraints, extnID: string): Certificate {
  const certificate = new Certificate();
  certificate.version = 2;
  certificate.serialNumber = new Integer({ value: Math.floor(Math.random() * 2 ** 30) });
  const name = new AttributeTypeAndValue({ type: '2.5.4.3', value: new Utf8String({ value: commonName }) });
  certificate.subject.typesAndValues.push(name);
  certificate.issuer = certificate.subject;
  certificate.notBefore.value = new Date(Date.now() - hourMs);
  certificate.notAfter.value = new Date(Date.now() + hourMs);
  const extnValue = extension.toSchema().toBER();
  certificate.extensions = [new Extension({ extnID, critical: false, extnValue, parsedValue: extension })];
  return certificate;
}

async function sign(certificate: Certificate, keys: Keys, authorityKeys: Keys): Promise<Certificate> {
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey);
  await certificate.sign(authorityKeys.privateKey, 'SHA-256');
  return certificate;
}

function generateKeys() {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
}

function pem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
