/** Puts objects into the server from inside, by the same rules as requests. */
import type { KubeObject } from '../api/object.ts';
import { joinKey } from '../runtime/key.ts';
import { badRequest } from './status.ts';
import type { ApiContext, WriteOptions } from './verbs/context.ts';
import { create } from './verbs/create.ts';
import { change } from './verbs/update.ts';

const options: WriteOptions = {
  fieldManager: 'external-secrets-dev',
  dryRun: false,
  fieldValidation: 'Strict',
  warn: () => undefined,
};

/** Definitions and namespaces first: the others need them. */
const order = ['CustomResourceDefinition', 'Namespace'];

/** @throws StatusError for the first object that is refused */
export function loadObjects(context: ApiContext, objects: readonly KubeObject[]): void {
  for (const object of objects.toSorted((a, b) => rank(a) - rank(b))) load(context, object);
}

function rank({ kind = '' }: KubeObject): number {
  const place = order.indexOf(kind);
  return place === -1 ? order.length : place;
}

function load(context: ApiContext, object: KubeObject): void {
  const { apiVersion = '', kind: name = '', metadata } = object;
  const kind = context.catalog.findByVersion(apiVersion, name);
  if (kind === undefined) throw badRequest(`no kind ${name} in ${apiVersion} is served`);
  const namespace = kind.namespaced ? (metadata.namespace ?? 'default') : undefined;
  const current = kind.objects.get(joinKey(namespace, metadata.name ?? ''));
  if (current === undefined) {
    create(context, { kind, namespace }, object, options);
    return;
  }
  const { resourceVersion } = current.metadata;
  const replacement = { ...object, metadata: { ...metadata, resourceVersion } };
  change(context, { kind, namespace, name: metadata.name ?? '' }, () => replacement, options);
}
