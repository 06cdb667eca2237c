/** Makes the webhook's certificate and the authority that signs it: RSA-2048, ten years, as ESO's. */
import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { Set as Asn1Set, BitString, Integer, OctetString, Sequence, Utf8String } from 'asn1js';
import {
  AltName,
  AttributeTypeAndValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  Extension,
  ExtKeyUsage,
  GeneralName,
  RelativeDistinguishedNames,
} from 'pkijs';

/** PEM; the key in PKCS#1, which is what ESO writes and reads. */
export interface IssuedCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Clocks of the API servers may be behind: certificates hold from so long before they are made. */
export const clockSkewMs = 24 * 3_600_000;

const validityMs = 10 * 365 * 24 * 3_600_000;
const authorityName = 'external-secrets';
const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const oid = {
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
};
/** Digital signature and key encipherment; an authority also signs certificates. */
const usage = { server: 0b1010_0000, authority: 0b1010_0100 };

/** A new authority that signs itself. */
export async function createAuthority(nowMs: number): Promise<IssuedCertificate> {
  const keys = await generateKeys();
  const certificate = draft(nameOf(authorityName, authorityName), nowMs, nowMs + validityMs);
  certificate.issuer = certificate.subject;
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey);
  certificate.extensions = [
    extension(oid.basicConstraints, new BasicConstraints({ cA: true }).toSchema().toBER(), true),
    extension(oid.keyUsage, keyUsage(usage.authority), true),
    extension(oid.subjectKeyId, new OctetString({ valueHex: await keyIdOf(certificate) }).toBER()),
    extension(oid.subjectAltName, dnsNames(authorityName)),
  ];
  return finish(certificate, keys, keys.privateKey);
}

/** A certificate to serve `dnsName` with; it ends no later than its authority. */
export async function issueServerCertificate(
  authority: IssuedCertificate,
  dnsName: string,
  nowMs: number,
): Promise<IssuedCertificate> {
  const issuer = Certificate.fromBER(Uint8Array.from(new X509Certificate(authority.cert).raw));
  const keys = await generateKeys();
  const endsAt = Math.min(nowMs + validityMs, issuer.notAfter.value.getTime());
  const certificate = draft(nameOf(dnsName), nowMs, endsAt);
  certificate.issuer = issuer.subject;
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey);
  const issuerId = new AuthorityKeyIdentifier({ keyIdentifier: new OctetString({ valueHex: await keyIdOf(issuer) }) });
  certificate.extensions = [
    extension(oid.basicConstraints, new BasicConstraints({ cA: false }).toSchema().toBER(), true),
    extension(oid.keyUsage, keyUsage(usage.server), true),
    extension(oid.extendedKeyUsage, new ExtKeyUsage({ keyPurposes: [oid.serverAuth] }).toSchema().toBER()),
    extension(oid.authorityKeyId, issuerId.toSchema().toBER()),
    extension(oid.subjectAltName, dnsNames(dnsName)),
  ];
  return finish(certificate, keys, await importKey(authority.key));
}

type Keys = Awaited<ReturnType<typeof generateKeys>>;
type SigningKey = Keys['privateKey'];

function generateKeys() {
  const parameters = { ...rsa, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) };
  return crypto.subtle.generateKey(parameters, true, ['sign', 'verify']);
}

function importKey(pem: string): Promise<SigningKey> {
  const pkcs8 = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  return crypto.subtle.importKey('pkcs8', Uint8Array.from(pkcs8), rsa, false, ['sign']);
}

function draft(subject: RelativeDistinguishedNames, nowMs: number, notAfterMs: number): Certificate {
  const certificate = new Certificate();
  certificate.version = 2; // Which is how X.509 writes version 3.
  // Positive, and 128 random bits behind the first byte.
  certificate.serialNumber = new Integer({ valueHex: Uint8Array.of(1, ...randomBytes(16)).buffer });
  certificate.subject = subject;
  certificate.notBefore.value = new Date(nowMs - clockSkewMs);
  certificate.notAfter.value = new Date(notAfterMs);
  return certificate;
}

async function finish(certificate: Certificate, keys: Keys, signer: SigningKey): Promise<IssuedCertificate> {
  await certificate.sign(signer, rsa.hash);
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = createPrivateKey({ key: pkcs8, type: 'pkcs8', format: 'der' });
  return {
    cert: new X509Certificate(Buffer.from(certificate.toSchema().toBER())).toString(),
    key: key.export({ type: 'pkcs1', format: 'pem' }).toString(),
  };
}

/** Each attribute in a set of its own, as Go writes names: pkijs itself would put all into one. */
function nameOf(commonName: string, organization?: string): RelativeDistinguishedNames {
  const attributes = [
    ...(organization === undefined ? [] : [attribute(oid.organization, organization)]),
    attribute(oid.commonName, commonName),
  ];
  const sets = attributes.map((each) => new Asn1Set({ value: [each.toSchema()] }));
  return RelativeDistinguishedNames.fromBER(new Sequence({ value: sets }).toBER());
}

function attribute(type: string, value: string): AttributeTypeAndValue {
  return new AttributeTypeAndValue({ type, value: new Utf8String({ value }) });
}

function dnsNames(name: string): ArrayBuffer {
  return new AltName({ altNames: [new GeneralName({ type: 2, value: name })] }).toSchema().toBER();
}

function keyUsage(bits: number): ArrayBuffer {
  return new BitString({ valueHex: Uint8Array.of(bits).buffer, unusedBits: 2 }).toBER();
}

/** RFC 5280, 4.2.1.2, method 1: two authorities of one name are told apart by it. */
function keyIdOf({ subjectPublicKeyInfo }: Certificate): Promise<ArrayBuffer> {
  return crypto.subtle.digest('SHA-1', subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView.slice());
}

function extension(extnID: string, extnValue: ArrayBuffer, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue });
}
