/** Lookups on behalf of one store or generator: each within its scope, each remembered as a dependency. */

import { ApiError } from '../kube/errors.ts';
import { orAbort } from '../lib/abort.ts';
import { caFromBundle, caFromText } from './cabundle.ts';
import type {
  CABundleSource,
  ObjectSelector,
  ScopedObjects,
  SecretKeySelector,
  SecretObject,
  ServiceAccountObject,
  ServiceAccountToken,
  TokenRequest,
} from './context.ts';
import { Dependencies, type Dependency, type DependencyKind, dependencyKey } from './dependencies.ts';
import { ProviderError } from './errors.ts';
import type { ConfigMapObject, ObjectReader, QualifiedName, Versioned } from './objectreader.ts';
import { resolveNamespace, type Scope } from './scope.ts';

export interface ScopedLookupsOptions {
  readonly scope: Scope;
  readonly reader: ObjectReader;
  /** Ends every lookup. */
  readonly signal: AbortSignal;
  /** The client is shared by all namespaces and now wants one of them: it must be replaced. See `shareAcrossNamespaces`. */
  readonly onLateReferentUse?: () => void;
  readonly onDependency?: (dependency: Dependency) => void;
}

/** The one implementation of the wall; nothing else on the store side holds an `ObjectReader`. */
export class ScopedLookups implements ScopedObjects {
  readonly dependencies: Dependencies;
  readonly #reader: ObjectReader;
  readonly #signal: AbortSignal;
  readonly #onLateReferentUse: (() => void) | undefined;
  /** Reads under way; until `connected`, finished ones as well, so that all keys of one Secret come from one version. */
  readonly #reads = new Map<string, Promise<unknown>>();
  #scope: Scope;
  #isConnecting = true;
  #isShared = false;
  #usedReferent = false;

  constructor(options: ScopedLookupsOptions) {
    this.dependencies = new Dependencies(options.onDependency);
    this.#scope = options.scope;
    this.#reader = options.reader;
    this.#signal = options.signal;
    this.#onLateReferentUse = options.onLateReferentUse;
  }

  /** Whether anything so far depended on the namespace of the object that is being synced. */
  get usedReferent(): boolean {
    return this.#usedReferent;
  }

  get namespace(): string | undefined {
    if (this.#scope.kind === 'namespace') return this.#scope.namespace;
    this.#noteReferentUse();
    return this.#scope.referent;
  }

  /** The client is made: what was read for it is forgotten. */
  connected(): void {
    this.#isConnecting = false;
    this.#reads.clear();
  }

  /**
   * The client did not depend on the referent namespace and from now on serves all of them, so no lookup of it may
   * resolve by that namespace any more: it would use one namespace's credentials for another.
   */
  shareAcrossNamespaces(): void {
    if (this.#scope.kind === 'cluster') this.#scope = { kind: 'cluster', referent: undefined };
    this.#isShared = true;
  }

  canResolve(selector: ObjectSelector): boolean {
    const namesNone = selector.namespace === undefined || selector.namespace === '';
    return this.#scope.kind === 'namespace' || !namesNone || this.namespace !== undefined;
  }

  async secretKey(selector: SecretKeySelector): Promise<Uint8Array> {
    const secret = await this.secret(selector);
    return pickKey('Secret', selector, secret.data);
  }

  async secret(selector: ObjectSelector): Promise<SecretObject> {
    const name = this.#resolve('Secret', selector);
    return this.#read('Secret', name, () => this.#reader.getSecret(name, this.#signal));
  }

  async configMapKey(selector: SecretKeySelector): Promise<string> {
    const name = this.#resolve('ConfigMap', selector);
    const read = (): Promise<Versioned<ConfigMapObject> | undefined> => this.#reader.getConfigMap(name, this.#signal);
    const configMap = await this.#read('ConfigMap', name, read);
    return pickKey('ConfigMap', selector, configMap.data);
  }

  async serviceAccount(selector: ObjectSelector): Promise<ServiceAccountObject> {
    const name = this.#resolve('ServiceAccount', selector);
    return this.#read('ServiceAccount', name, () => this.#reader.getServiceAccount(name, this.#signal));
  }

  async serviceAccountToken(request: TokenRequest): Promise<ServiceAccountToken> {
    const name = this.#resolve('ServiceAccount', request.serviceAccount);
    // Without a look at it first, nobody would know which version of the ServiceAccount the token came from.
    await this.serviceAccount(request.serviceAccount);
    const { audiences, expirationSeconds } = request;
    const token = await this.#guard(tokenOf(name), () =>
      this.#reader.createToken(name, { audiences, expirationSeconds }, this.#signal),
    );
    return token ?? this.#missing('ServiceAccount', name);
  }

  async caBundle(source: CABundleSource): Promise<string | undefined> {
    if (source.caBundle !== undefined && source.caBundle !== '') return caFromBundle(source.caBundle);
    const { caProvider } = source;
    if (caProvider === undefined) return undefined;
    const from = `${caProvider.type} ${caProvider.name}`;
    if (caProvider.type === 'ConfigMap') return caFromText(await this.configMapKey(caProvider), from);
    return caFromText(Buffer.from(await this.secretKey(caProvider)).toString('utf8'), from);
  }

  #resolve(kind: DependencyKind, selector: ObjectSelector): QualifiedName {
    if (selector.name === undefined || selector.name === '') {
      throw new ProviderError('invalid', `a reference to a ${kind} has no name`);
    }
    const isUnqualified = selector.namespace === undefined || selector.namespace === '';
    if (isUnqualified && this.#scope.kind === 'cluster') this.#noteReferentUse();
    return { namespace: resolveNamespace(this.#scope, selector).namespace, name: selector.name };
  }

  #noteReferentUse(): void {
    if (!this.#isShared) {
      this.#usedReferent = true;
      return;
    }
    this.#onLateReferentUse?.();
    const message = 'the store turned out to need the namespace of the object that is being synced; it is opened anew';
    throw new ProviderError('unavailable', message);
  }

  async #read<T>(kind: DependencyKind, name: QualifiedName, run: () => Promise<Versioned<T> | undefined>): Promise<T> {
    const key = dependencyKey({ kind, ...name });
    // A key of this map holds the kind, and with it the type.
    const running = this.#reads.get(key) as Promise<T> | undefined;
    if (running !== undefined) return running;
    const reading = this.#fetch(kind, name, run);
    this.#reads.set(key, reading);
    const forget = (): void => {
      if (!this.#isConnecting && this.#reads.get(key) === reading) this.#reads.delete(key);
    };
    reading.then(forget, () => this.#reads.delete(key));
    return reading;
  }

  async #fetch<T>(kind: DependencyKind, name: QualifiedName, run: () => Promise<Versioned<T> | undefined>): Promise<T> {
    const found = await this.#guard(lookupOf(kind, name), run);
    if (found === undefined) return this.#missing(kind, name);
    this.dependencies.record({ kind, ...name, resourceVersion: found.resourceVersion });
    return found.object;
  }

  async #guard<T>(asked: Asked, run: () => Promise<T>): Promise<T> {
    this.#signal.throwIfAborted();
    try {
      return await orAbort(run(), this.#signal);
    } catch (error) {
      if (this.#signal.aborted) throw this.#signal.reason;
      throw errorOf(asked, error);
    }
  }

  #missing(kind: DependencyKind, name: QualifiedName): never {
    this.dependencies.record({ kind, ...name, resourceVersion: undefined });
    throw new ProviderError('invalid', `${kind} ${name.namespace}/${name.name} does not exist`);
  }
}

function pickKey<T>(kind: DependencyKind, selector: SecretKeySelector, data: ReadonlyMap<string, T>): T {
  if (selector.key === undefined || selector.key === '') {
    throw new ProviderError('invalid', `the reference to ${kind} ${selector.name} names no key`);
  }
  const value = data.get(selector.key);
  if (value === undefined) throw new ProviderError('invalid', `${kind} ${selector.name} has no key ${selector.key}`);
  return value;
}

/** What the cluster is asked for, in the words of its failure. */
interface Asked {
  /** Such as `Secret team/credentials could not be read`. */
  readonly failure: string;
  /** Verb and resource, as a role grants them. */
  readonly permission: string;
}

const permissions: Readonly<Record<DependencyKind, string>> = {
  Secret: 'get secrets',
  ConfigMap: 'get configmaps',
  ServiceAccount: 'get serviceaccounts',
};

function lookupOf(kind: DependencyKind, { namespace, name }: QualifiedName): Asked {
  return { failure: `${kind} ${namespace}/${name} could not be read`, permission: permissions[kind] };
}

function tokenOf({ namespace, name }: QualifiedName): Asked {
  const failure = `a token of ServiceAccount ${namespace}/${name} could not be had`;
  return { failure, permission: 'create serviceaccounts/token' };
}

function errorOf({ failure, permission }: Asked, cause: unknown): ProviderError {
  if (cause instanceof ProviderError) return cause;
  if (!(cause instanceof ApiError)) return new ProviderError('unavailable', failure, { cause });
  if (cause.status === 401 || cause.status === 403) {
    return new ProviderError('denied', `${failure}: the operator has no permission to ${permission}`, { cause });
  }
  const options = cause.retryAfterMs === undefined ? { cause } : { cause, retryAfterMs: cause.retryAfterMs };
  if (cause.status === 429) return new ProviderError('throttled', `${failure}: the cluster put it off`, options);
  return new ProviderError('unavailable', `${failure}: ${cause.message}`, options);
}
