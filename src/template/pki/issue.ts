/** Makes X.509 certificates as Go's x509.CreateCertificate does for sprig. */
import { hash, sign } from 'node:crypto';
import { formatTime } from '../time/format.ts';
import { utc } from '../time/location.ts';
import type { Time } from '../time/time.ts';
import { bitsOf, readDer, sequenceOf, tag } from './asn1.ts';
import {
  bitString,
  boolean,
  derNull,
  explicit,
  implicit,
  integer,
  octetString,
  oid,
  primitive,
  sequence,
  set,
} from './asn1write.ts';
import type { Certificate } from './certificate.ts';
import { encodeString } from './name.ts';
import { keyObjectOf, type PrivateKey, publicKeyInfoOf } from './privatekey.ts';
import { encodeAlternativeNames } from './subjectaltname.ts';

export interface Subject {
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly Buffer[];
  readonly isAuthority: boolean;
  readonly notBefore: Time;
  readonly notAfter: Time;
  readonly serialNumber: bigint;
  readonly key: PrivateKey;
}

/** Who signs: a certificate with its key. */
export interface Issuer {
  readonly certificate: Certificate;
  readonly key: PrivateKey;
}

interface Extension {
  readonly id: string;
  readonly isCritical: boolean;
  readonly value: Buffer;
}

const commonNameType = '2.5.4.3';
const serverAuth = '1.3.6.1.5.5.7.3.1';
const clientAuth = '1.3.6.1.5.5.7.3.2';
const keyIdLength = 20;
/** Digital signature and key encipherment; an authority also signs certificates. */
const leafUsage = { bits: Buffer.of(0b1010_0000), unused: 5 } as const;
const authorityUsage = { bits: Buffer.of(0b1010_0100), unused: 2 } as const;

/** Without an issuer the certificate signs itself. DER; throws for a key that cannot sign and for names X.509 has not. */
export function issueCertificate(subject: Subject, issuer?: Issuer): Buffer {
  const signingKey = issuer?.key ?? subject.key;
  const algorithm = signatureAlgorithmOf(signingKey);
  const subjectName = nameOf(subject.commonName);
  const issuerName = issuer?.certificate.rawSubject ?? subjectName;
  const publicKeyInfo = publicKeyInfoOf(subject.key);
  const isSelfIssued = issuerName.equals(subjectName);
  const authorityKeyId = isSelfIssued ? undefined : issuer?.certificate.subjectKeyId;
  const extensions = extensionsOf(subject, publicKeyInfo, authorityKeyId);
  checkIssuerKey(issuer);
  const body = sequence(
    explicit(0, integer(2n)),
    integer(subject.serialNumber),
    algorithm.identifier,
    issuerName,
    sequence(timeOf(subject.notBefore), timeOf(subject.notAfter)),
    subjectName,
    publicKeyInfo,
    explicit(3, sequence(...extensions.map(encodeExtension))),
  );
  const signature = sign(algorithm.hash, body, keyObjectOf(signingKey));
  return sequence(body, algorithm.identifier, bitString(signature));
}

function checkIssuerKey(issuer: Issuer | undefined): void {
  if (issuer === undefined || publicKeyInfoOf(issuer.key).equals(issuer.certificate.publicKeyInfo)) return;
  throw new Error("x509: provided PrivateKey doesn't match parent's PublicKey");
}

interface SignatureAlgorithm {
  readonly identifier: Buffer;
  /** Node's name; Ed25519 hashes by itself. */
  readonly hash: string | null;
}

const ecdsaHashes: ReadonlyMap<string, { readonly hash: string; readonly id: string }> = new Map([
  ['1.3.132.0.33', { hash: 'sha256', id: '1.2.840.10045.4.3.2' }],
  ['1.2.840.10045.3.1.7', { hash: 'sha256', id: '1.2.840.10045.4.3.2' }],
  ['1.3.132.0.34', { hash: 'sha384', id: '1.2.840.10045.4.3.3' }],
  ['1.3.132.0.35', { hash: 'sha512', id: '1.2.840.10045.4.3.4' }],
]);
const minimumRsaBits = 1024;

function signatureAlgorithmOf(key: PrivateKey): SignatureAlgorithm {
  switch (key.kind) {
    case 'rsa':
      if (key.bits < minimumRsaBits) throw new Error(`crypto/rsa: ${key.bits}-bit keys are insecure`);
      return { identifier: sequence(oid('1.2.840.113549.1.1.11'), derNull), hash: 'sha256' };
    case 'ec': {
      const algorithm = ecdsaHashes.get(key.curve);
      if (algorithm === undefined) throw new Error('x509: unsupported elliptic curve');
      return { identifier: sequence(oid(algorithm.id)), hash: algorithm.hash };
    }
    case 'ed25519':
      return { identifier: sequence(oid('1.3.101.112')), hash: null };
    case 'x25519':
      throw new Error('x509: certificate private key does not implement crypto.Signer');
    default:
      throw new Error('x509: only RSA, ECDSA and Ed25519 keys supported');
  }
}

function nameOf(commonName: string): Buffer {
  if (commonName === '') return sequence();
  return sequence(set(sequence(oid(commonNameType), encodeString(commonName))));
}

/** UTCTime holds the years 1950 to 2049. */
function timeOf(time: Time): Buffer {
  const { year } = time.in(utc).toLocal().date;
  const isShort = year >= 1950 && year < 2050;
  const text = formatTime(time.in(utc), isShort ? '060102150405Z' : '20060102150405Z');
  return primitive(isShort ? tag.utcTime : tag.generalizedTime, Buffer.from(text, 'latin1'));
}

function extensionsOf(subject: Subject, publicKeyInfo: Buffer, authorityKeyId: Buffer | undefined): Extension[] {
  const { isAuthority, dnsNames, ipAddresses, commonName } = subject;
  const { bits, unused } = isAuthority ? authorityUsage : leafUsage;
  const extensions: Extension[] = [
    { id: '2.5.29.15', isCritical: true, value: bitString(bits, unused) },
    { id: '2.5.29.37', isCritical: false, value: sequence(oid(serverAuth), oid(clientAuth)) },
    { id: '2.5.29.19', isCritical: true, value: sequence(...(isAuthority ? [boolean(true)] : [])) },
  ];
  if (isAuthority) extensions.push({ id: '2.5.29.14', isCritical: false, value: octetString(keyIdOf(publicKeyInfo)) });
  if (authorityKeyId !== undefined && authorityKeyId.length > 0) {
    extensions.push({ id: '2.5.29.35', isCritical: false, value: sequence(implicit(0, authorityKeyId)) });
  }
  if (dnsNames.length + ipAddresses.length > 0) {
    const value = encodeAlternativeNames(dnsNames, ipAddresses);
    // RFC 5280, 4.2.1.6: without a subject these names are all there is.
    extensions.push({ id: '2.5.29.17', isCritical: commonName === '', value });
  }
  return extensions;
}

/** RFC 7093, method 1: the start of the SHA-256 of the public key. */
function keyIdOf(publicKeyInfo: Buffer): Buffer {
  const [, key] = sequenceOf(readDer(publicKeyInfo));
  return hash('sha256', bitsOf(key), 'buffer').subarray(0, keyIdLength);
}

function encodeExtension({ id, isCritical, value }: Extension): Buffer {
  return sequence(oid(id), ...(isCritical ? [boolean(true)] : []), octetString(value));
}
