/** Writes certificates. */
import type { ImportCertificateOptions, KeyVaultCertificate } from '@azure/keyvault-certificates';
import type { ApiCaller } from '../../../provider/context.ts';
import type { PushRequest } from '../../../provider/provider.ts';
import { ifThere } from '../ifthere.ts';
import type { Vault } from '../vault.ts';
import { certificateOf } from './certificatematerial.ts';
import { Lifecycle } from './lifecycle.ts';
import { hasProperties, pushedPropertiesOf, requireManaged } from './metadata.ts';
import type { ObjectWriter } from './objectwriter.ts';

export class CertificateWriter implements ObjectWriter {
  readonly #vault: Vault;
  readonly #call: ApiCaller;
  readonly #lifecycle: Lifecycle;

  constructor(vault: Vault, call: ApiCaller) {
    this.#vault = vault;
    this.#call = call;
    this.#lifecycle = new Lifecycle(vault, 'cert', call);
  }

  async push(name: string, { value, metadata }: PushRequest, signal: AbortSignal): Promise<void> {
    // Its end of validity and its form are the certificate's own.
    const { tags } = pushedPropertiesOf(metadata);
    const { bytes, contentType, leaf } = certificateOf(name, value);
    const present = await this.#present(name, signal);
    if (present !== undefined) requireManaged(`cert/${name}`, present.properties.tags);
    const isSame = present?.cer !== undefined && Buffer.from(leaf).equals(present.cer);
    if (isSame && hasProperties({ tags: present.properties.tags ?? {} }, { tags })) return;
    const settings = { tags: { ...tags }, ...policyOf(contentType) };
    const set = (options: object): Promise<unknown> =>
      this.#vault.certificates.importCertificate(name, bytes, { ...settings, ...options });
    await this.#lifecycle.write('ImportCertificate', name, set, signal);
  }

  async delete(name: string, _property: string, signal: AbortSignal): Promise<void> {
    const present = await this.#present(name, signal);
    if (present === undefined) return;
    requireManaged(`cert/${name}`, present.properties.tags);
    await this.#lifecycle.delete(name, signal);
  }

  async exists(name: string, _property: string, signal: AbortSignal): Promise<boolean> {
    return (await this.#present(name, signal)) !== undefined;
  }

  #present(name: string, signal: AbortSignal): Promise<KeyVaultCertificate | undefined> {
    const reading = this.#call(
      'GetCertificate',
      (limit) => this.#vault.certificates.getCertificate(name, { abortSignal: limit }),
      signal,
    );
    return ifThere(reading);
  }
}

/**
 * The SDK 4.10 reads `policy` to encode the value but does not send it, and a vault takes a value without policy for
 * PKCS#12. What it does send is the wire model's own member, which its options pass through.
 */
function policyOf(contentType: string): ImportCertificateOptions {
  const options = { policy: { contentType }, certificatePolicy: { secretProperties: { contentType } } };
  // The type asks for the subject and issuer of a certificate that is to be made; this one is made already.
  return options as unknown as ImportCertificateOptions;
}
