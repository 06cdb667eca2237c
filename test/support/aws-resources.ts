/** What the AWS services of the test server have in common: the caller, tags, pages. */
import { AwsFault } from './aws-wire.ts';

/** On whose behalf, and in which region, an operation runs. */
export interface AwsCaller {
  readonly region: string;
  /** @throws AwsFault when the caller may not do it */
  authorize(action: string, resource: string, context?: Readonly<Record<string, string>>): void;
}

export interface StoredTag {
  readonly Key: string;
  readonly Value: string;
}

export function toTags(tags: ReadonlyMap<string, string>): StoredTag[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

export function keysAfter(map: ReadonlyMap<string, string>, value: string): string[] {
  return [...map].filter(([, candidate]) => candidate === value).map(([key]) => key);
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** One page, in the order of the keys; the token names the key that the next page begins after. */
export function page<T>(
  entries: readonly (readonly [string, T])[],
  request: { readonly MaxResults: number; readonly NextToken?: string | undefined },
): Page<T> {
  const after = decode(request.NextToken);
  const rest = entries.filter(([key]) => after === undefined || key > after).sort(([a], [b]) => (a < b ? -1 : 1));
  const items = rest.slice(0, request.MaxResults);
  const last = items.at(-1)?.[0];
  const isMore = last !== undefined && rest.length > items.length;
  return {
    items: items.map(([, item]) => item),
    next: isMore ? Buffer.from(`after:${last}`).toString('base64') : undefined,
  };
}

function decode(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const text = Buffer.from(token, 'base64').toString();
  if (!text.startsWith('after:')) throw new AwsFault('InvalidNextTokenException', 'The NextToken value is invalid.');
  return text.slice('after:'.length);
}
