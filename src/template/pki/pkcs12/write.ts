/** Writes PKCS#12 archives in go-pkcs12's modern encoding: PBES2, AES-256-CBC, HMAC-SHA-256. */
import { hash } from 'node:crypto';
import { tag } from '../asn1.ts';
import { explicit, implicit, integer, octetString, oid, primitive, sequence, set } from '../asn1write.ts';
import type { Certificate } from '../certificate.ts';
import { nameText } from '../name.ts';
import { encodePkcs8, type PrivateKey } from '../privatekey.ts';
import { type EncryptionContext, encryptByPassword } from './cipher.ts';
import { anyExtendedKeyUsage, attributeType, bagType, contentType, x509CertificateType } from './identifiers.ts';
import { encodeMac } from './mac.ts';
import { basicCharacters, type Password, passwordOf, ucs2 } from './password.ts';

const cost = { saltLength: 16, iterations: 2048 } as const;

/** A key with its certificate, which comes first, and the chain. */
export function writePkcs12(
  privateKey: PrivateKey,
  certificates: readonly Certificate[],
  passwordText: string,
  context: EncryptionContext,
): Buffer {
  const password = passwordOf(passwordText);
  const [own] = certificates;
  const localKeyId = own === undefined ? [] : [localKeyIdOf(own)];
  const certificateBags = certificates.map((certificate, index) =>
    certificateBag(certificate, index === 0 ? localKeyId : []),
  );
  const shrouded = encryptByPassword(encodePkcs8(privateKey), password, cost, context);
  const keyBag = bag(bagType.shroudedKey, sequence(shrouded.algorithm, octetString(shrouded.data)), localKeyId);
  return archive([encryptedSafe(certificateBags, password, context), plainSafe([keyBag])], password, context);
}

/** Certificates that Java trusts; each gets its subject as alias. */
export function writeTrustStore(
  certificates: readonly Certificate[],
  passwordText: string,
  context: EncryptionContext,
): Buffer {
  const password = passwordOf(passwordText);
  const trusted = attribute(attributeType.javaTrustStore, oid(anyExtendedKeyUsage));
  const bags = certificates.map((certificate) => certificateBag(certificate, [trusted, friendlyNameOf(certificate)]));
  return archive([encryptedSafe(bags, password, context)], password, context);
}

function archive(safes: readonly Buffer[], password: Password, context: EncryptionContext): Buffer {
  const message = sequence(...safes);
  const content = contentInfo(contentType.data, octetString(message));
  return sequence(integer(3n), content, encodeMac(message, password, cost, context));
}

function contentInfo(type: string, content: Buffer): Buffer {
  return sequence(oid(type), explicit(0, content));
}

function plainSafe(bags: readonly Buffer[]): Buffer {
  return contentInfo(contentType.data, octetString(sequence(...bags)));
}

function encryptedSafe(bags: readonly Buffer[], password: Password, context: EncryptionContext): Buffer {
  const { algorithm, data } = encryptByPassword(sequence(...bags), password, cost, context);
  const info = sequence(oid(contentType.data), algorithm, implicit(0, data));
  return contentInfo(contentType.encryptedData, sequence(integer(0n), info));
}

function bag(type: string, value: Buffer, attributes: readonly Buffer[]): Buffer {
  return sequence(oid(type), explicit(0, value), ...(attributes.length > 0 ? [set(...attributes)] : []));
}

function certificateBag({ raw }: Certificate, attributes: readonly Buffer[]): Buffer {
  return bag(bagType.certificate, sequence(oid(x509CertificateType), explicit(0, octetString(raw))), attributes);
}

function attribute(type: string, value: Buffer): Buffer {
  return sequence(oid(type), set(value));
}

/** Joins the key to its certificate: the certificate's SHA-1, as usual. */
function localKeyIdOf({ raw }: Certificate): Buffer {
  return attribute(attributeType.localKeyId, octetString(hash('sha1', raw, 'buffer')));
}

function friendlyNameOf({ subject }: Certificate): Buffer {
  return attribute(attributeType.friendlyName, primitive(tag.bmpString, ucs2(basicCharacters(nameText(subject)))));
}
