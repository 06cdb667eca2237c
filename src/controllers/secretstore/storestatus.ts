/** What a check of a store came to, as condition, event and capabilities; ESO's reasons and first words. Pure. */
import type { Condition } from '../../api/conditions.ts';
import { findCondition } from '../../api/conditions.ts';
import type { SecretStoreStatus } from '../../api/secretstore.ts';
import type { Capabilities } from '../../provider/provider.ts';

export type StoreVerdict =
  | { readonly kind: 'valid'; readonly capabilities: Capabilities }
  /** The backend could not be asked in a way that proves anything; dependents may try. */
  | { readonly kind: 'unknown'; readonly cause: string }
  /** No client can be made: a wrong spec, a missing credential. */
  | { readonly kind: 'noClient'; readonly cause: string }
  /** The backend refused or did not answer. */
  | { readonly kind: 'invalid'; readonly cause: string };

export interface ReadyState {
  readonly status: 'True' | 'False';
  readonly reason: 'Valid' | 'ValidationUnknown' | 'InvalidProviderConfig';
  readonly message: string;
}

export function readyStateOf(verdict: StoreVerdict): ReadyState {
  switch (verdict.kind) {
    case 'valid':
      return { status: 'True', reason: 'Valid', message: 'store validated' };
    case 'unknown':
      return {
        status: 'True',
        reason: 'ValidationUnknown',
        message: `could not determine validation status: ${verdict.cause}`,
      };
    case 'noClient':
      return { status: 'False', reason: 'InvalidProviderConfig', message: `unable to create client: ${verdict.cause}` };
    case 'invalid':
      return {
        status: 'False',
        reason: 'InvalidProviderConfig',
        message: `unable to validate store: ${verdict.cause}`,
      };
  }
}

/** The status after a check; undefined when it says what the old one says. */
export function statusAfter(
  before: SecretStoreStatus | undefined,
  verdict: StoreVerdict,
  now: string,
): SecretStoreStatus | undefined {
  const state = readyStateOf(verdict);
  const ready = findCondition(before?.conditions, 'Ready');
  const capabilities = verdict.kind === 'valid' ? verdict.capabilities : before?.capabilities;
  if (ready !== undefined && isSame(ready, state) && capabilities === before?.capabilities) return undefined;
  const lastTransitionTime = ready?.status === state.status ? (ready.lastTransitionTime ?? now) : now;
  const others = (before?.conditions ?? []).filter((condition) => condition.type !== 'Ready');
  return {
    ...(capabilities !== undefined && { capabilities }),
    conditions: [...others, { type: 'Ready', ...state, lastTransitionTime }],
  };
}

function isSame(condition: Condition, state: ReadyState): boolean {
  return condition.status === state.status && condition.reason === state.reason && condition.message === state.message;
}
