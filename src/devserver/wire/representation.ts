/** In which form objects are answered: whole, as metadata alone, or as a table. */
import { apiVersionOf } from '../../api/resource.ts';
import type { ServedKind } from '../kinds/served.ts';
import type { ApiObject } from '../object.ts';
import { notAcceptable } from '../status.ts';
import { inVersion } from '../verbs/context.ts';
import type { ListPage } from '../verbs/list.ts';
import { partialMetadata, type RowObject, tableOf } from './table.ts';

export type Form = 'object' | 'metadata' | 'table';

export interface Representation {
  readonly kind: ServedKind;
  readonly form: Form;
  readonly rowObject: RowObject;
}

/** The first of the accepted media types that there is. @throws StatusError 406 */
export function formOf(accept: string | undefined): Form {
  const ranges = (accept ?? '*/*').split(',').map((range) => range.trim());
  for (const range of ranges) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    if (!['application/json', 'application/*', '*/*', ''].includes(type)) continue;
    const as = parameters.find((parameter) => parameter.startsWith('as='))?.slice('as='.length);
    if (as === 'Table' && parameters.includes('v=v1')) return 'table';
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return 'metadata';
    if (as === undefined) return 'object';
  }
  throw notAcceptable();
}

export function showObject(
  object: ApiObject,
  { kind, form, rowObject }: Representation,
  nowMs: number,
  isFirst = true,
): object {
  const shown = inVersion(object, apiVersionOf(kind));
  if (form === 'metadata') return partialMetadata(shown);
  if (form === 'object') return shown;
  const { resourceVersion } = object.metadata;
  return tableOf([shown], { resourceVersion }, { kind, rowObject, nowMs, withColumns: isFirst });
}

export function showPage({ items, ...metadata }: ListPage, representation: Representation, nowMs: number): object {
  const { kind, form, rowObject } = representation;
  const apiVersion = apiVersionOf(kind);
  const shown = items.map((item) => inVersion(item, apiVersion));
  if (form === 'table') return tableOf(shown, metadata, { kind, rowObject, nowMs, withColumns: true });
  if (form === 'object') return { kind: kind.listKind, apiVersion, metadata, items: shown };
  const listType = { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' };
  return { ...listType, metadata, items: shown.map(partialMetadata) };
}

/** An object of which nothing but a version is said. */
export function showBookmark({ kind, form }: Representation, resourceVersion: string, isEndOfInitial: boolean): object {
  const annotations = isEndOfInitial ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {};
  const metadata = { resourceVersion, ...annotations };
  if (form === 'table')
    return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions: [], rows: [] };
  if (form === 'metadata') return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
  return { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata };
}
