/** What the store controllers work with; one of these for each of the two kinds. */
import type { AnySecretStore } from '../../api/secretstore.ts';
import type { StoreKind } from '../../api/refs.ts';
import type { Resource } from '../../api/resource.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Provider } from '../../provider/provider.ts';
import type { Lister } from '../../runtime/lister.ts';
import type { EventSink } from '../eventsink.ts';
import type { StoreAccess } from './storeaccess.ts';

export interface StoreDeps {
  readonly kind: StoreKind;
  readonly resource: Resource;
  readonly lister: Lister<AnySecretStore, never>;
  readonly clients: StoreAccess;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly kube: Pick<KubeClient, 'patchStatus'>;
  readonly recorder: EventSink;
  readonly metrics: StoreMetrics;
  readonly clock: Clock;
  readonly controllerClass: string;
  /** `--store-requeue-interval`. */
  readonly requeueIntervalMs: number;
}

/** ESO's metrics of stores. */
export interface StoreMetrics {
  reconciled(store: AnySecretStore, ready: 'True' | 'False', durationMs: number): void;
  forget(key: string): void;
}
