/** The labels that name a resource in metrics: ESO's `name` and `namespace`, and its extended set by flag. */
import type { KubeObject } from '../../api/object.ts';
import { keyOf, splitKey } from '../../runtime/key.ts';

const extendedLabels = ['name', 'instance', 'version', 'component', 'part-of', 'managed-by'] as const;

export type Series = Readonly<Record<string, string>>;

/** Maps objects to the labels of their series, and back from a key when the object is gone. */
export class ResourceLabels {
  readonly names: readonly string[];
  readonly #extended: boolean;
  /** Extended labels cannot be told from a key: the last ones of each object are remembered. */
  readonly #last = new Map<string, Series>();

  /** @param extended `--enable-extended-metric-labels` */
  constructor(extended: boolean) {
    const base = ['name', 'namespace'];
    this.names = extended ? [...base, ...extendedLabels.map(metricLabelOf)] : base;
    this.#extended = extended;
  }

  of(object: KubeObject): Series {
    const { name = '', namespace = '', labels: own = {} } = object.metadata;
    if (!this.#extended) return { name, namespace };
    const extended = extendedLabels.map((label) => [metricLabelOf(label), own[`app.kubernetes.io/${label}`] ?? '']);
    const series = { name, namespace, ...Object.fromEntries(extended) };
    this.#last.set(keyOf(object), series);
    return series;
  }

  /** The labels of an object that is gone. */
  forget(key: string): Series {
    const { namespace = '', name } = splitKey(key);
    const series = this.#last.get(key) ?? { name, namespace };
    this.#last.delete(key);
    return series;
  }
}

function metricLabelOf(label: string): string {
  return `app_kubernetes_io_${label.replaceAll('-', '_')}`;
}
