/** The connections to the API server: one pool for requests, one for watches, so that neither starves the other. */
import type { buildConnector, Dispatcher } from 'undici';
import buildConnect from 'undici/lib/core/connect.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import type { ClusterConnection, TlsMaterial } from './connection.ts';
import { asError } from './exchange.ts';

export interface Dispatchers {
  readonly requests: Dispatcher;
  readonly watches: Dispatcher;
}

/** More than the workers and the recorder have requests under way, so none waits for a connection. */
export const maxConnections = 64;
/** Below the 90 s after which kube-apiserver closes an idle connection, and the 60 s of common load balancers. */
export const keepAliveMs = 45_000;
const connectTimeoutMs = 10_000;

/**
 * HTTP/1.1 on purpose: 75 µs of CPU a request, where HTTP/2 costs Node.js 110 to 160, and a watch that is read slowly
 * holds up nobody else's flow control.
 */
export async function openDispatchers(connection: ClusterConnection): Promise<Dispatchers> {
  const { server, proxyUrl } = connection;
  if (proxyUrl !== undefined) {
    const { openProxyDispatchers } = await import('./proxydispatchers.ts');
    return await openProxyDispatchers(connection, proxyUrl);
  }
  const connect = rotatingConnector(connection);
  const options = { connect, allowH2: false, pipelining: 1, keepAliveTimeout: keepAliveMs };
  return {
    requests: new Pool(server.origin, { ...options, connections: maxConnections }),
    watches: new Pool(server.origin, { ...options, connections: null }),
  };
}

export async function closeDispatchers(dispatchers: Dispatchers): Promise<void> {
  await Promise.all([dispatchers.requests.destroy(), dispatchers.watches.destroy()]);
}

/** Makes each connection with the TLS material of that moment; TLS sessions are resumed while it stays the same. */
function rotatingConnector(connection: ClusterConnection): buildConnector.connector {
  let current: { readonly identity: string; readonly connect: buildConnector.connector } | undefined;

  async function connect(options: buildConnector.Options, callback: buildConnector.Callback): Promise<void> {
    try {
      const material = await connection.tls();
      const identity = JSON.stringify(material);
      if (current?.identity !== identity) current = { identity, connect: buildConnect(connectorOptions(material)) };
    } catch (error) {
      callback(asError(error), null);
      return;
    }
    current.connect(options, callback);
  }

  return (options, callback) => void connect(options, callback);
}

function connectorOptions(material: TlsMaterial): buildConnector.BuildOptions {
  return { ...tlsOptions(material), allowH2: false, timeout: connectTimeoutMs, keepAliveInitialDelay: 30_000 };
}

export function tlsOptions({ ca, cert, key, serverName, skipVerify }: TlsMaterial): buildConnector.BuildOptions {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    rejectUnauthorized: skipVerify !== true,
  };
}
