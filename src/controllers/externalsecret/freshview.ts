/** Reads ExternalSecrets from the informer, but never with an older status than this process itself wrote. */
import type { ExternalSecret, ExternalSecretStatus } from '../../api/externalsecret.ts';
import { keyOf } from '../../runtime/key.ts';
import type { Lister } from '../../runtime/lister.ts';
import { isOlderVersion } from '../../runtime/resourceversion.ts';

interface OwnWrite {
  readonly resourceVersion: string;
  readonly status: ExternalSecretStatus;
}

/**
 * Between a status write and its watch event the informer shows the status of before; deciding on it would sync twice.
 * Entries live until the informer has caught up.
 */
export class FreshView {
  readonly #lister: Lister<ExternalSecret>;
  readonly #ownWrites = new Map<string, OwnWrite>();

  constructor(lister: Lister<ExternalSecret>) {
    this.#lister = lister;
  }

  get(key: string): ExternalSecret | undefined {
    const seen = this.#lister.get(key);
    const own = this.#ownWrites.get(key);
    if (own === undefined) return seen;
    if (seen === undefined || !isOlderVersion(seen.metadata.resourceVersion, own.resourceVersion)) {
      this.#ownWrites.delete(key);
      return seen;
    }
    return { ...seen, status: own.status };
  }

  /** Remembers that `status` was written and made `resourceVersion`. */
  wrote(externalSecret: ExternalSecret, status: ExternalSecretStatus, resourceVersion: string | undefined): void {
    if (resourceVersion !== undefined) this.#ownWrites.set(keyOf(externalSecret), { resourceVersion, status });
  }
}
