/** The public part of one certificate; its private key and chain are in the secret of its name. */
import type { KeyVaultCertificate } from '@azure/keyvault-certificates';
import { ProviderError } from '../../../provider/errors.ts';
import type { RemoteSecret } from '../../../provider/provider.ts';

export class CertificateValue implements RemoteSecret {
  readonly version: string;
  readonly #name: string;
  readonly #der: Uint8Array;

  constructor({ name, cer = new Uint8Array(), properties }: KeyVaultCertificate) {
    this.version = properties.version ?? '';
    this.#name = name;
    this.#der = cer;
  }

  /** DER. */
  value(property: string | undefined): Uint8Array {
    if (property === undefined || property === '') return this.#der;
    throw new ProviderError('invalid', `the certificate ${this.#name} has no properties: ${this.#hint()}`);
  }

  map(): never {
    throw new ProviderError('invalid', `the certificate ${this.#name} is no map of keys: ${this.#hint()}`);
  }

  #hint(): string {
    return `secret/${this.#name} holds it with its private key`;
  }
}
