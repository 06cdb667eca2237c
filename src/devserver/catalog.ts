/** All kinds that are served at this moment: the built-in ones and those of the definitions that are stored. */
import { apiVersionOf } from '../api/resource.ts';
import { builtInKinds } from './kinds/builtins.ts';
import { customKinds } from './kinds/custom.ts';
import type { ServedKind } from './kinds/served.ts';
import type { ApiObject } from './object.ts';
import type { Storage, StorageName } from './storage.ts';

export class Catalog {
  readonly #storage: Storage;
  readonly #builtIn: readonly ServedKind[];
  #kinds: readonly ServedKind[];
  /** By the definition's name. */
  readonly #custom = new Map<string, readonly ServedKind[]>();
  #revision = 0;

  constructor(storage: Storage) {
    this.#storage = storage;
    this.#builtIn = builtInKinds(storage);
    this.#kinds = this.#builtIn;
  }

  /** Grows whenever the kinds change: what is computed from them is valid as long as it stays. */
  get revision(): number {
    return this.#revision;
  }

  kinds(): readonly ServedKind[] {
    return this.#kinds;
  }

  find(group: string, version: string, plural: string): ServedKind | undefined {
    return this.#kinds.find((kind) => kind.plural === plural && kind.group === group && kind.version === version);
  }

  /** In any version. */
  findByKind(apiVersion: string, name: string): ServedKind | undefined {
    const group = groupOf(apiVersion);
    return this.#kinds.find((kind) => kind.kind === name && kind.group === group);
  }

  /** In exactly this version. */
  findByVersion(apiVersion: string, name: string): ServedKind | undefined {
    return this.#kinds.find((kind) => kind.kind === name && apiVersionOf(kind) === apiVersion);
  }

  /** In any version. */
  findByPlural({ group, plural }: StorageName): ServedKind | undefined {
    return this.#kinds.find((kind) => kind.plural === plural && kind.group === group);
  }

  serve(definition: ApiObject): void {
    this.#custom.set(definition.metadata.name ?? '', customKinds(definition, this.#storage));
    this.#refresh();
  }

  withdraw(definition: ApiObject): void {
    this.#custom.delete(definition.metadata.name ?? '');
    this.#refresh();
  }

  #refresh(): void {
    this.#kinds = [...this.#builtIn, ...[...this.#custom.values()].flat()];
    this.#revision += 1;
  }
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? '' : apiVersion.slice(0, slash);
}
