/** What the operator knows of generic targets: their kinds, and what informers show of those that it manages. */
import type { ExternalSecret } from '../../../api/externalsecret.ts';
import type { KubeObject } from '../../../api/object.ts';
import type { Resource } from '../../../api/resource.ts';
import type { ManifestTarget } from '../../../api/target.ts';
import { ApiError } from '../../../kube/errors.ts';
import { TerminalError, WaitError } from '../../../runtime/errors.ts';
import type { Informer } from '../../../runtime/informer.ts';
import { joinKey } from '../../../runtime/key.ts';
import type { LazyInformers } from '../../../runtime/lazyinformers.ts';
import type { Lister } from '../../../runtime/lister.ts';
import { targetNameOf } from '../desiredsecret.ts';
import type { KindDirectory } from './kinds.ts';
import type { ObservedResource } from './observed.ts';
import { genericTargetOf } from './target.ts';

export interface GenericTargetsOptions {
  readonly kinds: KindDirectory;
  /** Of targets with the managed label; their transform is `observeResource`. */
  readonly informers: LazyInformers;
}

/** How a target looks: `unwatched` while nobody can tell, undefined when there is none that we manage. */
export type TargetView = ObservedResource | 'unwatched' | undefined;

/** For a kind that is not served: somebody may be installing it. */
const unknownKindRetryMs = 60_000;

export class GenericTargets {
  readonly #kinds: KindDirectory;
  readonly #informers: LazyInformers;

  constructor(options: GenericTargetsOptions) {
    this.#kinds = options.kinds;
    this.#informers = options.informers;
  }

  /** @throws TerminalError for a kind that cannot be a target; WaitError for one that is not served; ApiError */
  async resolve(manifest: ManifestTarget, signal: AbortSignal): Promise<Resource> {
    const resource = await this.find(manifest, signal);
    if (resource !== undefined) return resource;
    const what = `the cluster has no kind ${manifest.kind} in ${manifest.apiVersion}`;
    const options = { retryAfterMs: unknownKindRetryMs };
    throw new WaitError('ResourceSyncedError', `invalid generic target: ${what}`, options);
  }

  /** Undefined for a kind that is not served. @throws as `resolve` */
  async find(manifest: ManifestTarget, signal: AbortSignal): Promise<Resource | undefined> {
    const resource = await this.#ask(manifest, signal);
    if (resource === undefined || resource.namespaced) return resource;
    const what = `${manifest.apiVersion} ${manifest.kind} has no namespace, and a target is in its ExternalSecret's`;
    throw new TerminalError('ResourceSyncedError', `invalid generic target: ${what}`);
  }

  /** The kind is not what it was. */
  forget(manifest: ManifestTarget): void {
    this.#kinds.forget(manifest);
  }

  /**
   * Starts watching the kind of the target, and waits for the first list. What goes wrong shows when it is written; a
   * kind that may not be listed is worked with all the same, without drift detection.
   */
  async prepare(externalSecret: ExternalSecret, signal: AbortSignal): Promise<void> {
    const manifest = genericTargetOf(externalSecret);
    if (manifest === undefined) return;
    const resource = await this.find(manifest, signal).catch(() => undefined);
    signal.throwIfAborted();
    if (resource !== undefined) await this.#informers.listed(resource, signal);
  }

  /** As of the last event. No request is made. */
  view(externalSecret: ExternalSecret): TargetView {
    const manifest = genericTargetOf(externalSecret);
    const resource = manifest && this.#kinds.known(manifest);
    if (resource === undefined || !resource.namespaced) return 'unwatched';
    const informer = this.#informers.of(resource);
    if (!informer.hasSynced) return 'unwatched';
    return listerOf(informer).get(joinKey(externalSecret.metadata.namespace, targetNameOf(externalSecret)));
  }

  /** All targets of a kind that carry the managed label. */
  managed(resource: Resource): Iterable<ObservedResource> {
    return listerOf(this.#informers.of(resource)).values();
  }

  /** @throws TerminalError for an apiVersion that cannot be one */
  async #ask(manifest: ManifestTarget, signal: AbortSignal): Promise<Resource | undefined> {
    try {
      return await this.#kinds.find(manifest, signal);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 400) throw error;
      throw new TerminalError('ResourceSyncedError', `invalid generic target: ${error.message}`, { cause: error });
    }
  }
}

/** The informers' transform makes digests of what they see. */
function listerOf(informer: Informer<KubeObject>): Lister<ObservedResource> {
  return informer.lister as Lister<ObservedResource>;
}
