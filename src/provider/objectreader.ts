/** What the store side needs from the cluster: four lookups, each in a namespace that is already judged. */
import type { SecretObject, ServiceAccountObject, ServiceAccountToken } from './context.ts';

/** An object's content with the version it was read in. */
export interface Versioned<T> {
  readonly resourceVersion: string;
  readonly object: T;
}

export interface ConfigMapObject {
  readonly data: ReadonlyMap<string, string>;
}

export interface QualifiedName {
  readonly namespace: string;
  readonly name: string;
}

export interface TokenOptions {
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
}

/**
 * Reads are as fresh as the API server. Each answers undefined when the object does not exist and rejects, as
 * `KubeClient` does, with `ApiError`, `ConnectionError` or the signal's reason.
 */
export interface ObjectReader {
  getSecret(name: QualifiedName, signal: AbortSignal): Promise<Versioned<SecretObject> | undefined>;
  getConfigMap(name: QualifiedName, signal: AbortSignal): Promise<Versioned<ConfigMapObject> | undefined>;
  getServiceAccount(name: QualifiedName, signal: AbortSignal): Promise<Versioned<ServiceAccountObject> | undefined>;
  /** A token of the ServiceAccount; undefined when the ServiceAccount does not exist. */
  createToken(
    name: QualifiedName,
    options: TokenOptions,
    signal: AbortSignal,
  ): Promise<ServiceAccountToken | undefined>;
}
