/** Connections through a proxy: needs all of undici, so this module is loaded only when there is a proxy. */
import { ProxyAgent } from 'undici';
import type { ClusterConnection } from './connection.ts';
import { type Dispatchers, keepAliveMs, maxConnections, tlsOptions } from './dispatchers.ts';

/** Behind a proxy the TLS material is that of the start. */
export async function openProxyDispatchers(connection: ClusterConnection, proxyUrl: string): Promise<Dispatchers> {
  const requestTls = tlsOptions(await connection.tls());
  const options = { uri: proxyUrl, requestTls, allowH2: false, keepAliveTimeout: keepAliveMs };
  return { requests: new ProxyAgent({ ...options, connections: maxConnections }), watches: new ProxyAgent(options) };
}
