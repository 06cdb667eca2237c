/** The listening side: HTTPS on 127.0.0.1, watches that stay open, and ways to break them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { ApiServer } from './apiserver.ts';
import type { ServerCertificate } from './certificate.ts';
import { EncodedChanges, Watch, type WatchOptions } from './verbs/watch.ts';
import { errorAnswer, readRequest, sendAnswer } from './wire/message.ts';

/** A watcher that has not taken this much is cut off: it lists again when it is back. */
const maxUnsentBytes = 32 * 1024 * 1024;

/** As kube-apiserver, and longer than its clients: one that writes must not meet a connection that just closes. */
const keepAliveMs = 90_000;

export class Connections {
  readonly #certificate: ServerCertificate;
  readonly #sockets = new Set<Socket>();
  readonly #watches = new Map<ServerResponse, Watch>();
  readonly #encoded = new Map<WatchOptions['objects'], EncodedChanges>();
  #api: ApiServer | undefined;
  #server: Server | undefined;
  #port: number;

  /** @param port 0: a free one */
  constructor(certificate: ServerCertificate, port: number) {
    this.#certificate = certificate;
    this.#port = port;
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  get openWatches(): number {
    return this.#watches.size;
  }

  /** From now on requests are served; before, they wait. */
  serve(api: ApiServer): void {
    this.#api = api;
  }

  /** Listens; after a `close` on the same port again. */
  async listen(): Promise<void> {
    const server = createServer(this.#certificate, (message, response) => void this.#take(message, response));
    server.keepAliveTimeout = keepAliveMs;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    // A server that listens on TCP has an address of this form.
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Breaks all connections and refuses new ones, as a process that is killed. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  /** @param midLine breaks them in the middle of an event, otherwise they end in order */
  dropWatches(midLine: boolean): void {
    for (const response of this.#watches.keys()) {
      if (!midLine) response.end();
      else response.write('{"type":"MODIFIED","object":{"metadata":', () => response.socket?.destroy());
    }
  }

  /** Never rejects. */
  async #take(message: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const request = await readRequest(message);
      const outcome = await this.#api?.serve(request);
      if (outcome === undefined || outcome === 'disconnect') message.socket.destroy();
      else if ('watch' in outcome) this.#open(outcome.watch, response);
      else sendAnswer(response, outcome);
    } catch (error) {
      if (!message.socket.destroyed) sendAnswer(response, errorAnswer(error));
    }
  }

  #open(options: WatchOptions, response: ServerResponse): void {
    const encoded = this.#encoded.get(options.objects) ?? new EncodedChanges();
    this.#encoded.set(options.objects, encoded);
    const watch = new Watch(options, sinkOf(response), encoded);
    this.#watches.set(response, watch);
    response.on('close', () => {
      watch.stop();
      this.#watches.delete(response);
    });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    watch.start();
  }
}

function sinkOf(response: ServerResponse): { write(line: Buffer): void; end(): void } {
  return {
    write(line) {
      if (response.writableLength > maxUnsentBytes) response.destroy();
      // Between its end and its close a watch still hears of changes.
      else if (!response.writableEnded) response.write(line);
    },
    end: () => response.end(),
  };
}
