/** What makes stores be checked: their own edits, PushSecrets that need them, and what they were opened with. */
import type { PushSecret } from '../../api/pushsecret.ts';
import { storeRefKind } from '../../api/refs.ts';
import type { AnySecretStore } from '../../api/secretstore.ts';
import type { StoreIdentity } from '../../provider/context.ts';
import { enqueue } from '../../runtime/enqueue.ts';
import type { EventHandler } from '../../runtime/informer.ts';
import { joinKey, keyOf } from '../../runtime/key.ts';
import { isEdited } from '../../runtime/predicate.ts';
import type { RateLimiterOptions } from '../../runtime/ratelimiter.ts';
import type { WorkQueue } from '../../runtime/workqueue.ts';

/** Everybody who uses a store waits for it: one that fails is tried again sooner than an object would be. */
export const storeRetries: RateLimiterOptions = { baseMs: 1_000, maxMs: 30_000, jitter: 0.2 };

type StoreQueue = Pick<WorkQueue, 'add'>;

export function storeHandler(queue: StoreQueue): EventHandler<AnySecretStore> {
  return enqueue(queue, { keysOf: (store) => [keyOf(store)], isRelevant: isEdited });
}

/** `spec.deletionPolicy` of PushSecrets decides about the finalizer of stores. */
export function pushSecretHandler(queue: StoreQueue, kind: StoreIdentity['kind']): EventHandler<PushSecret> {
  return enqueue(queue, {
    keysOf: ({ metadata, spec, status }) => {
      const scope = kind === 'SecretStore' ? metadata.namespace : undefined;
      const named = (spec?.secretStoreRefs ?? []).filter(
        (reference) => storeRefKind(reference) === kind && reference.name,
      );
      const synced = Object.keys(status?.syncedPushSecrets ?? {}).filter((store) => store.startsWith(`${kind}/`));
      const names = [...named.map(({ name = '' }) => name), ...synced.map((store) => store.slice(kind.length + 1))];
      return new Set(names.map((name) => joinKey(scope, name)));
    },
  });
}

/** The stores that are worth another look, after something that they were opened with has changed. */
export function recheck(
  queues: Readonly<Record<StoreIdentity['kind'], StoreQueue>>,
  stores: readonly StoreIdentity[],
): void {
  for (const { kind, namespace, name } of stores) queues[kind].add(joinKey(namespace, name), 'urgent');
}
