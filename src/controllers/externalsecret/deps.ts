/** What the ExternalSecret controller works with; each member is the narrowest type that serves. */
import type { ExternalSecret } from '../../api/externalsecret.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../lib/clock.ts';
import type { SharedReads } from '../../provider/sharedreads.ts';
import type { Lister } from '../../runtime/lister.ts';
import type { RateLimiter } from '../../runtime/ratelimiter.ts';
import type { WorkShare } from '../../runtime/workshare.ts';
import type { DependencyWatch } from '../dependencywatch.ts';
import type { EventSink } from '../eventsink.ts';
import type { StoreDirectory } from '../secretstore/directory.ts';
import type { StoreAccess } from '../secretstore/storeaccess.ts';
import type { FreshView } from './freshview.ts';
import type { GeneratorRunner } from './generators.ts';
import type { GenericTargets } from './generic/targets.ts';
import type { ObservedSecret } from './observedsecret.ts';
import type { Outages } from './outages.ts';
import type { EngineFor, TemplateEngine } from './render.ts';

export interface ExternalSecretDeps {
  /** Which ExternalSecrets are this replica's, by what they read first (`phaseSourceOf`). */
  readonly share: Pick<WorkShare, 'isMine'>;
  readonly kube: Pick<KubeClient, 'get' | 'create' | 'mergePatch' | 'applyPatch' | 'setStatus' | 'delete'>;
  readonly view: FreshView;
  readonly managedSecrets: Lister<ObservedSecret, 'createdBy'>;
  /** Absent: nothing but Secrets may be written. */
  readonly genericTargets: GenericTargets | undefined;
  readonly dependencies: Pick<DependencyWatch, 'listed'>;
  readonly stores: StoreDirectory;
  readonly clients: StoreAccess;
  readonly reads: SharedReads;
  readonly generators: GeneratorRunner;
  /** Loaded when something first needs a template: an operator without templates keeps their 20 MB. */
  readonly engines: () => Promise<Engines>;
  readonly recorder: EventSink;
  readonly metrics: ExternalSecretMetrics;
  readonly clock: Clock;
  /** Keys whose stores, generators or template sources changed since their last sync. */
  readonly changedDependencies: Set<string>;
  /** Waits after failures that are mended outside the cluster. */
  readonly slowRetries: RateLimiter;
  /** Waits while a backend gives no answer. */
  readonly outageRetries: RateLimiter;
  readonly outages: Outages;
  /** Has other ExternalSecrets reconciled at once. */
  readonly wake: (keys: readonly string[]) => void;
  /** When this process started, in epoch milliseconds. */
  readonly startedAtMs: number;
}

export interface Engines {
  readonly engineFor: EngineFor;
  /** For `rewrite[].transform`: a name that it does not know is no error there, as in ESO. */
  readonly transforms: TemplateEngine;
}

/** ESO's metrics of ExternalSecrets. */
export interface ExternalSecretMetrics {
  syncStarted(externalSecret: ExternalSecret): void;
  syncFailed(externalSecret: ExternalSecret): void;
  syncEnded(externalSecret: ExternalSecret, durationMs: number): void;
  conditionChanged(externalSecret: ExternalSecret, status: 'True' | 'False'): void;
  /** The object is gone: so are its series. */
  forget(key: string): void;
}
