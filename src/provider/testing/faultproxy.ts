/** A reverse proxy on loopback that a backend is tested through, so that it can fail on demand. */
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ContractFaults } from './backend.ts';

/** What the backend itself would say; every protocol says it in its own words. */
export interface CannedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface FaultAnswers {
  readonly denied: CannedAnswer;
  /** A `retry-after` header in seconds is added when there is a hint. */
  readonly throttled: CannedAnswer;
  readonly failed: CannedAnswer;
}

/** Answers what it returns; undefined lets the request through. */
export type Interceptor = (incoming: IncomingMessage, body: Buffer) => CannedAnswer | undefined;

type Mode =
  | { readonly kind: 'pass' }
  | { readonly kind: 'answer'; readonly intercept: Interceptor }
  | { readonly kind: 'hang' }
  | { readonly kind: 'cutShort' };

export class FaultProxy {
  readonly #target: URL;
  readonly #server: Server;
  #port = 0;
  #mode: Mode = { kind: 'pass' };
  readonly #hanging = new Set<ServerResponse>();
  /** Requests that reached the proxy, as `METHOD /path`. */
  readonly requests: string[] = [];

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((incoming, outgoing) => {
      // The caller hung up in the middle of its request.
      this.#serve(incoming, outgoing).catch(() => outgoing.destroy());
    });
  }

  /** @param target an `http:` URL */
  static async start(target: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(new URL(target));
    await proxy.#listen();
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Answers in the backend's place where `intercept` wants to. */
  answer(intercept: Interceptor): void {
    this.#mode = { kind: 'answer', intercept };
  }

  hang(): void {
    this.#mode = { kind: 'hang' };
  }

  /** Promises a long body, sends its beginning and ends the connection. */
  cutShort(): void {
    this.#mode = { kind: 'cutShort' };
  }

  /** Closes the port. */
  async refuse(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  /** Lets everything through again, on the same port. */
  async heal(): Promise<void> {
    this.#mode = { kind: 'pass' };
    // Only connections that nothing will ever come from; a client must not find its idle ones closed by the healing.
    for (const hanging of this.#hanging) hanging.destroy();
    this.#hanging.clear();
    if (!this.#server.listening) await this.#listen();
  }

  async stop(): Promise<void> {
    if (this.#server.listening) await this.refuse();
  }

  /** All faults of the contract suite, in the words of one protocol. */
  faults(answers: FaultAnswers): ContractFaults {
    return {
      deny: () => this.answer(() => answers.denied),
      throttle: (retryAfterMs) => this.answer(() => withHint(answers.throttled, retryAfterMs)),
      fail: () => this.answer(() => answers.failed),
      refuse: () => this.refuse(),
      hang: () => this.hang(),
      cutShort: () => this.cutShort(),
      heal: () => this.heal(),
    };
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        // A TCP server's address is never a string.
        this.#port = (this.#server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    this.requests.push(`${incoming.method} ${incoming.url}`);
    const mode = this.#mode;
    if (mode.kind === 'hang') {
      this.#hanging.add(outgoing);
      return;
    }
    const body = await bodyOf(incoming);
    if (mode.kind === 'cutShort')
      return void outgoing.writeHead(200, { 'content-length': '1000' }).write('{"', () => outgoing.destroy());
    const answer = mode.kind === 'answer' ? mode.intercept(incoming, body) : undefined;
    if (answer === undefined) this.#forward(incoming, outgoing, body);
    else outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  }

  #forward(incoming: IncomingMessage, outgoing: ServerResponse, body: Buffer): void {
    const { hostname, port } = this.#target;
    const { method, url: path, headers } = incoming;
    const forwarded = request({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    forwarded.end(body);
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // The stream has no encoding set, so its chunks are buffers.
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function withHint(answer: CannedAnswer, retryAfterMs: number | undefined): CannedAnswer {
  if (retryAfterMs === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfterMs / 1_000) } };
}
