/** The contract between the controllers and a secret store's provider. */
import type { z } from 'zod';
import type { ConnectContext, StoreIdentity } from './context.ts';
import type { ProviderError } from './errors.ts';

/** Published in `status.capabilities` of a store. */
export type Capabilities = 'ReadOnly' | 'WriteOnly' | 'ReadWrite';

/** How well the provider is looked after; anything but `Maintained` makes stores warn, as ESO's do. */
export type Maintenance = 'Maintained' | 'NotMaintained' | 'Deprecated';

/** Key to value, in the order the backend gave. Values are bytes and are never altered on the way. */
export type SecretMap = Map<string, Uint8Array>;

/**
 * A provider is one folder under `src/providers` whose `index.ts` exports one value of this type, named `provider`.
 * The module must stay cheap to import: SDKs are imported inside `connect`.
 */
export interface Provider<Spec = unknown> {
  /** The key under `spec.provider` of a store. */
  readonly name: string;
  /** The schema of the value under that key; the CRDs are generated from it. */
  readonly Spec: z.ZodType<Spec>;
  readonly capabilities: Capabilities;
  readonly maintenance: Maintenance;
  /** Judges a spec without any I/O: used by admission and by the store controller before it connects. */
  validate(spec: Spec, store: StoreIdentity): SpecVerdict;
  /**
   * Opens a client for one store. Everything that the client needs from the cluster is read through
   * `context.objects`, so that the pool knows what the client depends on.
   * @throws ProviderError `invalid` when a referenced object or key is missing, `denied`, `unavailable`, `timeout`.
   */
  connect(spec: Spec, context: ConnectContext): Promise<SecretsClient>;
}

export interface SpecVerdict {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** Names one remote secret. Properties are picked from what was read, so they are not part of it. */
export interface RemoteRef {
  readonly key: string;
  readonly version?: string;
  /** `Fetch` asks for the secret's metadata (tags, labels) instead of its value. */
  readonly metadataPolicy?: 'None' | 'Fetch';
}

/** What one remote read answered. Its two methods are pure: they pick from the answer, they never read again. */
export interface RemoteSecret {
  /** The provider's own id of the version that was read, when it has one. */
  readonly version?: string;
  /** Present when the value is leased (dynamic credentials). */
  readonly lease?: Lease;
  /** About how much memory the answer takes; absent: the size of the whole value. */
  readonly sizeBytes?: number;
  /**
   * The value of one `data` entry.
   * @throws ProviderError `notFound` or `invalid`, as the provider's ESO counterpart does for a missing property.
   */
  value(property: string | undefined): Uint8Array;
  /**
   * All keys of one `dataFrom[].extract` entry.
   * @throws ProviderError `invalid` when the value is not a map.
   */
  map(property: string | undefined): SecretMap;
}

export interface Lease {
  readonly id: string;
  readonly durationMs: number;
  readonly renewable: boolean;
}

/** One `dataFrom[].find` entry. */
export interface FindQuery {
  readonly path?: string;
  /** RE2 syntax, matched anywhere in the name. */
  readonly nameRegexp?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Only for the providers that convert keys before rewriting, as ESO's fake, kubernetes and gcpsm do. */
  readonly conversionStrategy?: 'Default' | 'Unicode';
}

/** `ready`: the credentials were proven. `unknown`: they cannot be checked now (a referent ClusterSecretStore). */
export type ValidationResult = 'ready' | 'unknown';

/**
 * An open connection to one store. Clients are shared: every method may run many times at once.
 * Every rejection is a `ProviderError`, except an abort, which rejects with the signal's reason.
 */
export interface SecretsClient {
  /** Checks as cheaply as possible that the store can be used. */
  validate(signal: AbortSignal): Promise<ValidationResult>;
  /** Two refs with the same read key are answered by one and the same remote read. */
  readKey(ref: RemoteRef): string;
  /** One remote read. */
  read(ref: RemoteRef, signal: AbortSignal): Promise<RemoteSecret>;
  /**
   * Reads several at once where the backend can do so; falls back to single reads by itself where the batch call is
   * denied. The answer holds one entry for each distinct read key.
   */
  readMany?(
    refs: readonly RemoteRef[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, RemoteSecret | ProviderError>>;
  /** False for reads that make something new each time (dynamic credentials): they are never shared or kept. */
  isShareable?(ref: RemoteRef): boolean;
  /** All secrets that match. Absent: the provider has no `find`. */
  find?(query: FindQuery, signal: AbortSignal): Promise<SecretMap>;
  /** Absent: the provider cannot be pushed to. */
  readonly writer?: SecretsWriter;
  /** Gives back what the client holds (sockets, tokens). Called once, when nothing uses the client any more. */
  close(): Promise<void>;
}

/** The writing half, used by PushSecret. */
export interface SecretsWriter {
  push(request: PushRequest, signal: AbortSignal): Promise<void>;
  delete(target: PushTarget, signal: AbortSignal): Promise<void>;
  exists(target: PushTarget, signal: AbortSignal): Promise<boolean>;
}

export interface PushTarget {
  readonly remoteKey: string;
  readonly property?: string;
}

export interface PushRequest extends PushTarget {
  /** One key's bytes, or the whole Secret when no `secretKey` was given. */
  readonly value: Uint8Array | SecretMap;
  readonly secretType?: string;
  /** Labels and annotations of the Secret that is pushed; for providers that have such things. */
  readonly source?: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  /** The `metadata` of the PushSecret entry, still unparsed. */
  readonly metadata?: unknown;
}
