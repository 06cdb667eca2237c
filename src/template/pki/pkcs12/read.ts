/** Reads PKCS#12 archives (RFC 7292) as go-pkcs12 0.7.0 does. */
import { contextOf, type DerNode, integerOf, isContext, octetsOf, oidOf, readDer, sequenceOf } from '../asn1.ts';
import { type Certificate, parseCertificates } from '../certificate.ts';
import { type PrivateKey, parsePkcs8 } from '../privatekey.ts';
import { decryptByPassword } from './cipher.ts';
import type { Spend } from './derive.ts';
import { bagType, contentType, x509CertificateType } from './identifiers.ts';
import { verifyMac } from './mac.ts';
import { noPassword, type Password, passwordOf } from './password.ts';

export interface Pkcs12 {
  readonly privateKey: PrivateKey;
  /** In the archive's order; never empty. */
  readonly certificates: readonly Certificate[];
}

interface SafeBag {
  readonly type: string;
  readonly value: DerNode | undefined;
}

const archiveVersion = 3n;
const maxSafes = 2;

/** Throws for a wrong password, an unknown algorithm, and an archive without exactly one key or without certificate. */
export function readPkcs12(archive: Uint8Array, passwordText: string, spend: Spend): Pkcs12 {
  const { bags, password } = openArchive(archive, passwordOf(passwordText), spend);
  const certificates = bags.filter(({ type }) => type === bagType.certificate).map(certificateOf);
  const keys = bags.filter(({ type }) => type === bagType.key || type === bagType.shroudedKey);
  if (keys.length > 1) throw new Error('pkcs12: expected exactly one key bag');
  const [key] = keys.map((bag) => privateKeyOf(bag, password, spend));
  if (certificates.length === 0) throw new Error('pkcs12: certificate missing');
  if (key === undefined) throw new Error('pkcs12: private key missing');
  return { privateKey: key, certificates };
}

/** The bags of all safes, and the form of the password that fitted. */
function openArchive(
  archive: Uint8Array,
  password: Password,
  spend: Spend,
): { readonly bags: SafeBag[]; readonly password: Password } {
  const [version, content, macData] = readArchive(archive);
  if (integerOf(version) !== archiveVersion) throw new Error("pkcs12: can only decode v3 PFX PDU's");
  const message = octetsOf(contentOf(content, contentType.data));
  const fitting = checkPassword(macData, message, password, spend);
  const safes = sequenceOf(readDer(message));
  if (safes.length === 0 || safes.length > maxSafes) {
    throw new Error(
      `pkcs12: expected between 1 and ${maxSafes} items in the authenticated safe, but this file has ${safes.length}`,
    );
  }
  return { bags: safes.flatMap((safe) => bagsOf(safe, fitting, spend)), password: fitting };
}

function readArchive(archive: Uint8Array): readonly DerNode[] {
  try {
    return sequenceOf(readDer(archive));
  } catch (error) {
    throw new Error(`pkcs12: error reading P12 data: ${error instanceof Error ? error.message : ''}`, { cause: error });
  }
}

/** What is inside a ContentInfo of the type. */
function contentOf(node: DerNode | undefined, type: string): DerNode | undefined {
  const [typeNode, content] = sequenceOf(node);
  if (oidOf(typeNode) !== type) throw new Error('pkcs12: only password-protected PFX is implemented');
  return contextOf(content, 0)[0];
}

/** An archive without integrity check opens with the empty password only, which has two forms. */
function checkPassword(macData: DerNode | undefined, message: Buffer, password: Password, spend: Spend): Password {
  const isEmpty = password.utf8.length === 0;
  if (macData === undefined) {
    if (isEmpty) return password;
    throw new Error('pkcs12: no MAC in data');
  }
  if (verifyMac(macData, message, password, spend)) return password;
  if (isEmpty && verifyMac(macData, message, noPassword, spend)) return noPassword;
  throw new Error('pkcs12: decryption password incorrect');
}

function bagsOf(safe: DerNode, password: Password, spend: Spend): SafeBag[] {
  return sequenceOf(readDer(safeContents(safe, password, spend))).map((bag) => {
    const [type, value] = sequenceOf(bag);
    return { type: oidOf(type), value: contextOf(value, 0)[0] };
  });
}

function safeContents(safe: DerNode, password: Password, spend: Spend): Buffer {
  const [typeNode, content] = sequenceOf(safe);
  const inner = contextOf(content, 0)[0];
  switch (oidOf(typeNode)) {
    case contentType.data:
      return octetsOf(inner);
    case contentType.encryptedData: {
      const [version, info] = sequenceOf(inner);
      if (integerOf(version) !== 0n) throw new Error('pkcs12: only version 0 of EncryptedData is supported');
      const [, algorithm, encrypted] = sequenceOf(info);
      const data = isContext(encrypted, 0) && !encrypted.isConstructed ? encrypted.content : Buffer.alloc(0);
      return decryptByPassword(algorithm, data, password, spend);
    }
    default:
      throw new Error('pkcs12: only data and encryptedData content types are supported in authenticated safe');
  }
}

function certificateOf({ value }: SafeBag): Certificate {
  const [type, content] = sequenceOf(value);
  if (oidOf(type) !== x509CertificateType) {
    throw new Error('pkcs12: only X509 certificates are supported in cert bags');
  }
  const [certificate, ...more] = parseCertificates(octetsOf(contextOf(content, 0)[0]));
  if (certificate === undefined || more.length > 0) {
    throw new Error('pkcs12: expected exactly one certificate in the certBag');
  }
  return certificate;
}

function privateKeyOf({ type, value }: SafeBag, password: Password, spend: Spend): PrivateKey {
  if (type === bagType.key) return parsePkcs8(value?.encoded ?? Buffer.alloc(0));
  const [algorithm, encrypted] = sequenceOf(value);
  return parsePkcs8(decryptByPassword(algorithm, octetsOf(encrypted), password, spend));
}
