/** What makes ExternalSecrets reconcile: every change, from wherever, becomes keys in the queue. */
import { isDeepStrictEqual } from 'node:util';
import { findCondition } from '../../api/conditions.ts';
import type { ExternalSecret } from '../../api/externalsecret.ts';
import type { KubeObject } from '../../api/object.ts';
import { type SecretStoreRef, storeRefKind } from '../../api/refs.ts';
import type { Resource } from '../../api/resource.ts';
import type { AnySecretStore } from '../../api/secretstore.ts';
import type { StoreIdentity } from '../../provider/context.ts';
import type { DependencyKind } from '../../provider/dependencies.ts';
import { enqueue } from '../../runtime/enqueue.ts';
import type { EventHandler, Informer } from '../../runtime/informer.ts';
import { keyOf } from '../../runtime/key.ts';
import type { Lister } from '../../runtime/lister.ts';
import { isEdited } from '../../runtime/predicate.ts';
import type { WorkQueue } from '../../runtime/workqueue.ts';
import type { DependencyChange } from '../dependencywatch.ts';
import { storeIdentityOf } from '../secretstore/storeidentity.ts';
import type { ObservedResource } from './generic/observed.ts';
import { genericTargetId, genericTargetOf, resourceTargetId } from './generic/target.ts';
import type { ObservedSecret } from './observedsecret.ts';
import { dependencyKindsOf, referenceId, referencesOf, storeRefsOf, targetKeyOf } from './sources.ts';

export type ExternalSecretIndex = 'target' | 'references';

/** By which an ExternalSecret is found from what it writes and what it reads. */
export const externalSecretIndexes = {
  target: (externalSecret: ExternalSecret) => [targetIdOf(externalSecret)],
  references: referencesOf,
} as const;

export interface ExternalSecretWatchesOptions {
  readonly externalSecrets: Informer<ExternalSecret, ExternalSecretIndex>;
  readonly queue: Pick<WorkQueue, 'add'>;
  /** See `ExternalSecretDeps`. */
  readonly changedDependencies: Set<string>;
  /** Starts watching a kind that a template reads or a Merge waits for. */
  readonly watchDependencies: (kind: DependencyKind) => void;
}

export class ExternalSecretWatches {
  readonly #lister: Lister<ExternalSecret, ExternalSecretIndex>;
  readonly #queue: Pick<WorkQueue, 'add'>;
  readonly #changedDependencies: Set<string>;
  readonly #watchDependencies: (kind: DependencyKind) => void;

  constructor(options: ExternalSecretWatchesOptions) {
    this.#lister = options.externalSecrets.lister;
    this.#queue = options.queue;
    this.#changedDependencies = options.changedDependencies;
    this.#watchDependencies = options.watchDependencies;
    options.externalSecrets.addHandler(this.#ownHandler());
    options.externalSecrets.addHandler(this.#dependencyHandler());
  }

  /** A target that is gone, or that somebody else wrote, is looked at; what this operator wrote itself is not. */
  targets(): EventHandler<ObservedSecret> {
    return enqueue<ObservedSecret>(this.#queue, {
      keysOf: (secret) => this.#lister.byIndex('target', keyOf(secret)).map(keyOf),
      isRelevant: (secret, previous) => !secret.intact || !previous.intact,
      isRelevantWhenNew: (secret) => !secret.intact,
    });
  }

  /** The same for targets that are not Secrets. */
  genericTargets(resource: Resource): EventHandler<ObservedResource> {
    return enqueue<ObservedResource>(this.#queue, {
      keysOf: (target) => this.#lister.byIndex('target', resourceTargetId(resource, keyOf(target))).map(keyOf),
      isRelevant: (target, previous) => !target.intact || !previous.intact,
      isRelevantWhenNew: (target) => !target.intact,
    });
  }

  /**
   * Who waits for a store goes on as soon as it is good, or says why it cannot as soon as the store was checked. A new
   * store may have taken the place of another.
   */
  stores(): EventHandler<AnySecretStore> {
    return {
      added: (store, isInitial) => {
        if (!isInitial) this.#mark(this.#usersOf(storeIdentityOf(store)));
      },
      updated: (store, previous) => {
        if (isNewsToUsers(readinessOf(store), readinessOf(previous))) this.#wake(this.#usersOf(storeIdentityOf(store)));
      },
    };
  }

  /** The store works with a new spec: what was read with the old one may be something else now. */
  storeRevalidated(store: AnySecretStore): void {
    this.#mark(this.#usersOf(storeIdentityOf(store)));
  }

  /** Credentials of these stores changed: what they did not allow they may allow now. */
  storesReopened(stores: readonly StoreIdentity[]): void {
    for (const store of stores) this.#wake(this.#usersOf(store).filter(hasFailed));
  }

  /** Conditions of ClusterSecretStores select namespaces by label: who was denied may be admitted now. */
  namespaces(): EventHandler<KubeObject> {
    return {
      updated: ({ metadata }, previous) => {
        if (isDeepStrictEqual(metadata.labels, previous.metadata.labels)) return;
        const inside = [...this.#lister.values()].filter(({ metadata: { namespace } }) => namespace === metadata.name);
        this.#wake(inside.filter((externalSecret) => storeRefsOf(externalSecret).some(isOfCluster)));
      },
    };
  }

  generators(kind: string): EventHandler<KubeObject> {
    const usersOf = ({ metadata }: KubeObject): readonly ExternalSecret[] =>
      this.#lister.byIndex('references', referenceId(kind, metadata.namespace, metadata.name ?? ''));
    return {
      added: (generator, isInitial) => {
        if (!isInitial) this.#mark(usersOf(generator));
      },
      updated: (generator, previous) => {
        if (generator.metadata.generation !== previous.metadata.generation) this.#mark(usersOf(generator));
      },
    };
  }

  /** A template's source changed, or a Secret appeared into which somebody merges. */
  dependencyChanged({ object: { kind, namespace, name }, change, writtenAtMs }: DependencyChange): void {
    const readers = this.#lister.byIndex('references', referenceId(kind, namespace, name));
    // What was written while nobody watched, as during a restart, is told by the times.
    this.#mark(change === 'listed' ? readers.filter(isOlderThan(writtenAtMs)) : readers);
    if (kind !== 'Secret' || change !== 'added') return;
    // Whether it waits for it cannot be asked of its status, which may lag behind.
    this.#mark(this.#lister.byIndex('target', `${namespace}/${name}`).filter(isMerge));
  }

  #ownHandler(): EventHandler<ExternalSecret> {
    return enqueue(this.#queue, { keysOf: (externalSecret) => [keyOf(externalSecret)], isRelevant: isEdited });
  }

  #dependencyHandler(): EventHandler<ExternalSecret> {
    const watch = (externalSecret: ExternalSecret): void => {
      for (const kind of dependencyKindsOf(externalSecret)) this.#watchDependencies(kind);
    };
    return { added: watch, updated: watch };
  }

  #usersOf({ kind, namespace, name }: StoreIdentity): readonly ExternalSecret[] {
    return this.#lister.byIndex('references', referenceId(kind, namespace, name));
  }

  /** Has them looked at: those that failed try again, the others see that nothing is due. */
  #wake(externalSecrets: readonly ExternalSecret[]): void {
    for (const externalSecret of externalSecrets) this.#queue.add(keyOf(externalSecret), 'urgent');
  }

  /** Has them synced again. */
  #mark(externalSecrets: readonly ExternalSecret[]): void {
    for (const externalSecret of externalSecrets) this.#changedDependencies.add(keyOf(externalSecret));
    this.#wake(externalSecrets);
  }
}

function targetIdOf(externalSecret: ExternalSecret): string {
  const manifest = genericTargetOf(externalSecret);
  return manifest === undefined ? targetKeyOf(externalSecret) : genericTargetId(externalSecret, manifest);
}

/** Undefined: nobody checked it yet. */
function readinessOf(store: AnySecretStore): string | undefined {
  return findCondition(store.status?.conditions, 'Ready')?.status;
}

function isNewsToUsers(readiness: string | undefined, before: string | undefined): boolean {
  return readiness !== before && (readiness === 'True' || before === undefined);
}

function isOfCluster(reference: SecretStoreRef): boolean {
  return storeRefKind(reference) === 'ClusterSecretStore';
}

function hasFailed(externalSecret: ExternalSecret): boolean {
  return findCondition(externalSecret.status?.conditions, 'Ready')?.status === 'False';
}

/** Whether an ExternalSecret was synced before that moment; both are known in whole seconds. */
function isOlderThan(writtenAtMs: number | undefined): (externalSecret: ExternalSecret) => boolean {
  return ({ status }) => {
    if (writtenAtMs === undefined || !status?.refreshTime) return false;
    return Date.parse(status.refreshTime) <= writtenAtMs;
  };
}

function isMerge({ spec }: ExternalSecret): boolean {
  return spec.target.creationPolicy === 'Merge';
}
