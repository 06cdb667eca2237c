/** Reads the objects that stores name, straight from the API server: their values are used once and never kept. */
import type { KubeObject, ObjectName } from '../../api/object.ts';
import type { Resource } from '../../api/resource.ts';
import type { KubeClient } from '../../kube/client.ts';
import { orMissing } from '../../kube/ormissing.ts';
import { configMaps, secrets, serviceAccounts } from '../../kube/resources.ts';
import { requestToken } from '../../kube/tokenrequest.ts';
import type { SecretObject, ServiceAccountObject, ServiceAccountToken } from '../../provider/context.ts';
import type { DependencyKind } from '../../provider/dependencies.ts';
import type { ConfigMapObject, ObjectReader, TokenOptions, Versioned } from '../../provider/objectreader.ts';

export class ClusterObjects implements ObjectReader {
  readonly #kube: KubeClient;
  readonly #watch: (kind: DependencyKind) => void;

  /** @param watch told of each kind that is read: what a client was made from has to be watched from then on */
  constructor(kube: KubeClient, watch: (kind: DependencyKind) => void) {
    this.#kube = kube;
    this.#watch = watch;
  }

  async getSecret(name: ObjectName, signal: AbortSignal): Promise<Versioned<SecretObject> | undefined> {
    this.#watch('Secret');
    const secret = await this.#get(secrets, name, signal);
    if (secret === undefined) return undefined;
    const { labels = {}, annotations = {} } = secret.metadata;
    const entries = Object.entries(secret.data ?? {});
    const data = new Map(entries.map(([key, value]) => [key, Buffer.from(value, 'base64')]));
    return versioned(secret, { data, labels, annotations });
  }

  async getConfigMap(name: ObjectName, signal: AbortSignal): Promise<Versioned<ConfigMapObject> | undefined> {
    this.#watch('ConfigMap');
    const configMap = await this.#get(configMaps, name, signal);
    return configMap && versioned(configMap, { data: new Map(Object.entries(configMap.data ?? {})) });
  }

  async getServiceAccount(name: ObjectName, signal: AbortSignal): Promise<Versioned<ServiceAccountObject> | undefined> {
    this.#watch('ServiceAccount');
    const serviceAccount = await this.#get(serviceAccounts, name, signal);
    if (serviceAccount === undefined) return undefined;
    const { uid = '', annotations = {} } = serviceAccount.metadata;
    return versioned(serviceAccount, { name: name.name, namespace: name.namespace ?? '', uid, annotations });
  }

  async createToken(
    name: ObjectName,
    options: TokenOptions,
    signal: AbortSignal,
  ): Promise<ServiceAccountToken | undefined> {
    return orMissing(requestToken(this.#kube, name, { ...options, signal }));
  }

  #get<T extends KubeObject>(resource: Resource<T>, name: ObjectName, signal: AbortSignal): Promise<T | undefined> {
    return orMissing(this.#kube.get(resource, name, { signal }));
  }
}

function versioned<T>(source: KubeObject, object: T): Versioned<T> {
  return { resourceVersion: source.metadata.resourceVersion ?? '', object };
}
