/** Plain requests to an API server, for what the project's own client never sends or hides. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { ClusterConnection } from '../../src/kube/connection.ts';
import { splitLines } from '../../src/kube/lines.ts';

export interface RawRequest {
  readonly method?: string;
  /** An object is sent as JSON. */
  readonly body?: object | string;
  readonly contentType?: string;
  readonly accept?: string;
  /** In place of the connection's own; empty: none. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Parsed when it is JSON, otherwise the text. */
  readonly body: unknown;
}

interface RawEvent {
  readonly type: string;
  readonly object: unknown;
}

/** A watch; iterating over it gives its events until the server ends it. */
export interface RawWatch extends AsyncIterable<RawEvent> {
  /** The next event. @throws when the stream ends first */
  next(): Promise<RawEvent>;
  close(): void;
}

export class RawClient {
  readonly #connection: ClusterConnection;
  readonly #agent: Agent;

  private constructor(connection: ClusterConnection, agent: Agent) {
    this.#connection = connection;
    this.#agent = agent;
  }

  static async open(connection: ClusterConnection): Promise<RawClient> {
    const { ca, cert, key, skipVerify } = await connection.tls();
    const identity = { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) };
    const trust = { ...(ca !== undefined && { ca }), rejectUnauthorized: skipVerify !== true };
    return new RawClient(connection, new Agent({ keepAlive: true, ...identity, ...trust }));
  }

  async send(path: string, request: RawRequest = {}): Promise<RawAnswer> {
    const message = await this.#open(path, request);
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const isJson = (message.headers['content-type'] ?? '').includes('json');
    return { status: message.statusCode ?? 0, headers: message.headers, body: isJson ? JSON.parse(text) : text };
  }

  /** @throws when the server does not open the watch */
  async watch(path: string, request: RawRequest = {}): Promise<RawWatch> {
    const message = await this.#open(path, request);
    if (message.statusCode !== 200) throw new Error(`the watch was answered with ${message.statusCode}`);
    const events = eventsOf(message);
    return {
      [Symbol.asyncIterator]: () => events,
      async next() {
        const { value, done } = await events.next();
        if (done === true) throw new Error('the watch ended');
        return value;
      },
      close: () => message.destroy(),
    };
  }

  close(): void {
    this.#agent.destroy();
  }

  async #open(path: string, request: RawRequest): Promise<IncomingMessage> {
    const { method = 'GET', body, contentType = 'application/json', accept = 'application/json' } = request;
    const authorization = await this.#authorization(request.token);
    const headers = {
      accept,
      'user-agent': 'conformance/1.0',
      ...(body !== undefined && { 'content-type': contentType }),
      ...(authorization !== undefined && { authorization }),
      ...request.headers,
    };
    return new Promise((resolve, reject) => {
      const options = { method, headers, agent: this.#agent };
      const outgoing = httpsRequest(new URL(path, this.#connection.server), options, resolve);
      outgoing.on('error', reject);
      outgoing.end(typeof body === 'object' ? JSON.stringify(body) : body);
    });
  }

  async #authorization(token: string | undefined): Promise<string | undefined> {
    if (token === undefined) return this.#connection.authorization();
    return token === '' ? undefined : `Bearer ${token}`;
  }
}

async function* eventsOf(message: IncomingMessage): AsyncGenerator<RawEvent, void, void> {
  // A watch sends one event a line.
  for await (const line of splitLines(message)) yield JSON.parse(line) as RawEvent;
}

/** What stands at a path in a value; undefined when there is no such place. */
export function valueAt(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((holder, step) => {
    if (typeof holder !== 'object' || holder === null) return undefined;
    // Whatever it is, it may have this member.
    return (holder as Readonly<Record<string | number, unknown>>)[step];
  }, value);
}

export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const found = valueAt(value, ...path);
  return typeof found === 'string' ? found : '';
}
