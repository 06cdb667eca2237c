/** Namespaces: they are there at once, and go only when they are empty (see `namespacelifecycle.ts`). */
import { membersOf } from '../object.ts';
import type { KindBehaviour } from './served.ts';

export const namespaceBehaviour: KindBehaviour = {
  hasGeneration: false,
  allowsUnconditionalUpdate: true,
  allowsCreateOnUpdate: false,
  prepare(object, previous) {
    const { name = '' } = object.metadata;
    const labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': name };
    return {
      ...object,
      metadata: { ...object.metadata, labels },
      spec: previous?.['spec'] ?? { finalizers: ['kubernetes'] },
      status: { ...(previous === undefined ? { phase: 'Active' } : membersOf(object['status'])) },
    };
  },
};
