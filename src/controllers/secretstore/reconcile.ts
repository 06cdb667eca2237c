/** One check of one store: connect, validate, tell the world. */
import { ignoreMaintenanceChecksAnnotation } from '../../api/constants.ts';
import { type AnySecretStore, providerOf } from '../../api/secretstore.ts';
import { isNotFound } from '../../kube/errors.ts';
import { durationMsOr } from '../../lib/duration.ts';
import { timestamp } from '../../lib/timestamp.ts';
import type { Provider } from '../../provider/provider.ts';
import type { ReconcileContext } from '../../runtime/controller.ts';
import { toError } from '../../runtime/errors.ts';
import { awaitChange, type Result, requeueAfter } from '../../runtime/result.ts';
import { conditionMessage } from '../conditionmessage.ts';
import type { StoreDeps } from './deps.ts';
import { isOfClass } from './directory.ts';
import { settleFinalizer } from './finalizer.ts';
import { storeIdentityOf } from './storeidentity.ts';
import { readyStateOf, type StoreVerdict, statusAfter } from './storestatus.ts';

export async function reconcileStore(deps: StoreDeps, key: string, context: ReconcileContext): Promise<Result> {
  const store = deps.lister.get(key);
  if (store === undefined) return forget(deps, key);
  if (!isOfClass(store, deps.controllerClass)) return awaitChange();
  await settleFinalizer(deps, store, context.signal);
  if (store.metadata.deletionTimestamp !== undefined) return awaitChange();
  const startedAt = deps.clock.monotonic();
  const verdict = await check(deps, store, context.signal);
  await publish(deps, store, verdict, context.signal);
  deps.metrics.reconciled(store, readyStateOf(verdict).status, deps.clock.monotonic() - startedAt);
  noteGeneration(deps, key, store, verdict);
  return resultOf(deps, store, verdict);
}

function forget(deps: StoreDeps, key: string): Result {
  deps.clients.forget(deps.kind, key);
  deps.metrics.forget(key);
  deps.validGenerations.delete(key);
  return awaitChange();
}

/** A new spec that works is news to who reads through it; that the store works at all is told by its condition. */
function noteGeneration(deps: StoreDeps, key: string, store: AnySecretStore, verdict: StoreVerdict): void {
  if (readyStateOf(verdict).status !== 'True') return;
  const { generation = 0 } = store.metadata;
  const before = deps.validGenerations.get(key);
  deps.validGenerations.set(key, generation);
  if (before !== undefined && before !== generation) deps.revalidated(store);
}

/** Everything that can be wrong with a store becomes a verdict; only an abort is thrown. */
async function check(deps: StoreDeps, store: AnySecretStore, signal: AbortSignal): Promise<StoreVerdict> {
  const named = providerOf(store);
  if (named === undefined) return { kind: 'noClient', cause: 'spec.provider must name exactly one provider' };
  const load = deps.providers.get(named.name);
  if (load === undefined) {
    return { kind: 'noClient', cause: `provider "${named.name}" is not supported by this operator yet` };
  }
  const provider = await load();
  warnOfMaintenance(deps, store, named.name, provider);
  const { errors } = provider.validate(named.spec, storeIdentityOf(store));
  if (errors.length > 0) return { kind: 'noClient', cause: errors.join('; ') };
  return validate(deps, store, provider, signal);
}

async function validate(
  deps: StoreDeps,
  store: AnySecretStore,
  provider: Provider,
  signal: AbortSignal,
): Promise<StoreVerdict> {
  let stage: 'noClient' | 'invalid' = 'noClient';
  try {
    using lease = await deps.clients.acquire(store, store.metadata.namespace, signal);
    stage = 'invalid';
    const result = await lease.client.validate(signal);
    return result === 'unknown' && store.metadata.namespace !== undefined
      ? { kind: 'unknown', cause: 'the backend gives no way to check the credentials' }
      : { kind: 'valid', capabilities: provider.capabilities };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: stage, cause: conditionMessage(toError(error).message) };
  }
}

/** One PATCH when something changed; an event when the state did, not at every check as ESO does. */
async function publish(
  deps: StoreDeps,
  store: AnySecretStore,
  verdict: StoreVerdict,
  signal: AbortSignal,
): Promise<void> {
  const now = timestamp(deps.clock.now());
  const status = statusAfter(store.status, verdict, now);
  if (status === undefined) return;
  const { reason, message } = readyStateOf(verdict);
  if (verdict.kind === 'valid') deps.recorder.normal(store, reason, message);
  else deps.recorder.warning(store, reason, message);
  const { namespace, name, uid } = store.metadata;
  const target = { ...(namespace !== undefined && { namespace }), name, uid };
  try {
    await deps.kube.setStatus(deps.resource, target, status, { signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function resultOf(deps: StoreDeps, store: AnySecretStore, verdict: StoreVerdict): Result {
  if (verdict.kind === 'valid' || verdict.kind === 'unknown') return requeueAfter(checkIntervalMs(deps, store));
  throw new StoreNotReady(verdict.cause);
}

/** The store's condition says why already; the queue backs off. */
export class StoreNotReady extends Error {
  override readonly name = 'StoreNotReady';
}

/** `spec.refreshInterval` in seconds or as a duration; zero or nothing means the operator's default, as in ESO. */
function checkIntervalMs(deps: StoreDeps, store: AnySecretStore): number {
  const value = store.spec?.refreshInterval;
  const intervalMs = typeof value === 'number' ? value * 1000 : secondsOrDuration(value ?? '');
  return intervalMs > 0 ? intervalMs : deps.requeueIntervalMs;
}

function secondsOrDuration(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : durationMsOr(text, 0);
}

function warnOfMaintenance(deps: StoreDeps, store: AnySecretStore, name: string, provider: Provider): void {
  if (provider.maintenance === 'Maintained') return;
  if (store.metadata.annotations?.[ignoreMaintenanceChecksAnnotation] !== undefined) return;
  if (provider.maintenance === 'Deprecated') {
    deps.recorder.warning(store, 'StoreDeprecated', `provider "${name}" is deprecated`);
  } else {
    deps.recorder.warning(store, 'StoreUnmaintained', `provider "${name}" is not maintained for production use`);
  }
}
