/** How Key Vault and Entra ID speak: JSON, errors in two shapes, paths that end with a slash or do not. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** One request, read and told apart. */
export interface AzureCall {
  /** What it is counted as and what faults name, such as `GetSecret`. */
  readonly operation: string;
  readonly method: string;
  readonly url: URL;
  /** Of the path, without empty ones. */
  readonly segments: readonly string[];
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An answer, ready to be sent whole or in part. */
export interface AzureAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An error answer of Key Vault, or of Entra ID when it has an `aadsts` code (0: the metadata service, which has none). */
export class AzureFault extends Error {
  readonly status: number;
  readonly code: string;
  readonly innerCode: string | undefined;
  readonly aadsts: number | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    options: { innerCode?: string; aadsts?: number; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.innerCode = options.innerCode;
    this.aadsts = options.aadsts;
    this.headers = options.headers ?? {};
  }
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): AzureAnswer {
  const body = Buffer.from(JSON.stringify(value));
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body };
}

export function faultAnswer(fault: AzureFault, now: number): AzureAnswer {
  return json(fault.status, fault.aadsts === undefined ? vaultError(fault) : entraError(fault, now), fault.headers);
}

function vaultError({ code, message, innerCode }: AzureFault): unknown {
  const inner = innerCode === undefined ? {} : { innererror: { code: innerCode } };
  return { error: { code, message, ...inner } };
}

function entraError({ code, message, aadsts }: AzureFault, now: number): unknown {
  const traceId = '9f6b1f5e-0000-4000-8000-7e57ab1e0000';
  const timestamp = new Date(now).toISOString().replace('T', ' ').slice(0, 19);
  return {
    error: code,
    error_description: `${aadsts === 0 ? '' : `AADSTS${aadsts}: `}${message} Trace ID: ${traceId} Correlation ID: ${traceId} Timestamp: ${timestamp}Z`,
    error_codes: [aadsts],
    timestamp: `${timestamp}Z`,
    trace_id: traceId,
    correlation_id: traceId,
  };
}

export function send(response: ServerResponse, { status, headers, body }: AzureAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(body);
}

/** Promises the whole answer, sends half of it and hangs up. */
export function sendHalf(response: ServerResponse, { status, headers, body }: AzureAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
