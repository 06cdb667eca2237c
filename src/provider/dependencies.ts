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

  record(dependency: Dependency): void {
    this.#byObject.set(dependencyKey(dependency), dependency);
  }

  get(object: ObjectIdentity): Dependency | undefined {
    return this.#byObject.get(dependencyKey(object));
  }

  list(): readonly Dependency[] {
    return [...this.#byObject.values()];
  }
}

/** Two identities have the same key exactly when they name the same object. */
export function dependencyKey({ kind, namespace, name }: ObjectIdentity): string {
  return `${kind}/${namespace}/${name}`;
}
