/** What a sync came to, and the one translation of that into condition, event and requeue. Pure. */
import type { ExternalSecretCondition, LeaseStatus } from '../../api/externalsecret.ts';
import { ApiError, isConflict } from '../../kube/errors.ts';
import { ProviderError } from '../../provider/errors.ts';
import { TerminalError, toError, WaitError } from '../../runtime/errors.ts';

/** A sync that reached its end. */
export interface SyncOutcome {
  readonly reason:
    | 'SecretSynced'
    | 'SecretDeleted'
    | 'SecretMissing'
    | 'ResourceSynced'
    | 'ResourceDeleted'
    | 'ResourceMissing';
  readonly message: string;
  /** Normal event; absent when nothing changed. */
  readonly event?: { readonly reason: 'Created' | 'Updated' | 'Deleted'; readonly message: string } | undefined;
  /** The Secret for `status.binding`; absent: left as it is. */
  readonly bindingName?: string | undefined;
  /** For `status.leases`. */
  readonly leases?: readonly LeaseStatus[] | undefined;
}

/** The step at which a sync failed; its sentence opens the condition's message, as in ESO. */
export type SyncStep =
  | 'getData'
  | 'template'
  | 'update'
  | 'delete'
  | 'deleteOrphans'
  | 'updateResource'
  | 'deleteResource';

const stepMessages: Readonly<Record<SyncStep, string>> = {
  getData: 'could not get secret data from provider',
  template: 'could not apply template',
  update: 'could not update secret',
  delete: 'could not delete secret',
  deleteOrphans: 'could not delete orphaned secrets',
  updateResource: 'could not update resource',
  deleteResource: 'could not delete resource',
};

/** An error on its way out of a sync: remembers the step, keeps the cause with its retry policy. */
export class SyncError extends Error {
  override readonly name = 'SyncError';
  override readonly cause: Error;

  constructor(step: SyncStep, thrown: unknown) {
    const cause = toError(thrown);
    super(`${stepMessages[step]}: ${cause.message}`, { cause });
    this.cause = cause;
  }
}

/** Runs one step and labels its failure; a conflict stays what it is, since it is no failure of the object. */
export async function step<T>(name: SyncStep, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof SyncError || isConflict(error)) throw error;
    throw new SyncError(name, error);
  }
}

export type Retry =
  /** Backoff by the queue. */
  | { readonly kind: 'backoff' }
  /** Backoff with long steps: mended outside the cluster, by people. */
  | { readonly kind: 'slowBackoff' }
  | { readonly kind: 'after'; readonly delayMs: number }
  /** The backend gives no answer: its dependents probe it together. */
  | { readonly kind: 'outage' }
  /** Nothing but a change, or the next periodic refresh, can help. */
  | { readonly kind: 'nextRefresh' };

/**
 * The retry policy of a failure. Missing, forbidden and malformed remote secrets are mended outside the cluster, where
 * no watch looks: they are tried again, slowly, and never less often than the refresh interval.
 */
export function retryOf(error: unknown): Retry {
  const cause = error instanceof SyncError ? error.cause : error;
  if (cause instanceof TerminalError) return { kind: 'nextRefresh' };
  if (cause instanceof WaitError) return { kind: 'after', delayMs: cause.retryAfterMs };
  if (cause instanceof ProviderError) return retryOfProvider(cause);
  if (cause instanceof ApiError && cause.status === 422) return { kind: 'nextRefresh' };
  return { kind: 'backoff' };
}

function retryOfProvider(error: ProviderError): Retry {
  if (error.retryAfterMs !== undefined) return { kind: 'after', delayMs: error.retryAfterMs };
  switch (error.kind) {
    case 'invalid':
      return { kind: 'nextRefresh' };
    case 'notFound':
    case 'denied':
      return { kind: 'slowBackoff' };
    case 'throttled':
      return { kind: 'backoff' };
    case 'unavailable':
    case 'timeout':
      return { kind: 'outage' };
  }
}

export interface ConditionChange {
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

/** The Ready condition after `change`; its transition time moves only with its status. */
export function readyCondition(
  conditions: readonly ExternalSecretCondition[] | undefined,
  change: ConditionChange,
  now: string,
): readonly ExternalSecretCondition[] {
  const before = conditions?.find((condition) => condition.type === 'Ready');
  const lastTransitionTime = before?.status === change.status ? (before.lastTransitionTime ?? now) : now;
  const ready: ExternalSecretCondition = { type: 'Ready', ...change, lastTransitionTime };
  return [...(conditions ?? []).filter((condition) => condition.type !== 'Ready'), ready];
}
