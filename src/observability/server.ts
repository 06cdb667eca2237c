/** The HTTP endpoints: /metrics on one address, /healthz and /readyz on another. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** Answers with a body, or with what is wrong. */
export type Endpoint = (request: IncomingMessage) => Promise<EndpointAnswer>;

export interface EndpointAnswer {
  readonly status: number;
  readonly body: string;
  readonly contentType?: string;
}

export interface ServeOptions {
  /** As Go writes it: `:8080`, `127.0.0.1:8080`; port 0 takes any. */
  readonly address: string;
  readonly endpoints: Readonly<Record<string, Endpoint>>;
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer } | undefined;
}

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** @throws when the address cannot be listened on */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const listener = route(options.endpoints);
  const server = options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener);
  const { host, port } = parseAddress(options.address);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  // A server that listens on TCP has an AddressInfo.
  return {
    port: (server.address() as AddressInfo).port,
    close: () => closeServer(server),
  };
}

function closeServer(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

export function parseAddress(address: string): { readonly host: string | undefined; readonly port: number } {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, Math.max(colon, 0)).replaceAll(/^\[|\]$/g, '');
  const port = Number(address.slice(colon + 1));
  if (colon === -1 || !Number.isInteger(port)) throw new Error(`"${address}" is not an address such as :8080`);
  return { host: host === '' ? undefined : host, port };
}

function route(endpoints: Readonly<Record<string, Endpoint>>): RequestListener {
  return (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const endpoint = Object.hasOwn(endpoints, path) ? endpoints[path] : undefined;
    if (endpoint === undefined) {
      answer(response, { status: 404, body: 'not found\n' });
      return;
    }
    endpoint(request).then(
      (result) => answer(response, result),
      () => answer(response, { status: 500, body: 'internal error\n' }),
    );
  };
}

function answer(
  response: ServerResponse,
  { status, body, contentType = 'text/plain; charset=utf-8' }: EndpointAnswer,
): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
