/** DELETE: at once, or, while finalizers hold the object, marked for whoever removes them. */
import { timestamp } from '../../lib/timestamp.ts';
import { keyOf } from '../collection.ts';
import type { ServedKind } from '../kinds/served.ts';
import { type ApiObject, membersOf, withMeta } from '../object.ts';
import { conflict } from '../status.ts';
import { type ApiContext, existing, type ObjectTarget } from './context.ts';

export type Propagation = 'Background' | 'Foreground' | 'Orphan';

export interface DeleteOptions {
  readonly dryRun: boolean;
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly propagation?: Propagation | undefined;
}

/** @returns the object while it stays for a while; undefined when it is gone @throws StatusError */
export function remove(context: ApiContext, target: ObjectTarget, options: DeleteOptions): ApiObject | undefined {
  const { kind, name } = target;
  const current = existing(target);
  expectPreconditions(kind, name, current, options);
  const orphans = options.propagation === 'Orphan' ? ['orphan'] : [];
  const finalizers = [...(current.metadata.finalizers ?? []), ...orphans];
  if (finalizers.length === 0 && !isNamespace(kind)) {
    if (!options.dryRun) kind.objects.remove(keyOf(current));
    return undefined;
  }
  if (current.metadata.deletionTimestamp !== undefined || options.dryRun) return current;
  return kind.objects.put(marked(context, kind, current, finalizers));
}

function marked({ clock }: ApiContext, kind: ServedKind, current: ApiObject, finalizers: readonly string[]): ApiObject {
  const { generation } = current.metadata;
  const object = withMeta(current, {
    deletionTimestamp: timestamp(clock.now()),
    deletionGracePeriodSeconds: 0,
    generation: generation === undefined ? undefined : generation + 1,
    finalizers: finalizers.length === 0 ? undefined : finalizers,
  });
  return isNamespace(kind) ? { ...object, status: { ...membersOf(object['status']), phase: 'Terminating' } } : object;
}

function isNamespace({ group, plural }: ServedKind): boolean {
  return group === '' && plural === 'namespaces';
}

function expectPreconditions(kind: ServedKind, name: string, current: ApiObject, options: DeleteOptions): void {
  const { uid, resourceVersion } = current.metadata;
  if (options.uid !== undefined && options.uid !== uid) {
    const uids = `the UID in the precondition (${options.uid}) does not match the UID in record (${uid})`;
    throw conflict(kind, name, `${uids}. The object might have been deleted and then recreated`);
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
    const versions = `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion})`;
    throw conflict(kind, name, `${versions}. The object might have been modified`);
  }
}
