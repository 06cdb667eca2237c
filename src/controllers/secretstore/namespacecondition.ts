/** `spec.conditions` of a ClusterSecretStore: which namespaces may use it. */
import { matchesLabelSelector } from '../../api/labelselector.ts';
import type { AnySecretStore, StoreCondition } from '../../api/secretstore.ts';
import { compileRe2 } from '../../lib/re2.ts';

/** The labels of a namespace; undefined when it is not known. */
export type NamespaceLabels = (namespace: string) => Readonly<Record<string, string>> | undefined;

/** As ESO 2.9 does: no conditions admit all; conditions, and the parts of one condition, are ORed. */
export function admitsNamespace(store: AnySecretStore, namespace: string, labelsOf: NamespaceLabels): boolean {
  const conditions = store.spec?.conditions ?? [];
  if (store.metadata.namespace !== undefined || conditions.length === 0) return true;
  return conditions.some((condition) => admits(condition, namespace, labelsOf));
}

function admits(condition: StoreCondition, namespace: string, labelsOf: NamespaceLabels): boolean {
  if (condition.namespaces?.includes(namespace) === true) return true;
  if (condition.namespaceRegexes?.some((source) => matches(source, namespace)) === true) return true;
  const labels = condition.namespaceSelector === undefined ? undefined : labelsOf(namespace);
  return labels !== undefined && matchesLabelSelector(condition.namespaceSelector, labels);
}

/** An expression that does not compile admits nobody; admission and the store's condition report it. */
function matches(source: string, namespace: string): boolean {
  try {
    return compileRe2(source).test(namespace);
  } catch {
    return false;
  }
}
