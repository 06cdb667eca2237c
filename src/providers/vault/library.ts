/** node-vault, which knows how Vault is spoken to, on our own transport. */
import type { client as NodeVaultClient } from 'node-vault';
import { ProviderError } from '../../provider/errors.ts';
import { type JsonObject, parseAnswer } from './answer.ts';
import type { HttpAnswer, Transport } from './transport.ts';

/** A body that is JSON already: digits and the order of members stay as they are. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What the library hands to whoever makes its requests. */
interface LibraryRequest {
  readonly uri: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly json?: unknown;
  readonly signal: AbortSignal;
}

/** What the library looks at, and hands on as the answer or within its error. */
export interface LibraryAnswer {
  readonly statusCode: number;
  readonly body: VaultBody;
  /** The library takes every answer for a good one whose path contains `sys/health`, also that of a secret. */
  readonly request: { readonly path: '' };
}

export interface VaultBody {
  readonly json: JsonObject;
  readonly headers: HttpAnswer['headers'];
}

export type Library = NodeVaultClient;

export async function openLibrary(server: string, transport: Transport): Promise<Library> {
  const { default: openNodeVault } = await import('node-vault');
  const library = openNodeVault({
    endpoint: server,
    // LIST is no method that proxies know.
    noCustomHTTPVerbs: true,
    // It logs what it writes.
    debug: () => undefined,
    'request-promise': { defaults: () => (request: LibraryRequest) => send(transport, request) },
  });
  // Where it is told nothing, it takes the environment's: the operator's token must not become that of every store.
  return Object.assign(library, { token: '', namespace: '', pathPrefix: '' });
}

const nothing: JsonObject = new Map();

async function send(transport: Transport, request: LibraryRequest): Promise<LibraryAnswer> {
  const { uri: url, method, headers, json: content, signal } = request;
  const text = textOf(content);
  const type = text === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await transport.send({ url, method, headers: { ...type, ...headers }, body: text, signal });
  const json = parseAnswer(answer.body);
  // A login page of something in between must not look like a secret that does not exist.
  if (json === undefined && answer.status === 200)
    throw new ProviderError('unavailable', `${new URL(url).host} does not answer as Vault does`);
  const body = { json: json ?? nothing, headers: answer.headers };
  return { statusCode: answer.status, body, request: { path: '' } };
}

function textOf(content: unknown): string | undefined {
  if (content instanceof JsonText) return content.text;
  return content === undefined ? undefined : JSON.stringify(content);
}
