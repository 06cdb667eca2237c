/** What a provider is given to open a client: identity, scoped lookups, a metered way to call the backend. */
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { ProviderError } from './errors.ts';

export interface StoreIdentity {
  readonly kind: 'SecretStore' | 'ClusterSecretStore';
  readonly name: string;
  /** Absent for a ClusterSecretStore. */
  readonly namespace?: string;
  readonly uid: string;
  readonly generation: number;
}

export interface ConnectContext {
  readonly store: StoreIdentity;
  readonly objects: ScopedObjects;
  readonly settings: ProviderSettings;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborts when nobody waits for the connect any more; later, when the client is closed. */
  readonly signal: AbortSignal;
  /**
   * Makes the function through which every remote call of this client goes. It waits for the store's rate budget,
   * applies the store's `retrySettings` and a timeout, slows the store on `throttled`, and counts the call.
   * @param backend the metric label, such as `AWS/SecretsManager`
   * @param toProviderError maps whatever the SDK throws to one of the six kinds; pure
   */
  calls(backend: string, toProviderError: (cause: unknown) => ProviderError): ApiCaller;
  /** Tokens and sessions shared by all clients with the same full identity; see `SessionCache`. */
  readonly sessions: SessionCache;
}

/**
 * Runs one remote call.
 * @param call the metric label, such as `GetSecretValue`
 * @throws ProviderError, or the signal's reason when aborted
 */
export type ApiCaller = <T>(call: string, run: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) => Promise<T>;

/** Values with an end of life, made once per key however many ask at the same time, renewed before they expire. */
export interface SessionCache {
  /**
   * @param key the full identity: everything that the value depends on
   * @param create makes the value and says when it ends (epoch milliseconds; undefined: when the process does)
   */
  get<T>(key: string, create: CreateSession<T>, signal: AbortSignal): Promise<T>;
  /**
   * Drops a value that the backend no longer takes.
   * @param value only if the cache still holds this one: whoever is late must not drop the successor
   */
  drop(key: string, value?: unknown): void;
}

/**
 * @param previous the value that is to be replaced, when there still is one: whoever can prolong it answers it again with
 * a later end, and it is not given back then
 */
export type CreateSession<T> = (signal: AbortSignal, previous: T | undefined) => Promise<Session<T>>;

export interface Session<T> {
  readonly value: T;
  readonly expiresAtMs?: number;
  /** Gives the value back (revokes a token) when it is dropped, replaced or at shutdown. */
  readonly release?: (value: T) => Promise<void>;
}

/**
 * The only way from a store to objects in the cluster, and the wall between namespaces: a SecretStore reaches its own
 * namespace alone (a selector naming another one is `invalid`); a ClusterSecretStore reaches the namespace its selector
 * names or, when it names none, the namespace of the object that is being synced (ESO's referent authentication).
 * Every lookup is remembered, so that a change of the object replaces the client. What depends on the namespace must be
 * looked up while connecting: a client that did not ask for it then is shared by all namespaces.
 */
export interface ScopedObjects {
  /** The namespace of unqualified selectors; undefined while a referent ClusterSecretStore is only validated. */
  readonly namespace: string | undefined;
  /** @throws ProviderError `invalid` when the Secret or key is missing. Trailing newlines are kept. */
  secretKey(selector: SecretKeySelector): Promise<Uint8Array>;
  /** All keys of a Secret; for providers that read whole Secrets. */
  secret(selector: ObjectSelector): Promise<SecretObject>;
  configMapKey(selector: SecretKeySelector): Promise<string>;
  serviceAccount(selector: ObjectSelector): Promise<ServiceAccountObject>;
  /** A token of the ServiceAccount by the TokenRequest API. */
  serviceAccountToken(request: TokenRequest): Promise<ServiceAccountToken>;
  /** The CA bundle of a `caBundle` (base64 PEM) or `caProvider`; undefined when neither is set. */
  caBundle(source: CABundleSource): Promise<string | undefined>;
  /** Whether a selector without a namespace can be resolved now; false only in a referent ClusterSecretStore's validation. */
  canResolve(selector: ObjectSelector): boolean;
}

export interface ObjectSelector {
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
}

export interface SecretKeySelector extends ObjectSelector {
  readonly key?: string | undefined;
}

export interface SecretObject {
  readonly data: ReadonlyMap<string, Uint8Array>;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ServiceAccountObject {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface TokenRequest {
  readonly serviceAccount: ObjectSelector;
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
}

export interface ServiceAccountToken {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly expiresAtMs: number;
}

export interface CABundleSource {
  readonly caBundle?: string | undefined;
  readonly caProvider?:
    | {
        readonly type: 'Secret' | 'ConfigMap';
        readonly name: string;
        readonly key?: string | undefined;
        readonly namespace?: string | undefined;
      }
    | undefined;
}

/** Process-wide settings that come from flags and environment; read once by `src/config.ts`. */
export interface ProviderSettings {
  /** ESO's endpoint variables, such as `AWS_SECRETSMANAGER_ENDPOINT`, and what SDK default chains read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly userAgent: string;
}
