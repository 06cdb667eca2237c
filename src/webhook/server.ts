/** The HTTPS server that the API server calls. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import type { RunningServer } from '../observability/server.ts';
import type { Logger } from '../runtime/logger.ts';
import { answerReview, parseReview } from './admissionreview.ts';
import type { Validator } from './validators.ts';

export interface WebhookServerOptions {
  readonly port: number;
  /** Default: all interfaces. */
  readonly host?: string;
  readonly validators: ReadonlyMap<string, Validator>;
  /** A call was answered; `code` is its HTTP status. */
  readonly onCall?: (call: { readonly path: string; readonly code: number; readonly durationMs: number }) => void;
  readonly log: Logger;
}

export interface WebhookServer extends RunningServer {
  /** For new connections; those that are open go on. */
  serveWith(tls: SecureContextOptions): void;
  /** From now on each answer ends its connection, so that callers go elsewhere for the next one. */
  retire(): void;
  /** Takes no more connections, answers the calls that still come on those it has, and ends each with its answer. */
  close(): Promise<void>;
}

/** The API server sends objects of at most 3 MiB, an update two of them. */
const maxBodyBytes = 7 * 1024 * 1024;

/** Refuses handshakes until it has a certificate. @throws when the port cannot be listened on */
export async function serveWebhook(options: WebhookServerOptions): Promise<WebhookServer> {
  const { port, host } = options;
  let isRetired = false;
  const unanswered = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    if (isRetired) response.setHeader('connection', 'close');
    unanswered.add(response);
    response.once('close', () => unanswered.delete(response));
    void serve(options, request, response);
  });
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    // A server that listens on TCP has an AddressInfo.
    port: (server.address() as AddressInfo).port,
    serveWith: (tls) => server.setSecureContext(tls),
    retire() {
      isRetired = true;
    },
    async close() {
      isRetired = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      while (unanswered.size > 0) await Promise.all(Array.from(unanswered, (response) => once(response, 'close')));
      // The API server keeps connections in reserve. Node.js takes one that never carried a call for a busy one, and
      // knows of none before its handshake.
      for (const socket of connections) socket.destroy();
      await closed;
    },
  };
}

/** Never rejects: whatever goes wrong is an HTTP status, and the API server's failure policy decides. */
async function serve(options: WebhookServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { validators, onCall, log } = options;
  const startedAt = performance.now();
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const validate = validators.get(path);
  let code = 200;
  try {
    if (validate === undefined) code = answer(response, 404, 'no such webhook\n');
    else if (request.method !== 'POST') code = answer(response, 405, 'POST an AdmissionReview\n');
    else {
      const review = parseReview(await bodyOf(request));
      code = answer(response, 200, JSON.stringify(answerReview(review, validate(review))));
    }
  } catch (error) {
    if (error instanceof BodyTooLargeError) {
      response.setHeader('connection', 'close'); // What is left of the body is not read.
      code = answer(response, 413, 'the body is too large\n');
    } else code = answer(response, 400, 'not an AdmissionReview\n');
    log.warn({ path, error }, 'admission call refused');
  }
  onCall?.({ path, code, durationMs: performance.now() - startedAt });
}

class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes)
    throw new BodyTooLargeError('the body is too large');
  // Without an end of the connection, which the answer still needs. Chunks are Buffers: no encoding is set.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > maxBodyBytes) throw new BodyTooLargeError('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function answer(response: ServerResponse, code: number, body: string): number {
  const type = code === 200 ? 'application/json' : 'text/plain; charset=utf-8';
  response.writeHead(code, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
  return code;
}
