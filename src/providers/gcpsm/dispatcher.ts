/** Connections to one of Google's hosts, or through a proxy to it. */
import type { Dispatcher } from 'undici';
import Pool from 'undici/lib/dispatcher/pool.js';

/** HTTP/1.1 on purpose: HTTP/2 costs Node.js more CPU a request. */
const options = {
  allowH2: false,
  pipelining: 1,
  connections: 64,
  connectTimeout: 10_000,
  // Shorter than what Google's front ends keep idle connections for, so that none is used while it is being closed.
  keepAliveTimeout: 45_000,
} as const;

/** Opens no connection yet: the first request does. */
export async function openDispatcher(origin: string, proxyUrl: string | undefined): Promise<Dispatcher> {
  if (proxyUrl === undefined) return new Pool(origin, options);
  // Needs all of undici, so it is loaded only when there is a proxy.
  const { ProxyAgent } = await import('../../kube/proxyagent.ts');
  return new ProxyAgent({ ...options, uri: proxyUrl });
}
