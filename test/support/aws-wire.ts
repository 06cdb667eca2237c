/** How AWS services speak: JSON 1.1 and the query protocol with XML answers, and errors in both. */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';

export type AwsService = 'secretsmanager' | 'ssm' | 'sts' | 'acm' | 'tagging';

/** One request, read and told apart. */
export interface AwsCall {
  readonly service: AwsService;
  readonly operation: string;
  readonly input: unknown;
}

/** An error answer of AWS. */
export class AwsFault extends Error {
  readonly code: string;
  readonly status: number;
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, options: { status?: number; retryAfterMs?: number | undefined } = {}) {
    super(message);
    this.code = code;
    this.status = options.status ?? 400;
    this.retryAfterMs = options.retryAfterMs;
  }
}

const jsonTargets: Readonly<Record<string, AwsService>> = {
  secretsmanager: 'secretsmanager',
  AmazonSSM: 'ssm',
  CertificateManager: 'acm',
  ResourceGroupsTaggingAPI_20170126: 'tagging',
};

/** @param target the `x-amz-target` header; without one the body is a query */
export function parseCall(target: string | undefined, body: string): AwsCall {
  if (target !== undefined) {
    const [prefix = '', operation = ''] = target.split('.');
    const service = jsonTargets[prefix];
    if (service === undefined) throw new AwsFault('UnknownOperationException', `unknown target ${target}`);
    return { service, operation, input: JSON.parse(body) as unknown };
  }
  const query = new URLSearchParams(body);
  return { service: 'sts', operation: query.get('Action') ?? '', input: fromQuery(query) };
}

/** `Tags.member.1.Key=a` to `{ Tags: [{ Key: 'a' }] }`. */
function fromQuery(query: URLSearchParams): unknown {
  const root: Record<string, unknown> = {};
  for (const [path, value] of query) {
    const keys = path.split('.').filter((key) => key !== 'member');
    let at: Record<string, unknown> = root;
    keys.forEach((key, depth) => {
      if (depth === keys.length - 1) at[key] = value;
      else {
        at[key] ??= /^\d+$/.test(keys[depth + 1] ?? '') ? [undefined] : {};
        at = at[key] as Record<string, unknown>;
      }
    });
  }
  return JSON.parse(JSON.stringify(root), (_, value: unknown) => (Array.isArray(value) ? value.slice(1) : value));
}

/** An answer, ready to be sent whole or in part. */
export interface AwsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export function answer(call: AwsCall, output: unknown): AwsAnswer {
  const requestId = randomUUID();
  if (call.service !== 'sts') return json(200, requestId, output, {});
  const result = `<${call.operation}Result>${xml(output)}</${call.operation}Result>`;
  return query(200, requestId, `${call.operation}Response`, `${result}${metadata(requestId)}`);
}

export function faultAnswer(service: AwsService, fault: AwsFault): AwsAnswer {
  const requestId = randomUUID();
  const retryAfter = fault.retryAfterMs === undefined ? {} : { 'retry-after': String(fault.retryAfterMs / 1_000) };
  if (service !== 'sts')
    return json(fault.status, requestId, { __type: fault.code, Message: fault.message }, retryAfter);
  const type = fault.status < 500 ? 'Sender' : 'Receiver';
  const error = `<Error>${xml({ Type: type, Code: fault.code, Message: fault.message })}</Error>`;
  return query(fault.status, requestId, 'ErrorResponse', `${error}<RequestId>${requestId}</RequestId>`, retryAfter);
}

export function send(response: ServerResponse, { status, headers, body }: AwsAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(body);
}

/** Promises the whole answer, sends half of it and hangs up. */
export function sendHalf(response: ServerResponse, { status, headers, body }: AwsAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
}

function json(status: number, requestId: string, value: unknown, headers: Record<string, string>): AwsAnswer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId, ...headers },
    body: Buffer.from(JSON.stringify(value)),
  };
}

function query(status: number, requestId: string, root: string, inner: string, headers = {}): AwsAnswer {
  return {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId, ...headers },
    body: Buffer.from(`<${root} xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${inner}</${root}>`),
  };
}

function metadata(requestId: string): string {
  return `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
}

function xml(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map((member) => `<member>${xml(member)}</member>`).join('');
  if (typeof value !== 'object')
    return `${value as string | number | boolean}`.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);
  return Object.entries(value)
    .map(([key, member]) => `<${key}>${xml(member)}</${key}>`)
    .join('');
}
