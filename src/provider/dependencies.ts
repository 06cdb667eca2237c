/** Which objects of the cluster a client was made from, and in which version. */

export type DependencyKind = 'Secret' | 'ConfigMap' | 'ServiceAccount';

export interface Dependency {
  readonly kind: DependencyKind;
  readonly namespace: string;
  readonly name: string;
  /** Undefined: the object was looked for and is not there. */
  readonly resourceVersion: string | undefined;
}

export type ObjectIdentity = Omit<Dependency, 'resourceVersion'>;

/** The last seen version of each object. */
export class Dependencies {
  readonly #byObject = new Map<string, Dependency>();
  readonly #onRecord: ((dependency: Dependency) => void) | undefined;

  /** @param onRecord told of every lookup as it happens */
  constructor(onRecord?: (dependency: Dependency) => void) {
    this.#onRecord = onRecord;
  }

  record(dependency: Dependency): void {
    this.#byObject.set(dependencyKey(dependency), dependency);
    this.#onRecord?.(dependency);
  }

  has(object: ObjectIdentity): boolean {
    return this.#byObject.has(dependencyKey(object));
  }

  /** Whether the object was looked for, and in another version than this one. */
  isOutdatedBy(object: ObjectIdentity, resourceVersion: string | undefined): boolean {
    const known = this.#byObject.get(dependencyKey(object));
    return known !== undefined && known.resourceVersion !== resourceVersion;
  }

  list(): readonly Dependency[] {
    return [...this.#byObject.values()];
  }
}

/** Two identities have the same key exactly when they name the same object. */
export function dependencyKey({ kind, namespace, name }: ObjectIdentity): string {
  return `${kind}/${namespace}/${name}`;
}
