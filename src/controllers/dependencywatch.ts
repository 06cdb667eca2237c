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

/** An object that may be somebody's dependency was seen in this version; undefined: it is gone. */
export interface DependencyChange {
  readonly object: ObjectIdentity;
  readonly resourceVersion: string | undefined;
  /** Part of the first list: it may have been there for long. */
  readonly isInitial: boolean;
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

  /** For an informer that sees objects of this kind anyway. */
  handler(kind: DependencyKind): EventHandler<KubeObject> {
    const tell = ({ metadata }: KubeObject, resourceVersion: string | undefined, isInitial: boolean): void => {
      const object = { kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
      this.#onChange({ object, resourceVersion, isInitial });
    };
    return {
      added: (object, isInitial) => tell(object, object.metadata.resourceVersion, isInitial),
      updated: (object) => tell(object, object.metadata.resourceVersion, false),
      deleted: (object) => tell(object, undefined, false),
    };
  }

  close(): Promise<void> {
    return this.#informers.close();
  }
}

/** Which object it is, and in which version: nothing else is kept. */
function identityOf({ metadata }: KubeObject): KubeObject {
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = metadata;
  return { metadata: { name, namespace, uid, resourceVersion } };
}
