/** A self-signed certificate for 127.0.0.1 and localhost, in a few lines of DER: a library would cost the start 150 ms. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface ServerCertificate {
  /** PEM; also the authority to verify it with. */
  readonly cert: string;
  readonly key: string;
}

const dayMs = 24 * 3_600_000;
const tag = { sequence: 0x30, set: 0x31, integer: 0x02, bits: 0x03, octets: 0x04, oid: 0x06, text: 0x0c, time: 0x17 };
/** Bytes of object identifiers, as X.690 encodes them. */
const oid = {
  ecdsaWithSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
  commonName: [0x55, 0x04, 0x03],
  subjectAltName: [0x55, 0x1d, 0x11],
  basicConstraints: [0x55, 0x1d, 0x13],
};

export function selfSignedCertificate(nowMs: number): ServerCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(tag.sequence, identifier(oid.ecdsaWithSha256));
  const name = distinguishedName('external-secrets dev');
  const certificate = der(
    tag.sequence,
    der(0xa0, der(tag.integer, [2])), // Version 3.
    der(tag.integer, [0x01, ...randomBytes(8)]),
    algorithm,
    name,
    der(tag.sequence, time(nowMs - dayMs), time(nowMs + 365 * dayMs)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(tag.sequence, alternativeNames(), authority())),
  );
  const signature = der(tag.bits, [0], sign('sha256', certificate, privateKey));
  return {
    cert: pem('CERTIFICATE', der(tag.sequence, certificate, algorithm, signature)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function alternativeNames(): Buffer {
  const names = der(tag.sequence, der(0x82, Buffer.from('localhost')), der(0x87, [127, 0, 0, 1]));
  return der(tag.sequence, identifier(oid.subjectAltName), der(tag.octets, names));
}

function authority(): Buffer {
  const isAuthority = der(tag.sequence, der(0x01, [0xff]));
  return der(tag.sequence, identifier(oid.basicConstraints), der(0x01, [0xff]), der(tag.octets, isAuthority));
}

function distinguishedName(commonName: string): Buffer {
  const attribute = der(tag.sequence, identifier(oid.commonName), der(tag.text, Buffer.from(commonName)));
  return der(tag.sequence, der(tag.set, attribute));
}

function identifier(bytes: readonly number[]): Buffer {
  return der(tag.oid, bytes);
}

function time(epochMs: number): Buffer {
  const digits = new Date(epochMs).toISOString().replace(/[-:T]|\.\d+/g, '');
  return der(tag.time, Buffer.from(digits.slice(2)));
}

function der(type: number, ...contents: readonly (Uint8Array | readonly number[])[]): Buffer {
  const content = Buffer.concat(contents.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([type, ...length(content.length)]), content]);
}

function length(bytes: number): readonly number[] {
  if (bytes < 0x80) return [bytes];
  return bytes < 0x100 ? [0x81, bytes] : [0x82, bytes >> 8, bytes & 0xff];
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
