/** A generic target as an ExternalSecret wants it, before anything is written. Pure. */
import { createdByLabel, dataHashAnnotation, managedLabel } from '../../../api/constants.ts';
import type { ExternalSecret } from '../../../api/externalsecret.ts';
import type { KubeObject, ObjectName, OwnerReference } from '../../../api/object.ts';
import { apiVersionOf, type Resource } from '../../../api/resource.ts';
import type { CreationPolicy } from '../../../api/target.ts';
import { targetNameOf } from '../desiredsecret.ts';
import { externalSecretOwner, fieldManagerOf, ownerHashOf } from '../identity.ts';
import type { RenderedResource } from './render.ts';
import { jsonObjectOf } from './tree.ts';

export interface DesiredResource extends RenderedResource {
  readonly resource: Resource;
  readonly name: Required<ObjectName>;
  readonly creationPolicy: CreationPolicy;
  /** The controller owner reference to set; absent for every policy but Owner. */
  readonly owner: OwnerReference | undefined;
  /** The reference by which the ExternalSecret would own it: what tells our references from another's. */
  readonly self: OwnerReference;
  readonly fieldManager: string;
}

/** Adds the operator's own marks to what was rendered. The target is in the ExternalSecret's namespace, always. */
export function desireResource(
  externalSecret: ExternalSecret,
  resource: Resource,
  rendered: RenderedResource,
): DesiredResource {
  const { creationPolicy, immutable } = externalSecret.spec.target;
  const isOwner = creationPolicy === 'Owner';
  const self = externalSecretOwner(externalSecret);
  const labels = new Map(rendered.labels).set(managedLabel, 'true');
  labels.delete(createdByLabel);
  if (isOwner) labels.set(createdByLabel, ownerHashOf(externalSecret));
  const annotations = new Map(rendered.annotations);
  annotations.delete(dataHashAnnotation);
  const isFrozen = immutable === true && resource.kind === 'ConfigMap' && resource.group === '';
  return {
    ...rendered,
    content: isFrozen ? new Map([...rendered.content, ['immutable', true]]) : rendered.content,
    resource,
    name: targetOf(externalSecret),
    creationPolicy,
    labels,
    annotations,
    owner: isOwner ? self : undefined,
    self,
    fieldManager: fieldManagerOf(externalSecret.metadata.name),
  };
}

export function targetOf(externalSecret: ExternalSecret): Required<ObjectName> {
  return { namespace: externalSecret.metadata.namespace, name: targetNameOf(externalSecret) };
}

/** What is applied on the server: all that is ours and nothing else. @param dataHash of the target as it will be */
export function configurationOf(desired: DesiredResource, dataHash: string): KubeObject {
  const { resource, name, labels, annotations, owner, finalizers, content } = desired;
  return {
    ...jsonObjectOf(content),
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: {
      ...name,
      labels: Object.fromEntries(labels),
      annotations: Object.fromEntries([...annotations, [dataHashAnnotation, dataHash]]),
      ...(owner !== undefined && { ownerReferences: [owner] }),
      ...(finalizers.length > 0 && { finalizers }),
    },
  };
}
