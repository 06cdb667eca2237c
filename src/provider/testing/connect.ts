/** Opens clients in tests the way the pool does, with real time and short patience. */
import { realClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import type { CallObservation } from '../apicaller.ts';
import { RateBudget } from '../budget.ts';
import { connectContext } from '../connectcontext.ts';
import type { ConnectContext, StoreIdentity } from '../context.ts';
import { parseSpec } from '../parsespec.ts';
import type { Provider, SecretsClient } from '../provider.ts';
import type { RetrySettings } from '../retrysettings.ts';
import { scopeOf } from '../scope.ts';
import { ScopedLookups } from '../scopedobjects.ts';
import { SessionPool } from '../sessioncache.ts';
import { MemoryObjects } from './memoryobjects.ts';

export interface TestConnectOptions {
  /** Merged over a SecretStore named `test-store` in namespace `test`. */
  readonly store?: Partial<StoreIdentity>;
  /** The namespace of the object that is being synced; matters to a ClusterSecretStore. Default `test`. */
  readonly referent?: string | undefined;
  /** The cluster's objects; default: none. */
  readonly objects?: MemoryObjects;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Default: no retries. */
  readonly retry?: RetrySettings;
  /** Default 10 s. */
  readonly attemptTimeoutMs?: number;
  /** Shared between clients when given, as in the operator. */
  readonly sessions?: SessionPool;
}

/** The context of one connect, and what it saw. */
export interface TestContext {
  readonly context: ConnectContext;
  readonly lookups: ScopedLookups;
  readonly sessions: SessionPool;
  /** Every attempt of every remote call. */
  readonly calls: CallObservation[];
}

export const testStore: StoreIdentity = {
  kind: 'SecretStore',
  name: 'test-store',
  namespace: 'test',
  uid: '7e57ab1e-0000-4000-8000-000000000000',
  generation: 1,
};

export function testContext(options: TestConnectOptions = {}): TestContext {
  const { objects = new MemoryObjects(), environment = {} } = options;
  const referent = 'referent' in options ? options.referent : 'test';
  const store = { ...testStore, ...options.store };
  const signal = new AbortController().signal;
  const calls: CallObservation[] = [];
  const sessions = options.sessions ?? new SessionPool({ clock: realClock, log: silentLogger });
  const lookups = new ScopedLookups({ scope: scopeOf(store, referent), reader: objects, signal });
  const context = connectContext({
    services: {
      settings: { environment, userAgent: 'external-secrets-tests' },
      sessions,
      clock: realClock,
      log: silentLogger,
      metrics: { observeCall: (observation) => void calls.push(observation), observeFailure() {} },
      attemptTimeoutMs: options.attemptTimeoutMs ?? 10_000,
    },
    store,
    objects: lookups,
    budget: new RateBudget({ clock: realClock }),
    retry: options.retry ?? { maxRetries: 0, retryIntervalMs: 1 },
    signal,
  });
  return { context, lookups, sessions, calls };
}

/** Parses the spec by the provider's own schema, so that defaults apply, and connects. */
export async function connectForTest(
  provider: Provider,
  spec: unknown,
  options: TestConnectOptions = {},
): Promise<TestContext & { readonly client: SecretsClient }> {
  const test = testContext(options);
  const client = await provider.connect(parseSpec(provider, spec), test.context);
  test.lookups.connected();
  return { ...test, client };
}
