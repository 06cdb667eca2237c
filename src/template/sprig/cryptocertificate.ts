/** Sprig's keys and certificates. */
import { decodeBase64 } from '../encoding/base64.ts';
import { failing } from '../filters/failing.ts';
import { define, FunctionError, type FunctionRuntime, type TemplateFunction } from '../function.ts';
import { parseCertificate } from '../pki/certificate.ts';
import { generateDsaPem, generateEcKey, generateEd25519Key, generateRsaKey } from '../pki/generate.ts';
import { type Issuer, issueCertificate } from '../pki/issue.ts';
import { decodePem, encodePem } from '../pki/pemblock.ts';
import { encodePemKey, parsePemKey } from '../pki/pemkey.ts';
import { price } from '../pki/price.ts';
import type { PrivateKey } from '../pki/privatekey.ts';
import { parseIp } from '../pki/subjectaltname.ts';
import { hour } from '../time/duration.ts';
import { type Time, unixTime } from '../time/time.ts';
import { type GoType, intType, listType, stringType } from '../types.ts';
import { GoObject, GoSlice, type Value } from '../value.ts';
import { integer, text } from './arguments.ts';

const certificateType: GoType = { kind: 'struct', name: 'sprig.certificate' };

/** What the functions give: a certificate and its key, both in PEM. */
class CertificateValue extends GoObject {
  readonly type = certificateType;
  readonly cert: string;
  readonly key: string;

  constructor(cert: string, key: string) {
    super();
    this.cert = cert;
    this.key = key;
  }

  override field(name: string): Value | undefined {
    return new Map(this.fields()).get(name);
  }

  override fields(): readonly (readonly [string, string])[] {
    return [
      ['Cert', this.cert],
      ['Key', this.key],
    ];
  }

  override equals(other: Value): boolean {
    return other instanceof CertificateValue && other.cert === this.cert && other.key === this.key;
  }
}

type Names = readonly [ips: Value | undefined, dnsNames: Value | undefined];

const named = [stringType, listType, listType, intType];

export const certificateFunctions: readonly TemplateFunction[] = [
  define('genPrivateKey', [stringType], stringType, ([type], runtime) => generateKey(text(type), runtime)),
  define('genCA', [stringType, intType], certificateType, ([name, days], runtime) =>
    issue({ name, days, isAuthority: true, key: newKey(runtime) }, runtime),
  ),
  define('genCAWithKey', [stringType, intType, stringType], certificateType, ([name, days, key], runtime) =>
    issue({ name, days, isAuthority: true, key: givenKey(key, runtime) }, runtime),
  ),
  define('genSelfSignedCert', named, certificateType, ([name, ips, dnsNames, days], runtime) =>
    issue({ name, days, names: [ips, dnsNames], key: newKey(runtime) }, runtime),
  ),
  define('genSelfSignedCertWithKey', [...named, stringType], certificateType, (args, runtime) => {
    const [name, ips, dnsNames, days, key] = args;
    return issue({ name, days, names: [ips, dnsNames], key: givenKey(key, runtime) }, runtime);
  }),
  define('genSignedCert', [...named, certificateType], certificateType, (args, runtime) => {
    const [name, ips, dnsNames, days, authority] = args;
    return issue({ name, days, names: [ips, dnsNames], key: newKey(runtime), authority }, runtime);
  }),
  define('genSignedCertWithKey', [...named, certificateType, stringType], certificateType, (args, runtime) => {
    const [name, ips, dnsNames, days, authority, key] = args;
    return issue({ name, days, names: [ips, dnsNames], key: givenKey(key, runtime), authority }, runtime);
  }),
  define('buildCustomCert', [stringType, stringType], certificateType, ([cert, key], runtime) => {
    runtime.budget.charge(price.certificates(text(cert)) + price.privateKey);
    return failing(() => buildCustom(text(cert), text(key)));
  }),
];

function generateKey(type: string, { budget }: FunctionRuntime): string {
  switch (type) {
    case '':
    case 'rsa':
      budget.charge(price.rsa4096Key);
      return encodePemKey(generateRsaKey(4096));
    case 'dsa':
      budget.charge(price.dsaKey);
      return generateDsaPem();
    case 'ecdsa':
      budget.charge(price.ellipticCurveKey);
      return encodePemKey(generateEcKey());
    case 'ed25519':
      budget.charge(price.ellipticCurveKey);
      return encodePemKey(generateEd25519Key());
    default:
      return `Unknown type ${type}`;
  }
}

function newKey({ budget }: FunctionRuntime): PrivateKey {
  budget.charge(price.rsa2048Key);
  return generateRsaKey(2048);
}

function givenKey(pem: Value | undefined, { budget }: FunctionRuntime): PrivateKey {
  budget.charge(price.privateKey);
  return failing(() => signingKey(text(pem)), 'parsing private key');
}

/** DSA keys can be read, but neither sign nor be certified. */
function signingKey(pem: string): PrivateKey {
  const key = parsePemKey(pem);
  if (key.kind === 'dsa') throw new Error('x509: certificate private key does not implement crypto.Signer');
  return key;
}

interface Request {
  readonly name: Value | undefined;
  readonly days: Value | undefined;
  readonly key: PrivateKey;
  readonly names?: Names;
  readonly isAuthority?: boolean;
  /** A certificate value that signs; without one the new certificate signs itself. */
  readonly authority?: Value | undefined;
}

function issue(request: Request, runtime: FunctionRuntime): CertificateValue {
  runtime.budget.charge(price.privateKeyOperation);
  const issuer = request.authority === undefined ? undefined : issuerOf(request.authority, runtime);
  const [ips, dnsNames] = request.names ?? [];
  const notBefore = unixTime(BigInt(Math.floor(runtime.now() / 1000)));
  const subject = {
    commonName: text(request.name),
    ipAddresses: itemsOf(ips).map(ipAddress),
    dnsNames: itemsOf(dnsNames).map(dnsName),
    isAuthority: request.isAuthority ?? false,
    notBefore,
    notAfter: expiry(notBefore, integer(request.days)),
    serialNumber: serialNumber(runtime),
    key: request.key,
  };
  const certificate = failing(() => issueCertificate(subject, issuer), 'error creating certificate');
  return new CertificateValue(encodePem('CERTIFICATE', certificate), encodePemKey(request.key));
}

/** Go counts the days in nanoseconds, which wrap around after 292 years. */
function expiry(notBefore: Time, days: number): Time {
  return notBefore.add(BigInt.asIntN(64, 24n * hour * BigInt(days)));
}

/** 128 random bits. */
function serialNumber(runtime: FunctionRuntime): bigint {
  return BigInt(`0x${Buffer.from(runtime.randomBytes(16)).toString('hex')}`);
}

function itemsOf(list: Value | undefined): readonly Value[] {
  return list instanceof GoSlice ? list.items : [];
}

function ipAddress(value: Value): Buffer {
  if (typeof value !== 'string') throw new FunctionError('error parsing ip: not a string');
  const address = parseIp(value);
  if (address === undefined) throw new FunctionError(`error parsing ip: ${value}`);
  return address;
}

function dnsName(value: Value): string {
  if (typeof value !== 'string') throw new FunctionError('error processing alternate dns name: not a string');
  return value;
}

function issuerOf(authority: Value, { budget }: FunctionRuntime): Issuer {
  if (!(authority instanceof CertificateValue)) throw new FunctionError('unable to decode certificate');
  budget.charge(price.certificates(authority.cert) + price.privateKey);
  const block = decodePem(authority.cert)?.block;
  if (block === undefined) throw new FunctionError('unable to decode certificate');
  const certificate = failing(
    () => parseCertificate(block.bytes),
    'error parsing certificate: decodedSignerCert.Bytes',
  );
  return { certificate, key: failing(() => signingKey(authority.key), 'error parsing private key') };
}

/** Checks a certificate and a key, each PEM in base64, and gives them back decoded. They need not belong together. */
function buildCustom(encodedCertificate: string, encodedKey: string): CertificateValue {
  const certificate = decodeBase64(encodedCertificate);
  if (!certificate.ok) throw new Error('unable to decode base64 certificate');
  const key = decodeBase64(encodedKey);
  if (!key.ok) throw new Error('unable to decode base64 private key');
  const block = decodePem(certificate.bytes)?.block;
  if (block === undefined) throw new Error('unable to decode certificate');
  failing(() => parseCertificate(block.bytes), 'error parsing certificate: decodedCert.Bytes');
  failing(() => parsePemKey(key.bytes), 'error parsing private key');
  return new CertificateValue(certificate.bytes, key.bytes);
}
