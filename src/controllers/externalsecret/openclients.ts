/** The clients of one sync, by store; given back together. */
import type { SecretStoreRef } from '../../api/refs.ts';
import type { ClientLease } from '../../provider/pooledclient.ts';
import type { SecretsClient } from '../../provider/provider.ts';
import { TerminalError } from '../../runtime/errors.ts';
import type { ExternalSecretDeps } from './deps.ts';
import type { Entry } from './entries.ts';
import { readingEntry } from './entryerror.ts';
import { storeId } from './sources.ts';

type StoreDeps = Pick<ExternalSecretDeps, 'stores' | 'clients'>;

export class OpenClients implements Disposable {
  readonly #deps: StoreDeps;
  readonly #namespace: string;
  readonly #leases = new Map<string, ClientLease>();

  constructor(deps: StoreDeps, namespace: string) {
    this.#deps = deps;
    this.#namespace = namespace;
  }

  async open(entries: readonly Entry[], signal: AbortSignal): Promise<void> {
    for (const entry of entries) {
      if (!('store' in entry) || this.#leases.has(storeId(entry.store))) continue;
      await readingEntry(entry, async () =>
        this.#leases.set(storeId(entry.store), await this.#acquire(entry.store, signal)),
      );
    }
  }

  of(store: SecretStoreRef): SecretsClient {
    const lease = this.#leases.get(storeId(store));
    if (lease === undefined) throw new Error('the store of an entry was not opened');
    return lease.client;
  }

  #acquire(reference: SecretStoreRef, signal: AbortSignal): Promise<ClientLease> {
    const verdict = this.#deps.stores.resolve(reference, this.#namespace);
    if (!verdict.usable) throw new TerminalError('SecretSyncedError', verdict.message);
    return this.#deps.clients.acquire(verdict.store, this.#namespace, signal);
  }

  [Symbol.dispose](): void {
    for (const lease of this.#leases.values()) lease.release();
  }
}
