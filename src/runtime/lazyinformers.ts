/** Informers that start when something first asks for their kind: nobody pays for a watch that nothing refers to. */
import type { KubeObject } from '../api/object.ts';
import type { Resource } from '../api/resource.ts';
import type { KubeClient } from '../kube/client.ts';
import { orAbort } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import type { EventHandler, Informer } from './informer.ts';
import type { Logger } from './logger.ts';
import { SharedInformer } from './sharedinformer.ts';
import type { Transform } from './transform.ts';
import { withinMs } from './withinms.ts';

export interface LazyInformersOptions {
  readonly kube: Pick<KubeClient, 'list' | 'watch'>;
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  /** Restricts what is watched of a resource; default: everything. */
  readonly labelSelectorFor?: (resource: Resource) => string | undefined;
  readonly transform: Transform<KubeObject>;
  /** Hears of every change of every kind that is watched. */
  readonly handlerFor: (resource: Resource) => EventHandler<KubeObject>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A kind that may not be listed is done without after that, until it may be. */
const firstListPatienceMs = 10_000;

export class LazyInformers {
  readonly #options: LazyInformersOptions;
  readonly #informers = new Map<string, Informer<KubeObject>>();
  /** Whose first list was waited for: nobody waits twice. */
  readonly #awaited = new Map<Informer<KubeObject>, Promise<boolean>>();
  readonly #running = new Set<Promise<void>>();
  readonly #stop = new AbortController();

  constructor(options: LazyInformersOptions) {
    this.#options = options;
  }

  /** The informer of this resource in its version; the first call starts it. */
  of(resource: Resource): Informer<KubeObject> {
    const id = `${resource.plural}.${resource.version}.${resource.group}`;
    const known = this.#informers.get(id);
    if (known !== undefined) return known;
    const { kube, namespace, labelSelectorFor, transform, handlerFor, clock, log } = this.#options;
    const selection = { labelSelector: labelSelectorFor?.(resource), ...(resource.namespaced && { namespace }) };
    const informer = new SharedInformer<KubeObject>({ kube, resource, selection, transform, clock, log });
    informer.addHandler(handlerFor(resource));
    this.#informers.set(id, informer);
    this.#running.add(informer.run(this.#stop.signal));
    return informer;
  }

  /**
   * Like `of`, once the first list is in: what changes from then on is told. A list that does not come within ten
   * seconds is not waited for, then or later; `informer.hasSynced` tells.
   * @throws the signal's reason
   */
  async listed(resource: Resource, signal: AbortSignal): Promise<Informer<KubeObject>> {
    const informer = this.of(resource);
    if (informer.hasSynced) return informer;
    let synced = this.#awaited.get(informer);
    if (synced === undefined) {
      // Many wait together, so none of their signals may end it.
      synced = withinMs(this.#options.clock, firstListPatienceMs, informer.whenSynced(this.#stop.signal));
      this.#awaited.set(informer, synced);
    }
    await orAbort(synced, signal);
    return informer;
  }

  /** Stops all of them. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }
}
