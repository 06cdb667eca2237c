/** Certificates of a vault; each has a secret of its name that holds certificate and private key. */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import {
  type Attributes,
  type ObjectSeed,
  type ObjectVersion,
  pageOf,
  type Tags,
  VaultObjects,
} from './azure-objects.ts';
import type { SecretsModel } from './azure-secrets.ts';
import { type AzureCall, AzureFault } from './azure-wire.ts';

export interface CertificateContent {
  readonly der: Buffer;
  readonly contentType: string;
}

export interface CertificateImport extends ObjectSeed {
  /** PEM, or PKCS#12 in base64. */
  readonly value: string;
  /** Default: PKCS#12. */
  readonly contentType?: string | undefined;
}

const pemType = 'application/x-pem-file';
const pfxType = 'application/x-pkcs12';

export class CertificatesModel {
  readonly objects: VaultObjects<CertificateContent>;
  readonly #secrets: SecretsModel;

  constructor(now: () => number, secrets: SecretsModel) {
    this.objects = new VaultObjects({ collection: 'certificates', noun: 'Certificate', now });
    this.#secrets = secrets;
  }

  put(
    name: string,
    { value, contentType = pfxType, attributes, tags }: CertificateImport,
  ): ObjectVersion<CertificateContent> {
    const der = contentType === pemType ? leafOfPem(value) : leafOfPfx(value);
    const certificate = this.objects.add(name, { der, contentType }, { attributes, tags });
    this.#secrets.put(name, { value, contentType, kid: `keys/${name}` }, { attributes, tags });
    return certificate;
  }

  handle(call: AzureCall): unknown {
    const [, name = '', version] = call.segments;
    const base = call.url.origin;
    switch (call.operation) {
      case 'GetCertificates':
        return pageOf(call, this.objects.current(), (one) => ({
          id: `${base}/certificates/${one.name}`,
          ...about(one),
        }));
      case 'GetCertificate':
        return bundle(base, this.objects.get(name, version));
      case 'ImportCertificate':
        return bundle(base, this.#import(name, call.body));
      case 'DeleteCertificate':
        this.#secrets.objects.remove(name);
        return { ...bundle(base, this.objects.remove(name)), ...this.objects.deletion(name, base) };
      case 'GetDeletedCertificate':
        return { ...bundle(base, this.objects.deleted(name)), ...this.objects.deletion(name, base) };
      default:
        throw new AzureFault(405, 'MethodNotAllowed', `${call.method} is not allowed here`);
    }
  }

  #import(name: string, body: string): ObjectVersion<CertificateContent> {
    const input = JSON.parse(body) as {
      value?: string;
      policy?: { secret_props?: { contentType?: string } };
      attributes?: Attributes;
      tags?: Tags;
    };
    if (input.value === undefined) throw new AzureFault(400, 'BadParameter', "Property 'value' is required.");
    const contentType = input.policy?.secret_props?.contentType;
    return this.put(name, { value: input.value, contentType, attributes: input.attributes, tags: input.tags });
  }
}

/** The service wants the certificate and its private key in PKCS#8. */
function leafOfPem(pem: string): Buffer {
  try {
    if (!pem.includes('-----BEGIN PRIVATE KEY-----')) throw new Error('no PKCS#8 key');
    const certificate = new X509Certificate(pem);
    if (!certificate.checkPrivateKey(createPrivateKey(pem))) throw new Error('not its key');
    return certificate.raw;
  } catch {
    const message =
      'The specified PEM X.509 certificate content is in an unexpected format. Please check if certificate is in valid PEM format.';
    throw new AzureFault(400, 'BadParameter', message);
  }
}

function leafOfPfx(base64: string): Buffer {
  try {
    const secureContext = createSecureContext({ pfx: Buffer.from(base64, 'base64'), passphrase: '' });
    const socket = new TLSSocket(new Duplex({ read() {}, write() {} }), { isServer: true, secureContext });
    const certificate = socket.getCertificate();
    socket.destroy();
    if (certificate === null || !('raw' in certificate)) throw new Error('no certificate');
    return certificate.raw;
  } catch {
    const message =
      'The specified PKCS#12 X.509 certificate content can not be read. Please check if certificate is in valid PKCS#12 format.';
    throw new AzureFault(400, 'BadParameter', message);
  }
}

function bundle(base: string, certificate: ObjectVersion<CertificateContent>): object {
  const { name, version, content } = certificate;
  return {
    id: `${base}/certificates/${name}/${version}`,
    kid: `${base}/keys/${name}/${version}`,
    sid: `${base}/secrets/${name}/${version}`,
    cer: content.der.toString('base64'),
    policy: {
      id: `${base}/certificates/${name}/policy`,
      secret_props: { contentType: content.contentType },
      issuer: { name: 'Unknown' },
    },
    ...about(certificate),
  };
}

function about({ content, attributes, tags }: ObjectVersion<CertificateContent>): object {
  return {
    x5t: createHash('sha1').update(content.der).digest('base64url'),
    attributes: { ...attributes, recoveryLevel: 'Recoverable+Purgeable', recoverableDays: 90 },
    ...(tags === undefined ? {} : { tags }),
  };
}
