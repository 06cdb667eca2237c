/** The informers that run from the start. */

import { managedLabel } from '../../api/constants.ts';
import type { ExternalSecret } from '../../api/externalsecret.ts';
import type { KubeObject } from '../../api/object.ts';
import type { PushSecret } from '../../api/pushsecret.ts';
import { metadataOnly, type Resource } from '../../api/resource.ts';
import { clusterSecretStores, externalSecrets, pushSecrets, secretStores } from '../../api/resources.ts';
import type { ClusterSecretStore, SecretStore } from '../../api/secretstore.ts';
import { type ExternalSecretIndex, externalSecretIndexes } from '../../controllers/externalsecret/controller.ts';
import { type ObservedSecret, observeSecret } from '../../controllers/externalsecret/observedsecret.ts';
import type { Selection } from '../../kube/client.ts';
import { namespaces, secrets } from '../../kube/resources.ts';
import type { Informer } from '../../runtime/informer.ts';
import type { ManagedInformer } from '../../runtime/manager.ts';
import { SharedInformer } from '../../runtime/sharedinformer.ts';
import { type Transform, withWriteTimes } from '../../runtime/transform.ts';
import type { Foundation } from './foundation.ts';

export interface OperatorInformers {
  readonly externalSecrets: Informer<ExternalSecret, ExternalSecretIndex>;
  readonly managedSecrets: Informer<ObservedSecret, 'createdBy'>;
  readonly secretStores: Informer<SecretStore>;
  /** Absent when cluster stores are not served: then nothing of cluster scope is read. */
  readonly clusterSecretStores: Informer<ClusterSecretStore> | undefined;
  readonly namespaces: Informer<KubeObject> | undefined;
  readonly pushSecrets: Informer<PushSecret> | undefined;
}

export function createInformers(foundation: Foundation): OperatorInformers {
  const { config, kube, clock, log } = foundation;
  const scope: Selection = config.namespace === undefined ? {} : { namespace: config.namespace };
  const inform = <T extends KubeObject>(
    resource: Resource<T>,
    selection: Selection,
    transform?: Transform<T>,
  ): Informer<T> => new SharedInformer<T>({ kube, resource, selection, transform, clock, log });
  const servesClusterStores = config.reconcilers.clusterSecretStore;
  return {
    externalSecrets: new SharedInformer({
      kube,
      resource: externalSecrets,
      selection: scope,
      indexes: externalSecretIndexes,
      clock,
      log,
    }),
    managedSecrets: managedSecretInformer(foundation, scope),
    secretStores: inform(secretStores, scope, withWriteTimes),
    clusterSecretStores: servesClusterStores ? inform(clusterSecretStores, {}, withWriteTimes) : undefined,
    namespaces: servesClusterStores ? inform(metadataOnly(namespaces), {}) : undefined,
    pushSecrets: config.reconcilers.pushSecret ? inform(pushSecrets, scope) : undefined,
  };
}

/** Sees whole Secrets and keeps digests: no value stays in memory. */
function managedSecretInformer(foundation: Foundation, scope: Selection): Informer<ObservedSecret, 'createdBy'> {
  const { kube, clock, log } = foundation;
  return new SharedInformer<ObservedSecret, 'createdBy'>({
    kube,
    // The server sends Secrets; nothing but the transform ever sees one.
    resource: secrets as Resource as Resource<ObservedSecret>,
    selection: { ...scope, labelSelector: `${managedLabel}=true` },
    transform: (secret: KubeObject) => observeSecret(secret),
    indexes: {
      createdBy: ({ metadata, createdBy }) =>
        createdBy === undefined ? [] : [`${metadata.namespace ?? ''}/${createdBy}`],
    },
    clock,
    log,
  });
}

export function runningInformers(informers: OperatorInformers): readonly ManagedInformer[] {
  const { externalSecrets, managedSecrets, secretStores, clusterSecretStores, namespaces, pushSecrets } = informers;
  const all = [externalSecrets, managedSecrets, secretStores, clusterSecretStores, namespaces, pushSecrets];
  return all.filter((informer) => informer !== undefined);
}
