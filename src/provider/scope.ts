/** The wall between namespaces: which namespace a selector means, judged in this one place for every lookup. */
import type { ObjectSelector, StoreIdentity } from './context.ts';
import { ProviderError } from './errors.ts';

/**
 * `namespace`: everything happens in one namespace (a SecretStore's, or that of the object which asks a generator).
 * `cluster`: selectors name any namespace; those that name none mean `referent`, the namespace of the object that is
 * being synced, which is undefined while a ClusterSecretStore is only validated.
 */
export type Scope =
  | { readonly kind: 'namespace'; readonly namespace: string }
  | { readonly kind: 'cluster'; readonly referent: string | undefined };

/** @param referent the namespace of the object on whose behalf the store is used */
export function scopeOf(store: StoreIdentity, referent: string | undefined): Scope {
  if (store.kind === 'ClusterSecretStore') return { kind: 'cluster', referent };
  if (store.namespace === undefined || store.namespace === '') {
    throw new ProviderError('invalid', `the SecretStore ${store.name} has no namespace`);
  }
  return { kind: 'namespace', namespace: store.namespace };
}

export interface ResolvedNamespace {
  readonly namespace: string;
  /** The selector named none and the store has none of its own: another object's client may not be used for this one. */
  readonly isReferent: boolean;
}

/** @throws ProviderError `invalid` when the selector reaches over the wall, or names no namespace and there is none */
export function resolveNamespace(scope: Scope, selector: ObjectSelector): ResolvedNamespace {
  const named = selector.namespace === '' ? undefined : selector.namespace;
  if (scope.kind === 'namespace') {
    if (named === undefined || named === scope.namespace) return { namespace: scope.namespace, isReferent: false };
    const message = `${describe(selector)} is in namespace ${named}, but only namespace ${scope.namespace} may be used here`;
    throw new ProviderError('invalid', message);
  }
  if (named !== undefined) return { namespace: named, isReferent: false };
  if (scope.referent !== undefined) return { namespace: scope.referent, isReferent: true };
  throw new ProviderError(
    'invalid',
    `${describe(selector)} has no namespace, and no object is being synced that has one`,
  );
}

function describe(selector: ObjectSelector): string {
  return selector.name === undefined ? 'the selector' : `the selector of ${selector.name}`;
}
