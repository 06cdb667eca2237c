/** Serves the kinds of the CustomResourceDefinitions that are stored. */
import { namesOf } from '../kinds/custom.ts';
import type { ApiObject } from '../object.ts';
import type { ApiContext } from '../verbs/context.ts';
import type { Tasks } from './tasks.ts';

export function serveDefinitions({ catalog, storage }: ApiContext, tasks: Tasks): void {
  /** The objects go with their kind, whatever would hold them. */
  function withdraw(definition: ApiObject): void {
    const names = namesOf(definition);
    catalog.withdraw(definition);
    if (names === undefined) return;
    const objects = storage.collection(names);
    tasks.add(() => {
      for (const [key] of objects.ordered()) objects.remove(key);
    });
  }

  storage.listen(({ group, plural }, { type, object }) => {
    if (plural !== 'customresourcedefinitions' || group !== 'apiextensions.k8s.io') return;
    // Served from the very next request on.
    if (type === 'deleted') withdraw(object);
    else catalog.serve(object);
  });
}
