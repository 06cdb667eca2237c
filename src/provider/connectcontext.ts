/** Puts together what a provider is given to open a client. */
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import { apiCaller, type CallMetrics } from './apicaller.ts';
import type { RateBudget } from './budget.ts';
import type { ConnectContext, ProviderSettings, ScopedObjects, SessionCache, StoreIdentity } from './context.ts';
import type { RetrySettings } from './retrysettings.ts';

/** What all clients of the process share. */
export interface ConnectServices {
  readonly settings: ProviderSettings;
  readonly sessions: SessionCache;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: CallMetrics;
  /** How long one attempt of one remote call may take. Default 15 s. */
  readonly attemptTimeoutMs?: number;
}

export interface ConnectContextOptions {
  readonly services: ConnectServices;
  readonly store: StoreIdentity;
  readonly objects: ScopedObjects;
  readonly budget: RateBudget;
  readonly retry: RetrySettings;
  readonly signal: AbortSignal;
}

export function connectContext(options: ConnectContextOptions): ConnectContext {
  const { services, store, objects, budget, retry, signal } = options;
  const { settings, sessions, clock, log, metrics, attemptTimeoutMs } = services;
  const timeout = attemptTimeoutMs === undefined ? {} : { attemptTimeoutMs };
  return {
    store,
    objects,
    settings,
    clock,
    log: log.child({ store: store.name, storeKind: store.kind, storeNamespace: store.namespace }),
    signal,
    sessions,
    calls: (backend, toProviderError) =>
      apiCaller({ backend, toProviderError, budget, retry, clock, metrics, ...timeout }),
  };
}
