/**
 * Watches the Secrets, ConfigMaps and ServiceAccounts that stores, generators and templates name. A kind is watched,
 * by metadata alone, from when something first refers to it.
 */

import { managedLabel } from '../api/constants.ts';
import type { KubeObject } from '../api/object.ts';
import { metadataOnly, type Resource } from '../api/resource.ts';
import type { KubeClient } from '../kube/client.ts';
import { configMaps, secrets, serviceAccounts } from '../kube/resources.ts';
import type { Clock } from '../lib/clock.ts';
import type { DependencyKind, ObjectIdentity } from '../provider/dependencies.ts';
import type { EventHandler } from '../runtime/informer.ts';
import { LazyInformers } from '../runtime/lazyinformers.ts';
import type { Logger } from '../runtime/logger.ts';
import { lastWriteMs } from './lastwrite.ts';

/** What happened to an object that may be somebody's dependency. */
export interface DependencyChange {
  readonly object: ObjectIdentity;
  /** `listed`: part of the first list, so it may have been there for long. */
  readonly change: 'listed' | 'added' | 'updated' | 'deleted';
  /** Undefined: it is gone. */
  readonly resourceVersion: string | undefined;
  /** When it was last written, in epoch milliseconds of whole seconds, by the API server's clock. Undefined: unknown. */
  readonly writtenAtMs: number | undefined;
}

export interface DependencyWatchOptions {
  readonly kube: Pick<KubeClient, 'list' | 'watch'>;
  /** Absent: all namespaces. */
  readonly namespace: string | undefined;
  readonly onChange: (change: DependencyChange) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

const watched: Readonly<Record<DependencyKind, Resource>> = {
  Secret: metadataOnly(secrets),
  ConfigMap: metadataOnly(configMaps),
  ServiceAccount: metadataOnly(serviceAccounts),
};

export class DependencyWatch {
  readonly #informers: LazyInformers;
  readonly #onChange: (change: DependencyChange) => void;

  constructor({ kube, namespace, onChange, clock, log }: DependencyWatchOptions) {
    this.#onChange = onChange;
    this.#informers = new LazyInformers({
      kube,
      namespace,
      // The informer of managed Secrets tells of those.
      labelSelectorFor: (resource) => (resource.kind === 'Secret' ? `${managedLabel}!=true` : undefined),
      transform: identityOf,
      handlerFor: (resource) => this.handler(resource.kind as DependencyKind), // only the three kinds are asked for
      clock,
      log,
    });
  }

  /** From now on changes of objects of this kind are told. */
  watch(kind: DependencyKind): void {
    this.#informers.of(watched[kind]);
  }

  /**
   * Once the first lists of these kinds are in: what is read from then on and changes later is told.
   * @throws the signal's reason
   */
  async listed(kinds: Iterable<DependencyKind>, signal: AbortSignal): Promise<void> {
    for (const kind of kinds) await this.#informers.listed(watched[kind], signal);
  }

  /** For an informer that sees objects of this kind anyway. */
  handler(kind: DependencyKind): EventHandler<KubeObject> {
    const tell = ({ metadata }: KubeObject, change: DependencyChange['change']): void => {
      const object = { kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
      const resourceVersion = change === 'deleted' ? undefined : metadata.resourceVersion;
      this.#onChange({ object, change, resourceVersion, writtenAtMs: lastWriteMs(metadata) });
    };
    return {
      added: (object, isInitial) => tell(object, isInitial ? 'listed' : 'added'),
      updated: (object) => tell(object, 'updated'),
      deleted: (object) => tell(object, 'deleted'),
    };
  }

  close(): Promise<void> {
    return this.#informers.close();
  }
}

/** Which object it is, in which version and since when: nothing else is kept. */
function identityOf({ metadata }: KubeObject): KubeObject {
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = metadata;
  const writtenAtMs = lastWriteMs(metadata);
  const time = writtenAtMs === undefined ? [] : [{ time: new Date(writtenAtMs).toISOString() }];
  return { metadata: { name, namespace, uid, resourceVersion, managedFields: time } };
}
