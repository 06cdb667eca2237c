/** Stands for a store that can only be opened on behalf of an object in some namespace. */
import { ProviderError } from './errors.ts';
import type { RemoteRef, SecretsClient, ValidationResult } from './provider.ts';

export class UnresolvedClient implements SecretsClient {
  async validate(): Promise<ValidationResult> {
    return 'unknown';
  }

  readKey({ key }: RemoteRef): string {
    return key;
  }

  async read(): Promise<never> {
    throw new ProviderError('invalid', 'the credentials of the store depend on the namespace that it is used from');
  }

  async close(): Promise<void> {
    // Nothing was opened.
  }
}
