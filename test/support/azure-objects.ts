/** The objects of one kind in a vault: named, versioned, listed in pages, deleted softly. */
import { randomBytes } from 'node:crypto';
import { type AzureCall, AzureFault } from './azure-wire.ts';

export interface Attributes {
  readonly enabled?: boolean;
  /** Seconds since the epoch, as `exp`. */
  readonly nbf?: number;
  readonly exp?: number;
}

export type Tags = Readonly<Record<string, string>>;

export interface ObjectSeed {
  readonly attributes?: Attributes | undefined;
  readonly tags?: Tags | undefined;
}

export interface ObjectVersion<T> {
  readonly name: string;
  readonly version: string;
  readonly content: T;
  readonly attributes: Attributes & { readonly created: number; readonly updated: number };
  readonly tags: Tags | undefined;
}

export interface ObjectsOptions {
  /** The path's first segment, such as `secrets`. */
  readonly collection: string;
  /** As errors call it, such as `Secret`. */
  readonly noun: string;
  readonly now: () => number;
}

const maxPageSize = 25;

export class VaultObjects<T> {
  readonly #options: ObjectsOptions;
  readonly #live = new Map<string, ObjectVersion<T>[]>();
  readonly #deleted = new Map<string, ObjectVersion<T>[]>();

  constructor(options: ObjectsOptions) {
    this.#options = options;
  }

  /** Adds a version, which becomes the current one. */
  add(name: string, content: T, { attributes, tags }: ObjectSeed): ObjectVersion<T> {
    this.#judgeName(name);
    this.#judgeTags(tags);
    if (this.#deleted.has(name)) throw this.#isDeleted(name);
    const nowSeconds = Math.floor(this.#options.now() / 1_000);
    const times = { created: nowSeconds, updated: nowSeconds };
    const version = {
      name,
      version: randomBytes(16).toString('hex'),
      content,
      attributes: { enabled: true, ...attributes, ...times },
      tags,
    };
    this.#live.set(name, [...(this.#live.get(name) ?? []), version]);
    return version;
  }

  /** The version, or the current one. */
  get(name: string, version?: string): ObjectVersion<T> {
    this.#judgeName(name);
    const versions = this.#live.get(name);
    const found = version === undefined ? versions?.at(-1) : versions?.find((one) => one.version === version);
    if (found === undefined) throw this.#notFound(version === undefined ? name : `${name}/${version}`);
    return found;
  }

  peek(name: string): ObjectVersion<T> | undefined {
    return this.#live.get(name)?.at(-1);
  }

  versions(name: string): readonly ObjectVersion<T>[] {
    this.get(name);
    return this.#live.get(name) ?? [];
  }

  current(): readonly ObjectVersion<T>[] {
    return Array.from(this.#live.values(), (versions) => versions.at(-1)).filter((version) => version !== undefined);
  }

  update(name: string, change: (version: ObjectVersion<T>) => ObjectVersion<T>): void {
    const versions = this.#live.get(name) ?? [];
    this.#live.set(name, versions.map(change));
  }

  /** Deletes softly: the name stays taken until it is purged. */
  remove(name: string): ObjectVersion<T> {
    const current = this.get(name);
    this.#deleted.set(name, this.#live.get(name) ?? []);
    this.#live.delete(name);
    return current;
  }

  deleted(name: string): ObjectVersion<T> {
    const version = this.#deleted.get(name)?.at(-1);
    if (version === undefined) throw this.#notFound(name);
    return version;
  }

  recover(name: string): ObjectVersion<T> {
    const current = this.deleted(name);
    this.#live.set(name, this.#deleted.get(name) ?? []);
    this.#deleted.delete(name);
    return current;
  }

  /** What the service says about a deleted object, beside the object itself. */
  deletion(name: string, base: string): object {
    const nowSeconds = Math.floor(this.#options.now() / 1_000);
    return {
      recoveryId: `${base}/deleted${this.#options.collection}/${name}`,
      deletedDate: nowSeconds,
      scheduledPurgeDate: nowSeconds + 90 * 86_400,
    };
  }

  #judgeName(name: string): void {
    if (/^[0-9a-zA-Z-]{1,127}$/.test(name)) return;
    const message = `The request URI contains an invalid name: ${name}`;
    throw new AzureFault(400, 'BadParameter', message);
  }

  #judgeTags(tags: Tags | undefined = {}): void {
    const entries = Object.entries(tags);
    const isFine = entries.length <= 15 && entries.every(([key, value]) => key.length <= 512 && value.length <= 256);
    if (!isFine) throw new AzureFault(400, 'BadParameter', 'The tags are too many or too long.');
  }

  #notFound(what: string): AzureFault {
    const { noun } = this.#options;
    const message = `A ${noun.toLowerCase()} with (name/id) ${what} was not found in this key vault. If you recently deleted this ${noun.toLowerCase()} you may be able to recover it using the correct recovery command.`;
    return new AzureFault(404, `${noun}NotFound`, message);
  }

  #isDeleted(name: string): AzureFault {
    const { noun } = this.#options;
    const message = `${noun} ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the ${noun.toLowerCase()} can only be recovered or purged.`;
    return new AzureFault(409, 'Conflict', message, { innerCode: 'ObjectIsDeletedButRecoverable' });
  }
}

/** One page of a list, and the link to the next. */
export function pageOf<T>({ url }: AzureCall, all: readonly T[], render: (item: T) => unknown): unknown {
  const size = Number(url.searchParams.get('maxresults') ?? maxPageSize);
  if (!(size >= 1 && size <= maxPageSize)) {
    throw new AzureFault(400, 'BadParameter', `The maxresults parameter must be between 1 and ${maxPageSize}.`);
  }
  const from = Number(url.searchParams.get('$skiptoken') ?? 0);
  const next = new URL(url);
  next.searchParams.set('$skiptoken', String(from + size));
  return {
    value: all.slice(from, from + size).map(render),
    nextLink: from + size < all.length ? next.href : null,
  };
}
