/** What an ExternalSecret refers to: the index by which a change of a store, template source or generator finds it. Pure. */
import type { ExternalSecret } from '../../api/externalsecret.ts';
import { type GeneratorRef, type SecretStoreRef, storeRefKind } from '../../api/refs.ts';
import type { DependencyKind } from '../../provider/dependencies.ts';
import { targetNameOf } from './desiredsecret.ts';

/** The stores that entries really use: the default store only if some entry does not name its own source. */
export function storeRefsOf(externalSecret: ExternalSecret): readonly SecretStoreRef[] {
  const { data = [], dataFrom = [], secretStoreRef = {} } = externalSecret.spec;
  const references = new Set<SecretStoreRef>();
  for (const { sourceRef } of [...data, ...dataFrom]) {
    if (sourceRef?.generatorRef === undefined) references.add(sourceRef?.storeRef ?? secretStoreRef);
  }
  // Most have one store, which every entry shares as one object.
  if (references.size < 2) return [...references];
  return [...new Map(Array.from(references, (reference) => [storeId(reference), reference])).values()];
}

export function generatorRefsOf(externalSecret: ExternalSecret): readonly GeneratorRef[] {
  const { data = [], dataFrom = [] } = externalSecret.spec;
  return [...data, ...dataFrom].flatMap((entry) => entry.sourceRef?.generatorRef ?? []);
}

/** Two references with the same id mean the same store, within one namespace. */
export function storeId(reference: SecretStoreRef): string {
  return `${storeRefKind(reference)}/${reference.name ?? ''}`;
}

/** The index value of an object that ExternalSecrets may refer to. Cluster-scoped kinds have no namespace. */
export function referenceId(kind: string, namespace: string | undefined, name: string): string {
  return `${kind}/${namespace ?? ''}/${name}`;
}

/** Every object that this ExternalSecret refers to, by `referenceId`. */
export function referencesOf(externalSecret: ExternalSecret): readonly string[] {
  const { namespace } = externalSecret.metadata;
  const generators = generatorRefsOf(externalSecret).map(({ kind, name }) =>
    referenceId(kind, scopeOf(kind, namespace), name),
  );
  return [...storeReferencesOf(externalSecret), ...generators, ...templateSourcesOf(externalSecret)];
}

/** The stores that entries use, by `referenceId`. */
export function storeReferencesOf(externalSecret: ExternalSecret): readonly string[] {
  const { namespace } = externalSecret.metadata;
  return storeRefsOf(externalSecret).map((reference) => {
    const kind = storeRefKind(reference);
    return referenceId(kind, scopeOf(kind, namespace), reference.name ?? '');
  });
}

function scopeOf(kind: string, namespace: string): string | undefined {
  return kind.startsWith('Cluster') ? undefined : namespace;
}

/** The ConfigMaps and Secrets named by `templateFrom`. */
export function templateSourcesOf(externalSecret: ExternalSecret): readonly string[] {
  const { namespace } = externalSecret.metadata;
  return (externalSecret.spec.target.template?.templateFrom ?? []).flatMap(({ configMap, secret }) => [
    ...(configMap === undefined ? [] : [referenceId('ConfigMap', namespace, configMap.name)]),
    ...(secret === undefined ? [] : [referenceId('Secret', namespace, secret.name)]),
  ]);
}

/** The kinds of which any object may be a template's source or become the target that a Merge waits for. */
export function dependencyKindsOf(externalSecret: ExternalSecret): ReadonlySet<DependencyKind> {
  const { creationPolicy, template } = externalSecret.spec.target;
  const kinds = new Set<DependencyKind>();
  for (const { configMap, secret } of template?.templateFrom ?? []) {
    if (configMap !== undefined) kinds.add('ConfigMap');
    if (secret !== undefined) kinds.add('Secret');
  }
  if (creationPolicy === 'Merge') kinds.add('Secret');
  return kinds;
}

/** The key of the Secret it writes, for mapping changes of targets back. */
export function targetKeyOf(externalSecret: ExternalSecret): string {
  return `${externalSecret.metadata.namespace}/${targetNameOf(externalSecret)}`;
}

/** What decides the refresh phase: the first thing that is read. */
export function phaseSourceOf(externalSecret: ExternalSecret): string {
  const { data = [], dataFrom = [], secretStoreRef } = externalSecret.spec;
  const first = data[0] ?? dataFrom[0];
  const store = first?.sourceRef?.storeRef ?? secretStoreRef ?? {};
  const scope = storeRefKind(store) === 'SecretStore' ? externalSecret.metadata.namespace : '';
  return `${scope}/${storeId(store)}\n${data[0]?.remoteRef.key ?? dataFrom[0]?.extract?.key ?? JSON.stringify(first ?? {})}`;
}
