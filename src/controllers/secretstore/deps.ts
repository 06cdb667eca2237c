/** What the store controllers work with; one of these for each of the two kinds. */

import type { PushSecret } from '../../api/pushsecret.ts';
import type { StoreKind } from '../../api/refs.ts';
import type { Resource } from '../../api/resource.ts';
import type { AnySecretStore } from '../../api/secretstore.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Provider } from '../../provider/provider.ts';
import type { Registry } from '../../provider/registry.ts';
import type { Lister } from '../../runtime/lister.ts';
import type { EventSink } from '../eventsink.ts';
import type { StoreAccess } from './storeaccess.ts';

export interface StoreDeps {
  readonly kind: StoreKind;
  readonly resource: Resource;
  readonly lister: Lister<AnySecretStore>;
  readonly clients: StoreAccess;
  readonly providers: Registry<Provider>;
  readonly kube: Pick<KubeClient, 'setStatus' | 'mergePatch'>;
  readonly recorder: EventSink;
  readonly metrics: StoreMetrics;
  readonly clock: Clock;
  readonly controllerClass: string;
  /** PushSecrets that may depend on the store; empty while they are not served. */
  readonly pushSecrets: Pick<Lister<PushSecret>, 'values'>;
  /** The store was found to be good after its spec changed: who uses it has something new to read. */
  readonly revalidated: (store: AnySecretStore) => void;
  /** Generations found to be good, by key. */
  readonly validGenerations: Map<string, number>;
  /** `--store-requeue-interval`. */
  readonly requeueIntervalMs: number;
}

/** ESO's metrics of stores. */
export interface StoreMetrics {
  reconciled(store: AnySecretStore, ready: 'True' | 'False', durationMs: number): void;
  forget(key: string): void;
}
