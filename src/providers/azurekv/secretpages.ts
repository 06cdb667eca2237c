/** The pages of a vault's list of secrets, each of which may be tried again. */
import type { SecretProperties } from '@azure/keyvault-secrets';
import type { Vault } from './vault.ts';

interface OpenList {
  readonly pages: AsyncIterator<SecretProperties[]>;
  readonly giveUp: AbortController;
}

/**
 * The SDK's iterator is at its end after an error, as if everything had been seen, and tells no place to go on from. So
 * after one the list begins again: secrets may come twice, but none is left out.
 */
export class SecretPages {
  readonly #vault: Vault;
  #open: OpenList | undefined;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  /** One request. @returns undefined behind the last page */
  async next(signal: AbortSignal): Promise<readonly SecretProperties[] | undefined> {
    const open = this.#current();
    const giveUp = (): void => {
      this.#drop(open);
      open.giveUp.abort(signal.reason);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      const { done, value } = await open.pages.next();
      return done === true ? undefined : value;
    } catch (error) {
      this.#drop(open);
      throw error;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  #current(): OpenList {
    this.#open ??= this.#begin();
    return this.#open;
  }

  #begin(): OpenList {
    const giveUp = new AbortController();
    const pages = this.#vault.secrets.listPropertiesOfSecrets({ abortSignal: giveUp.signal }).byPage();
    return { pages: pages[Symbol.asyncIterator](), giveUp };
  }

  #drop(open: OpenList): void {
    if (this.#open === open) this.#open = undefined;
  }
}
