/** Gives new namespaces what every namespace has, and empties those that are being deleted. */

import { joinKey } from '../../runtime/key.ts';
import type { Change } from '../history.ts';
import type { ServedKind } from '../kinds/served.ts';
import type { ApiObject } from '../object.ts';
import type { StorageName } from '../storage.ts';
import type { ApiContext, WriteOptions } from '../verbs/context.ts';
import { create } from '../verbs/create.ts';
import { remove } from '../verbs/delete.ts';
import type { Tasks } from './tasks.ts';

const writeOptions: WriteOptions = {
  fieldManager: 'kube-controller-manager',
  dryRun: false,
  fieldValidation: 'Ignore',
  warn: () => undefined,
};

export interface NamespaceLifecycleOptions {
  readonly context: ApiContext;
  readonly tasks: Tasks;
  /** PEM; what pods verify the API server with. */
  readonly caCertificate: string;
}

export function followNamespaces(options: NamespaceLifecycleOptions): void {
  const lifecycle = new NamespaceLifecycle(options);
  options.context.storage.listen((storage, change) => lifecycle.see(storage, change));
}

class NamespaceLifecycle {
  readonly #options: NamespaceLifecycleOptions;

  constructor(options: NamespaceLifecycleOptions) {
    this.#options = options;
  }

  see({ group, plural }: StorageName, { type, object }: Change): void {
    const { tasks } = this.#options;
    const { name = '', namespace, deletionTimestamp } = object.metadata;
    const isNamespace = group === '' && plural === 'namespaces';
    if (isNamespace && type === 'added') tasks.add(() => this.#furnish(name));
    if (isNamespace && type !== 'deleted' && deletionTimestamp !== undefined) tasks.add(() => this.#empty(name));
    if (type === 'deleted' && namespace !== undefined) tasks.add(() => this.#finish(namespace));
  }

  #furnish(namespace: string): void {
    const data = { 'ca.crt': this.#options.caCertificate };
    this.#ensure(namespace, 'serviceaccounts', 'default', {});
    this.#ensure(namespace, 'configmaps', 'kube-root-ca.crt', { data });
  }

  #ensure(namespace: string, plural: string, name: string, content: object): void {
    const { context } = this.#options;
    const kind = context.catalog.find('', 'v1', plural);
    if (kind === undefined || this.#isGoing(namespace) || kind.objects.get(joinKey(namespace, name))) return;
    create(context, { kind, namespace }, { metadata: { name }, ...content }, writeOptions);
  }

  #empty(namespace: string): void {
    for (const [kind, object] of this.#contents(namespace)) {
      const { name = '', deletionTimestamp } = object.metadata;
      if (deletionTimestamp === undefined) remove(this.#options.context, { kind, namespace, name }, { dryRun: false });
    }
    this.#finish(namespace);
  }

  /** The last object of a namespace that is being deleted takes it along. */
  #finish(namespace: string): void {
    if (this.#isGoing(namespace) && this.#contents(namespace).next().done === true) this.#namespaces?.remove(namespace);
  }

  /** Gone is going, too. */
  #isGoing(namespace: string): boolean {
    const object = this.#namespaces?.get(namespace);
    return object === undefined || object.metadata.deletionTimestamp !== undefined;
  }

  get #namespaces(): ServedKind['objects'] | undefined {
    return this.#options.context.catalog.find('', 'v1', 'namespaces')?.objects;
  }

  *#contents(namespace: string): Generator<readonly [ServedKind, ApiObject]> {
    for (const kind of this.#options.context.catalog.kinds()) {
      if (!kind.namespaced) continue;
      for (const object of kind.objects.values()) if (object.metadata.namespace === namespace) yield [kind, object];
    }
  }
}
