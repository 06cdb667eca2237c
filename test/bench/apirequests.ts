/** What the API server was asked, by its own count. */
import type { RawClient } from '../support/rawclient.ts';

/** By `VERB resource[/subresource]`. */
export type RequestCounts = ReadonlyMap<string, number>;

const counted = new Set(['externalsecrets', 'secrets', 'events', 'secretstores', 'clustersecretstores']);

/** `apiserver_request_total` of the kinds that the operator works with, without watches. */
export async function requestCounts(raw: RawClient): Promise<RequestCounts> {
  const { body } = await raw.send('/metrics');
  const counts = new Map<string, number>();
  for (const line of String(body).split('\n')) {
    if (!line.startsWith('apiserver_request_total{')) continue;
    const label = (name: string): string => new RegExp(`[{,]${name}="([^"]*)"`).exec(line)?.[1] ?? '';
    if (!counted.has(label('resource')) || label('verb') === 'WATCH') continue;
    const subresource = label('subresource');
    const key = `${label('verb')} ${label('resource')}${subresource === '' ? '' : `/${subresource}`}`;
    counts.set(key, (counts.get(key) ?? 0) + Number(line.slice(line.lastIndexOf(' ') + 1)));
  }
  return counts;
}

/** What came between the two, most first. */
export function between(before: RequestCounts, after: RequestCounts): RequestCounts {
  const entries = Array.from(after, ([key, count]) => [key, count - (before.get(key) ?? 0)] as const);
  return new Map(entries.filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]));
}

export function total(counts: RequestCounts): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
