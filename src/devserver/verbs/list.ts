/** GET of a collection: the whole of it, or page by page from one moment. */
import type { ServedKind } from '../kinds/served.ts';
import type { ApiObject } from '../object.ts';
import type { Selection } from '../selection.ts';
import { badRequest, expired, versionTooLarge } from '../status.ts';
import type { ApiContext } from './context.ts';

export interface ListQuery {
  /** 0: no limit. */
  readonly limit: number;
  readonly continue: string;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
}

export interface ListPage {
  readonly items: readonly ApiObject[];
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

type Entry = readonly [key: string, object: ApiObject];

/** @throws StatusError 400, 410 or 504 */
export function list({ storage }: ApiContext, kind: ServedKind, selection: Selection, query: ListQuery): ListPage {
  const token = query.continue === '' ? undefined : decodedToken(query.continue);
  const revision = token?.rv ?? revisionOf(query, storage.revision);
  const entries = revision === storage.revision ? kind.objects.ordered() : past(kind, revision);
  const matching = [...entries].filter(
    ([key, object]) => (token === undefined || key > token.start) && selection.includes(object),
  );
  return page(matching, revision, query.limit, selection);
}

function page(entries: readonly Entry[], revision: number, limit: number, selection: Selection): ListPage {
  const shown = limit === 0 ? entries : entries.slice(0, limit);
  const items = shown.map(([, object]) => object);
  const remaining = entries.length - shown.length;
  const [lastKey] = shown.at(-1) ?? [''];
  const whole = { items, resourceVersion: String(revision) };
  if (remaining === 0) return whole;
  const next = { ...whole, continue: encodedToken({ v: 'meta.k8s.io/v1', rv: revision, start: lastKey }) };
  // How many of a selection remain would need another look at all of them.
  return selection.isNarrow ? next : { ...next, remainingItemCount: remaining };
}

function past(kind: ServedKind, revision: number): readonly Entry[] {
  const entries = kind.objects.orderedAt(revision);
  if (entries !== undefined) return entries;
  throw expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
  );
}

/** The newest state unless an exact one is asked for. */
function revisionOf({ resourceVersion, resourceVersionMatch }: ListQuery, current: number): number {
  if (resourceVersion === '' || resourceVersion === '0') return current;
  const asked = parsedVersion(resourceVersion);
  if (asked > current) throw versionTooLarge(asked, current);
  return resourceVersionMatch === 'Exact' ? asked : current;
}

/** @throws StatusError 400 */
export function parsedVersion(text: string): number {
  if (!/^\d+$/.test(text)) throw badRequest(`resourceVersion: Invalid value: ${JSON.stringify(text)}`);
  return Number(text);
}

interface ContinueToken {
  readonly v: string;
  readonly rv: number;
  /** The key of the last object that was shown. */
  readonly start: string;
}

function encodedToken(token: ContinueToken): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function decodedToken(text: string): ContinueToken {
  try {
    const token = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Partial<ContinueToken>;
    if (typeof token.rv === 'number' && typeof token.start === 'string')
      return { v: '', rv: token.rv, start: token.start };
  } catch {
    // Falls through: a token that is not JSON is as wrong as one without its members.
  }
  throw badRequest('continue key is not valid');
}
