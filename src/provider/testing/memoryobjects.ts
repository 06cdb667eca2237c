/** A cluster of a few objects in memory, behind the reader that stores look objects up with. */
import type { ServiceAccountToken } from '../context.ts';
import type { ConfigMapObject, ObjectReader, QualifiedName, TokenOptions, Versioned } from '../objectreader.ts';

export interface MemorySecret {
  readonly data: Readonly<Record<string, string | Uint8Array>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface MemoryServiceAccount {
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Objects by `namespace/name`. Each change of one gives it a new resourceVersion. */
export class MemoryObjects implements ObjectReader {
  /** Every lookup, as `Secret namespace/name`. */
  readonly lookups: string[] = [];
  readonly #secrets = new Map<string, Versioned<MemorySecret>>();
  readonly #configMaps = new Map<string, Versioned<ConfigMapObject>>();
  readonly #serviceAccounts = new Map<string, Versioned<MemoryServiceAccount>>();
  readonly #createToken: (name: QualifiedName, options: TokenOptions) => Promise<ServiceAccountToken>;
  #resourceVersion = 0;

  /** @param createToken default: a token that says whose it is */
  constructor(createToken: (name: QualifiedName, options: TokenOptions) => Promise<ServiceAccountToken> = namedToken) {
    this.#createToken = createToken;
  }

  /** @returns the new resourceVersion */
  putSecret(key: string, secret: MemorySecret): string {
    return this.#put(this.#secrets, key, secret);
  }

  putConfigMap(key: string, data: Readonly<Record<string, string>>): string {
    return this.#put(this.#configMaps, key, { data: new Map(Object.entries(data)) });
  }

  putServiceAccount(key: string, serviceAccount: MemoryServiceAccount = {}): string {
    return this.#put(this.#serviceAccounts, key, serviceAccount);
  }

  deleteSecret(key: string): void {
    this.#secrets.delete(key);
  }

  async getSecret(name: QualifiedName): ReturnType<ObjectReader['getSecret']> {
    const found = this.#find('Secret', this.#secrets, name);
    if (found === undefined) return undefined;
    const { data, labels = {}, annotations = {} } = found.object;
    const bytes = Object.entries(data).map(
      ([key, value]) => [key, typeof value === 'string' ? Buffer.from(value) : value] as const,
    );
    return { ...found, object: { data: new Map(bytes), labels, annotations } };
  }

  async getConfigMap(name: QualifiedName): ReturnType<ObjectReader['getConfigMap']> {
    return this.#find('ConfigMap', this.#configMaps, name);
  }

  async getServiceAccount(name: QualifiedName): ReturnType<ObjectReader['getServiceAccount']> {
    const found = this.#find('ServiceAccount', this.#serviceAccounts, name);
    if (found === undefined) return undefined;
    const object = {
      ...name,
      uid: `uid-of-${name.namespace}-${name.name}`,
      annotations: found.object.annotations ?? {},
    };
    return { ...found, object };
  }

  async createToken(name: QualifiedName, options: TokenOptions): ReturnType<ObjectReader['createToken']> {
    this.lookups.push(`Token ${name.namespace}/${name.name}`);
    return this.#serviceAccounts.has(`${name.namespace}/${name.name}`) ? this.#createToken(name, options) : undefined;
  }

  #put<T>(objects: Map<string, Versioned<T>>, key: string, object: T): string {
    this.#resourceVersion += 1;
    const resourceVersion = String(this.#resourceVersion);
    objects.set(key, { resourceVersion, object });
    return resourceVersion;
  }

  #find<T>(kind: string, objects: ReadonlyMap<string, Versioned<T>>, name: QualifiedName): Versioned<T> | undefined {
    const key = `${name.namespace}/${name.name}`;
    this.lookups.push(`${kind} ${key}`);
    return objects.get(key);
  }
}

async function namedToken(name: QualifiedName, options: TokenOptions): Promise<ServiceAccountToken> {
  const token = `token of ${name.namespace}/${name.name} for ${options.audiences.join(',')}`;
  return { token, expiresAtMs: Number.MAX_SAFE_INTEGER };
}
