/** The load: a store with static keys, and ExternalSecrets with three entries of one remote secret and a template. */
import type { KubeObject } from '../../src/api/object.ts';
import type { Resource } from '../../src/api/resource.ts';
import { clusterSecretStores, externalSecrets } from '../../src/api/resources.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { namespaces, secrets } from '../../src/kube/resources.ts';
import { mapLimited } from '../../src/lib/limited.ts';

const namespaceCount = 20;
const creators = 20;

export interface LoadOptions {
  readonly count: number;
  readonly refreshInterval: string;
  /** The remote secret of the ExternalSecret with this number. */
  readonly remoteKey: (index: number) => string;
  /** Starts the names. */
  readonly prefix: string;
}

export function namespaceOf(index: number): string {
  return `bench-${index % namespaceCount}`;
}

/** Namespaces and the store; once a cluster. */
export async function createStore(kube: KubeClient): Promise<void> {
  for (let index = 0; index < namespaceCount; index += 1) {
    await kube.create(namespaces, { metadata: { name: namespaceOf(index) } });
  }
  const data = { id: Buffer.from('AKIDBENCH').toString('base64'), key: Buffer.from('bench').toString('base64') };
  await kube.create(secrets, { metadata: { name: 'aws', namespace: namespaceOf(0) }, data });
  const selector = (key: string): object => ({ name: 'aws', namespace: namespaceOf(0), key });
  const auth = { secretRef: { accessKeyIDSecretRef: selector('id'), secretAccessKeySecretRef: selector('key') } };
  const spec = { provider: { aws: { service: 'SecretsManager', region: 'us-east-1', auth } } };
  const resource: Resource = clusterSecretStores;
  const store: ObjectWithSpec = { metadata: { name: 'bench' }, spec };
  await kube.create(resource, store);
}

/** @returns the keys, in order */
export async function createExternalSecrets(kube: KubeClient, options: LoadOptions): Promise<readonly string[]> {
  const objects = Array.from({ length: options.count }, (_, index) => externalSecret(options, index));
  await mapLimited(objects, creators, (object) => kube.create(externalSecrets as Resource, object));
  return objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
}

/** As a user writes it; the server judges it. */
interface ObjectWithSpec extends KubeObject {
  readonly spec: object;
}

function externalSecret({ refreshInterval, remoteKey, prefix }: LoadOptions, index: number): ObjectWithSpec {
  const entry = (secretKey: string): object => ({
    secretKey,
    remoteRef: { key: remoteKey(index), property: secretKey },
  });
  const url = 'postgresql://{{ .username }}:{{ .password }}@{{ .host }}:5432/app';
  return {
    metadata: { name: `${prefix}-es-${index}`, namespace: namespaceOf(index) },
    spec: {
      refreshInterval,
      secretStoreRef: { kind: 'ClusterSecretStore', name: 'bench' },
      target: { name: `${prefix}-s-${index}`, template: { data: { url } } },
      data: ['username', 'password', 'host'].map(entry),
    },
  };
}
