/** The Secret as an ExternalSecret wants it, before anything is written. */
import { createdByLabel, managedLabel } from '../../api/constants.ts';
import type { ExternalSecret } from '../../api/externalsecret.ts';
import type { OwnerReference } from '../../api/object.ts';
import type { CreationPolicy } from '../../api/target.ts';
import { externalSecretOwner, fieldManagerOf, ownerHashOf } from './identity.ts';
import type { RenderedSecret } from './render.ts';

export interface DesiredSecret extends RenderedSecret {
  readonly name: string;
  readonly namespace: string;
  readonly creationPolicy: CreationPolicy;
  readonly immutable: boolean;
  /** The controller owner reference to set; absent for every policy but Owner. */
  readonly owner: OwnerReference | undefined;
  /** The reference by which the ExternalSecret would own it: what tells our references from another's. */
  readonly self: OwnerReference;
  readonly fieldManager: string;
}

/** Adds the operator's own marks to what was rendered. */
export function desireSecret(externalSecret: ExternalSecret, rendered: RenderedSecret): DesiredSecret {
  const { target } = externalSecret.spec;
  const { creationPolicy } = target;
  const isOwner = creationPolicy === 'Owner';
  const self = externalSecretOwner(externalSecret);
  const labels = { ...rendered.labels, [managedLabel]: 'true' };
  return {
    ...rendered,
    name: targetNameOf(externalSecret),
    namespace: externalSecret.metadata.namespace,
    creationPolicy,
    immutable: target.immutable === true,
    labels: isOwner ? { ...labels, [createdByLabel]: ownerHashOf(externalSecret) } : withoutCreatedBy(labels),
    owner: isOwner ? self : undefined,
    self,
    fieldManager: fieldManagerOf(externalSecret.metadata.name),
  };
}

/** `target.name`, or the ExternalSecret's own name. */
export function targetNameOf(externalSecret: ExternalSecret): string {
  return externalSecret.spec.target.name || externalSecret.metadata.name;
}

/** Whether the policy shares its target with others: only our own keys are written and removed. */
export function sharesTarget(policy: CreationPolicy): boolean {
  return policy === 'Merge' || policy === 'CreateOrMerge';
}

/** Whether the policy may create a target that is missing. */
export function createsTarget(policy: CreationPolicy): boolean {
  return policy === 'Owner' || policy === 'Orphan' || policy === 'CreateOrMerge';
}

function withoutCreatedBy(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => key !== createdByLabel));
}
