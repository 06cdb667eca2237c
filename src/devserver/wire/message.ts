/** A request that was read, and an answer that is to be sent: HTTP without its connections. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { parse as parseYaml } from 'yaml';
import { badRequest, StatusError, unsupportedMediaType } from '../status.ts';
import { decodeProtobuf, protobufType } from './protobuf.ts';

export interface ApiRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
  readonly contentType?: string;
  /** Texts for the client that are not errors. */
  readonly warnings?: readonly string[];
  readonly retryAfterSeconds?: number | undefined;
}

/** Above the 1 MiB of a Secret in base64; etcd takes 1.5 MiB. */
const maxBodyBytes = 3 * 1024 * 1024;

/** @throws StatusError 413 */
export async function readRequest(message: IncomingMessage): Promise<ApiRequest> {
  const { method = 'GET', url = '/', headers } = message;
  const question = url.indexOf('?');
  const path = question === -1 ? url : url.slice(0, question);
  const query = new URLSearchParams(question === -1 ? '' : url.slice(question));
  return { method, path, query, headers, body: await readBody(message) };
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    bytes += chunk.length;
    if (bytes <= maxBodyBytes) chunks.push(chunk);
  }
  if (bytes <= maxBodyBytes) return Buffer.concat(chunks);
  const why = `Request entity too large: limit is ${maxBodyBytes}`;
  throw new StatusError(413, 'RequestEntityTooLarge', why);
}

/** What the body says, in the language of its content type. @throws StatusError 400 that does not repeat it, or 415 */
export function decodeBody({ headers, body }: ApiRequest): unknown {
  const type = mediaType(headers['content-type']);
  const decoded = decodeAs(type, body);
  if (decoded === undefined) throw unsupportedMediaType(['application/json', 'application/yaml']);
  return decoded;
}

function decodeAs(type: string, body: Buffer): unknown {
  try {
    if (type === protobufType) return decodeProtobuf(body);
    const text = body.toString('utf8');
    return type.includes('yaml') ? parseYaml(text) : JSON.parse(text);
  } catch {
    throw badRequest(`the body is not what its content type ${type} promises`);
  }
}

/** Without its parameters. */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? 'application/json').split(';', 1)[0]?.trim() ?? '';
}

export function jsonAnswer(status: number, value: object, warnings: readonly string[] = []): ApiAnswer {
  return { status, body: JSON.stringify(value), warnings };
}

export function errorAnswer(error: unknown): ApiAnswer {
  const failure = error instanceof StatusError ? error : internalError(error);
  const { status } = failure;
  return { ...jsonAnswer(status.code, status), retryAfterSeconds: status.details?.retryAfterSeconds };
}

/** A mistake of this server; what it was about may hold secrets, its name does not. */
function internalError(error: unknown): StatusError {
  const what = error instanceof Error ? (error.stack ?? error.name) : 'unknown';
  const place = what.split('\n').find((line) => line.includes('devserver')) ?? '';
  return new StatusError(
    500,
    'InternalError',
    `Internal error occurred: ${error instanceof Error ? error.name : ''} ${place.trim()}`,
  );
}

export function sendAnswer(response: ServerResponse, answer: ApiAnswer): void {
  const { status, body, contentType = 'application/json', warnings = [], retryAfterSeconds } = answer;
  response.statusCode = status;
  response.setHeader('content-type', contentType);
  response.setHeader('content-length', Buffer.byteLength(body));
  if (warnings.length > 0) response.setHeader('warning', warnings.map(warningHeader));
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', retryAfterSeconds);
  response.end(body);
}

function warningHeader(text: string): string {
  // Quoted strings of headers are ASCII without control characters.
  const safe = text.replace(/[^\x20-\x7e]/g, '?').replace(/[\\"]/g, '\\$&');
  return `299 - "${safe}"`;
}
