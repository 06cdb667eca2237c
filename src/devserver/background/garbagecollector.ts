/** Deletes objects whose owners are all gone. Foreground deletion is not built: it deletes as background does. */
import type { OwnerReference } from '../../api/object.ts';
import { joinKey } from '../../runtime/key.ts';
import type { Change } from '../history.ts';
import type { ServedKind } from '../kinds/served.ts';
import { type ApiObject, withMeta } from '../object.ts';
import type { StorageName } from '../storage.ts';
import type { ApiContext } from '../verbs/context.ts';
import { remove } from '../verbs/delete.ts';
import type { Tasks } from './tasks.ts';

interface Dependent {
  readonly storage: StorageName;
  readonly key: string;
}

const orphanFinalizer = 'orphan';

export function collectGarbage(context: ApiContext, tasks: Tasks): void {
  const collector = new GarbageCollector(context, tasks);
  context.storage.listen((storage, change) => collector.see(storage, change));
}

class GarbageCollector {
  readonly #context: ApiContext;
  readonly #tasks: Tasks;
  /** By the owner's uid, then by what identifies the dependent. */
  readonly #dependents = new Map<string, Map<string, Dependent>>();

  constructor(context: ApiContext, tasks: Tasks) {
    this.#context = context;
    this.#tasks = tasks;
  }

  see(storage: StorageName, { type, key, object, previous }: Change): void {
    const dependent = { storage, key };
    for (const { uid } of ownersOf(previous)) this.#unlink(uid, dependent);
    if (type === 'deleted') return this.#forget(object.metadata.uid ?? '');
    for (const { uid } of ownersOf(object)) this.#dependentsOf(uid).set(idOf(dependent), dependent);
    if (object.metadata.ownerReferences !== previous?.metadata.ownerReferences)
      this.#tasks.add(() => this.#check(dependent));
    if (isOrphaning(object)) this.#tasks.add(() => this.#orphan(dependent));
  }

  #unlink(uid: string, dependent: Dependent): void {
    const dependents = this.#dependents.get(uid);
    dependents?.delete(idOf(dependent));
    if (dependents?.size === 0) this.#dependents.delete(uid);
  }

  #dependentsOf(uid: string): Map<string, Dependent> {
    const dependents = this.#dependents.get(uid) ?? new Map<string, Dependent>();
    this.#dependents.set(uid, dependents);
    return dependents;
  }

  /** The owner is gone: whoever depends on it is looked at. */
  #forget(uid: string): void {
    const dependents = this.#dependents.get(uid)?.values() ?? [];
    this.#dependents.delete(uid);
    for (const dependent of dependents) this.#tasks.add(() => this.#check(dependent));
  }

  #check({ storage, key }: Dependent): void {
    const kind = this.#context.catalog.findByPlural(storage);
    const object = kind?.objects.get(key);
    const owners = ownersOf(object);
    if (kind === undefined || object === undefined || owners.length === 0) return;
    const present = owners.filter((owner) => this.#exists(owner, object.metadata.namespace));
    if (present.length === owners.length) return;
    if (present.length > 0) kind.objects.put(withMeta(object, { ownerReferences: present }));
    else this.#delete(kind, object);
  }

  #delete(kind: ServedKind, { metadata: { namespace, name = '' } }: ApiObject): void {
    remove(this.#context, { kind, namespace, name }, { dryRun: false });
  }

  /** An owner is in the namespace of its dependent or in none; a kind that is not served cannot be judged. */
  #exists({ apiVersion, kind: name, name: ownerName, uid }: OwnerReference, namespace: string | undefined): boolean {
    const kind = this.#context.catalog.findByKind(apiVersion, name);
    if (kind === undefined) return true;
    const owner = kind.objects.get(joinKey(kind.namespaced ? namespace : undefined, ownerName));
    return owner?.metadata.uid === uid;
  }

  /** The owner goes, its dependents stay. */
  #orphan({ storage, key }: Dependent): void {
    const kind = this.#context.catalog.findByPlural(storage);
    const owner = kind?.objects.get(key);
    if (kind === undefined || owner === undefined || !isOrphaning(owner)) return;
    for (const dependent of this.#dependents.get(owner.metadata.uid ?? '')?.values() ?? [])
      this.#release(dependent, owner);
    const finalizers = owner.metadata.finalizers?.filter((finalizer) => finalizer !== orphanFinalizer);
    if (finalizers === undefined || finalizers.length === 0) kind.objects.remove(key);
    else kind.objects.put(withMeta(owner, { finalizers }));
  }

  #release({ storage, key }: Dependent, owner: ApiObject): void {
    const objects = this.#context.catalog.findByPlural(storage)?.objects;
    const object = objects?.get(key);
    if (objects === undefined || object === undefined) return;
    const others = ownersOf(object).filter(({ uid }) => uid !== owner.metadata.uid);
    objects.put(withMeta(object, { ownerReferences: others.length === 0 ? undefined : others }));
  }
}

function ownersOf(object: ApiObject | undefined): readonly OwnerReference[] {
  return object?.metadata.ownerReferences ?? [];
}

function isOrphaning({ metadata }: ApiObject): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(orphanFinalizer);
}

function idOf({ storage, key }: Dependent): string {
  return `${storage.group}/${storage.plural}/${key}`;
}
