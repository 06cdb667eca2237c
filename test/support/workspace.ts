/** One namespace of a world, an operator that looks at it alone, and the few things that most tests do there. */
import { expect } from 'vitest';
import type { ExternalSecret } from '../../src/api/externalsecret.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { externalSecrets, secretStores } from '../../src/api/resources.ts';
import type { SecretStore } from '../../src/api/secretstore.ts';
import { events, type Secret, secrets } from '../../src/kube/resources.ts';
import { eventually } from './eventually.ts';
import { type RunningOperator, type RunningOperatorOptions, runOperator } from './runningoperator.ts';
import type { World } from './world.ts';

/** Text, or an object that is written as JSON; by remote key. */
export type RemoteValues = Readonly<Record<string, string | object>>;

export interface StoreOptions {
  readonly name?: string;
  readonly kind?: 'SecretStore' | 'ClusterSecretStore';
  /** Members of `spec` beside the provider. */
  readonly spec?: object;
  /** Members of `spec.provider.fake` beside the data. */
  readonly fake?: object;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface EventLine {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
}

/** A garbage collector that has just started needs half a minute for new kinds. */
export const garbageTimeoutMs = 90_000;

/** An object of any kind. */
export interface Manifest extends KubeObject {
  readonly [member: string]: unknown;
}

type OperatorOptions = Omit<RunningOperatorOptions, 'namespace'>;

export class Workspace {
  readonly world: World;
  readonly namespace: string;
  #operator: RunningOperator | undefined;
  #names = 0;
  readonly #clusterScoped: { readonly kind: string; readonly name: string }[] = [];

  private constructor(world: World, namespace: string) {
    this.world = world;
    this.namespace = namespace;
  }

  /** An empty namespace; no operator runs yet. */
  static async open(world: World): Promise<Workspace> {
    return new Workspace(world, await world.createNamespace());
  }

  /** A namespace that is there already. */
  static of(world: World, namespace: string): Workspace {
    return new Workspace(world, namespace);
  }

  async start(options: OperatorOptions = {}, through: Pick<World, 'kubeconfigPath'> = this.world): Promise<void> {
    this.#operator = await runOperator(through, { ...options, namespace: this.namespace });
  }

  /** Ends it in order. */
  async stopOperator(): Promise<void> {
    await this.#operator?.stop();
    this.#operator = undefined;
  }

  async close(): Promise<void> {
    await this.stopOperator();
    for (const { kind, name } of this.#clusterScoped) {
      const path = `/apis/external-secrets.io/v1/${kind.toLowerCase()}s/${name}`;
      await this.world.raw.send(path, { method: 'DELETE' });
    }
  }

  get operator(): RunningOperator {
    if (this.#operator === undefined) throw new Error('no operator runs');
    return this.#operator;
  }

  apply(object: Manifest): Promise<void> {
    return this.world.applyObject(object, this.namespace);
  }

  /** A store of the fake provider. Applied again, it has these values and no others. */
  async applyStore(values: RemoteValues, options: StoreOptions = {}): Promise<void> {
    const data = Object.entries(values).map(([key, value]) => ({
      key,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    }));
    await this.applyStoreOf({ fake: { data, ...options.fake } }, options);
  }

  /** A store of any provider. */
  async applyStoreOf(provider: object, options: StoreOptions = {}): Promise<void> {
    const { name = 'store', kind = 'SecretStore', spec = {}, annotations = {} } = options;
    if (kind === 'ClusterSecretStore') this.#clusterScoped.push({ kind, name });
    const metadata = { name, annotations };
    await this.apply({ apiVersion: 'external-secrets.io/v1', kind, metadata, spec: { ...spec, provider } });
  }

  /** A name that nothing here has yet. */
  newName(): string {
    this.#names += 1;
    return `app-${this.#names}`;
  }

  /** Applies an ExternalSecret under a new name, waits until it is synced. @returns the data of its Secret */
  async sync(spec: object, metadata: object = {}): Promise<Readonly<Record<string, string>>> {
    const name = this.newName();
    await this.applyExternalSecret(name, spec, metadata);
    await this.ready(name);
    return this.data(name);
  }

  /** Applies one that cannot work, and checks that no Secret came of it. @returns the condition's message */
  async failure(spec: object): Promise<string> {
    const name = this.newName();
    await this.applyExternalSecret(name, spec);
    const message = await this.failed(name);
    await expect(this.secret(name)).rejects.toMatchObject({ status: 404 });
    return message;
  }

  /** Reads `store` and refreshes every hour unless the spec says otherwise. */
  async applyExternalSecret(name: string, spec: object, metadata: object = {}): Promise<void> {
    const defaults = { refreshInterval: '1h', secretStoreRef: { name: 'store' } };
    const object = { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', metadata: { name, ...metadata } };
    await this.apply({ ...object, spec: { ...defaults, ...spec } });
  }

  async applySecret(name: string, data: Readonly<Record<string, string>>, more: Partial<Secret> = {}): Promise<void> {
    const { metadata, ...rest } = more;
    await this.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name, ...metadata }, stringData: data, ...rest });
  }

  async applyConfigMap(name: string, data: Readonly<Record<string, string>>): Promise<void> {
    await this.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
  }

  externalSecret(name: string): Promise<ExternalSecret> {
    return this.world.kube.get(externalSecrets, { namespace: this.namespace, name });
  }

  store(name = 'store'): Promise<SecretStore> {
    return this.world.kube.get(secretStores, { namespace: this.namespace, name });
  }

  secret(name: string): Promise<Secret> {
    return this.world.kube.get(secrets, { namespace: this.namespace, name });
  }

  /** The decoded data of a Secret. */
  async data(name: string): Promise<Readonly<Record<string, string>>> {
    return decoded((await this.secret(name)).data);
  }

  /** Waits until the Secret holds exactly this. */
  async holds(name: string, data: Readonly<Record<string, string>>, timeoutMs?: number): Promise<void> {
    await eventually(async () => expect(await this.data(name)).toEqual(data), timeoutMs);
  }

  /** Waits until there is no such Secret. */
  async isGone(name: string): Promise<void> {
    await eventually(() => expect(this.secret(name)).rejects.toMatchObject({ status: 404 }), garbageTimeoutMs);
  }

  /** Waits until the operator has looked at so many ExternalSecrets, and has nothing to do. */
  async idle(externalSecretCount: number): Promise<void> {
    await eventually(async () => {
      expect(this.operator.readinessProblems()).toEqual([]);
      expect(await this.#sum('controller_runtime_reconcile_total', 'externalsecret')).toBeGreaterThanOrEqual(
        externalSecretCount,
      );
      expect(await this.#sum('workqueue_depth', 'externalsecret')).toBe(0);
      expect(await this.#sum('controller_runtime_active_workers', 'externalsecret')).toBe(0);
    });
  }

  /** Waits until it says so of what it is now. */
  async ready(name: string, reason = 'SecretSynced'): Promise<ExternalSecret> {
    return eventually(async () => {
      const object = await this.externalSecret(name);
      const { conditions, syncedResourceVersion = '' } = object.status ?? {};
      expect(conditions).toMatchObject([{ type: 'Ready', status: 'True', reason }]);
      expect(syncedResourceVersion.split('-')[0]).toBe(String(object.metadata.generation));
      return object;
    });
  }

  /** Waits until the condition says why it failed. @returns the condition's message */
  async failed(name: string, message: string | RegExp = /./, reason = 'SecretSyncedError'): Promise<string> {
    return eventually(async () => {
      const { status } = await this.externalSecret(name);
      expect(status?.conditions).toMatchObject([{ type: 'Ready', status: 'False', reason }]);
      const said = status?.conditions?.[0]?.message ?? '';
      expect(said).toMatch(message);
      return said;
    });
  }

  /** Waits until the store's condition has this reason. @returns the condition's message */
  async storeIs(reason: string, name = 'store'): Promise<string> {
    return eventually(async () => {
      const { status } = await this.store(name);
      expect(status?.conditions).toMatchObject([{ type: 'Ready', reason }]);
      return status?.conditions?.[0]?.message ?? '';
    });
  }

  /** Changes an annotation, as people do who want a refresh now. */
  async annotate(name: string, annotations: Readonly<Record<string, string | null>> = forceSync()): Promise<void> {
    const { namespace } = this;
    await this.world.kube.mergePatch(externalSecrets, { namespace, name }, { metadata: { annotations } });
  }

  /** Has it refreshed, and waits until it was. */
  async refresh(name: string): Promise<ExternalSecret> {
    const before = (await this.externalSecret(name)).status?.syncedResourceVersion;
    await this.annotate(name);
    return eventually(async () => {
      const object = await this.externalSecret(name);
      expect(object.status?.syncedResourceVersion).not.toBe(before);
      return object;
    });
  }

  /** Of the events about objects of this name, oldest first. */
  async events(name: string): Promise<readonly EventLine[]> {
    const fieldSelector = `involvedObject.name=${name}`;
    const { items } = await this.world.kube.list(events, { namespace: this.namespace, fieldSelector });
    return items
      .toSorted((left, right) => left.lastTimestamp.localeCompare(right.lastTimestamp))
      .map(({ type, reason, message, count }) => ({ type, reason, message, count }));
  }

  /** Calls to providers since the operator started, by their name; `failed` ones with an exclamation mark. */
  async providerCalls(): Promise<Readonly<Record<string, number>>> {
    const metric = this.operator.registry.getSingleMetric('externalsecret_provider_api_calls_count');
    const { values = [] } = (await metric?.get()) ?? {};
    return Object.fromEntries(
      values.map(({ labels, value }) => [`${labels['call']}${labels['status'] === 'success' ? '' : '!'}`, value]),
    );
  }

  /** How often something was synced since the operator started. */
  async syncs(): Promise<number> {
    return this.#sum('externalsecret_sync_calls_total');
  }

  /** How often a controller has looked at one of its objects since the operator started. */
  async reconciles(controller = 'externalsecret'): Promise<number> {
    return this.#sum('controller_runtime_reconcile_total', controller);
  }

  async #sum(name: string, controller?: string): Promise<number> {
    const { values = [] } = (await this.operator.registry.getSingleMetric(name)?.get()) ?? {};
    const own = values.filter(({ labels }) => controller === undefined || labels['controller'] === controller);
    return own.reduce((sum, { value }) => sum + value, 0);
  }
}

export function decoded(data: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  const entries = Object.entries(data ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

/** As the `data` of a Secret. */
export function encoded(data: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
}

function forceSync(): Readonly<Record<string, string>> {
  return { 'external-secrets.io/force-sync': crypto.randomUUID() };
}
