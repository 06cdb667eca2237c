/** Lists a whole collection in pages. */
import type { KubeObject } from '../api/object.ts';
import type { Resource } from '../api/resource.ts';
import type { KubeClient, Selection } from '../kube/client.ts';
import { isGone } from '../kube/errors.ts';

export interface ListAllOptions<T extends KubeObject> {
  readonly selection: Selection;
  readonly admit: (object: T) => T;
  readonly onPage: () => void;
  readonly signal: AbortSignal;
}

export interface WholeList<T extends KubeObject> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

const pageSize = 500;
const pageTimeoutMs = 60_000;

/**
 * The newest state, not (as client-go begins) any that the server has cached: with several API servers the cached one
 * may be older than what this process has seen and written before its restart, and paging works only for the newest.
 * Pages expire; a list that takes too long for them is read once more in one piece.
 */
export async function listAll<T extends KubeObject>(
  kube: Pick<KubeClient, 'list'>,
  resource: Resource<T>,
  options: ListAllOptions<T>,
): Promise<WholeList<T>> {
  try {
    return await listPages(kube, resource, pageSize, options);
  } catch (error) {
    if (!isGone(error)) throw error;
    return await listPages(kube, resource, undefined, options);
  }
}

async function listPages<T extends KubeObject>(
  kube: Pick<KubeClient, 'list'>,
  resource: Resource<T>,
  limit: number | undefined,
  options: ListAllOptions<T>,
): Promise<WholeList<T>> {
  const { selection, admit, onPage, signal } = options;
  const items: T[] = [];
  const pageOptions = { ...selection, ...(limit === undefined ? {} : { limit }), timeoutMs: pageTimeoutMs, signal };
  for (let next: string | undefined; ; ) {
    const page = await kube.list(resource, { ...pageOptions, continue: next });
    onPage();
    for (const item of page.items) items.push(admit(item));
    if (page.continue === undefined) return { items, resourceVersion: page.resourceVersion };
    next = page.continue;
  }
}
