/** What the refusals of Key Vault mean. */
import type { PipelineResponse, RestError } from '@azure/core-rest-pipeline';
import { z } from 'zod';
import { ProviderError, type ProviderErrorKind, type ProviderErrorOptions } from '../../provider/errors.ts';

/** The body of a refusal, as the SDK hands it on. */
const VaultFault = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    innerError: z.object({ code: z.string() }).nullish().catch(undefined),
  }),
});

/** A name that a soft-deleted object still holds. */
export const deletedButRecoverable = 'ObjectIsDeletedButRecoverable';

/** Causes are not handed on: the SDK's errors carry requests and answers, values included. */
export function toProviderError(cause: unknown): ProviderError {
  if (!isRestError(cause)) return new ProviderError('unavailable', 'Key Vault could not be called');
  const { statusCode: status, request, response } = cause;
  if (status === undefined || status < 400) return unanswered(cause);
  const { code, message, innerError } = faultOf(cause);
  const innerCode = innerError?.code;
  const reason = innerCode === undefined ? code : `${code}, ${innerCode}`;
  const text = `Key Vault refused ${describe(request)} with ${status} ${reason}${message === '' ? '' : `: ${message}`}`;
  return new ProviderError(kindOf(status, code, innerCode), text, retryHint(response?.headers));
}

/**
 * A refusal that is not of Key Vault's making: a gateway, a proxy. The SDK stumbles over these.
 * @returns undefined for an answer that the SDK understands
 */
export function foreignRefusal({ status, headers, bodyAsText, request }: PipelineResponse): ProviderError | undefined {
  const body = jsonOf(bodyAsText ?? '');
  if (status < 400 || status === 401 || (typeof body === 'object' && body !== null && 'error' in body))
    return undefined;
  const text = `${describe(request)} was answered with ${status}, but not by Key Vault`;
  return new ProviderError(kindOf(status), text, retryHint(headers));
}

/** The `innererror.code` of a refusal, which says more than the status. */
export function innerCodeOf(cause: unknown): string | undefined {
  return isRestError(cause) ? faultOf(cause).innerError?.code : undefined;
}

/** By its name: the SDK is not loaded for those who have no such store. */
export function isRestError(cause: unknown): cause is RestError {
  return cause instanceof Error && cause.name === 'RestError';
}

/** The wait that an answer asks for. */
export function retryHint(
  headers: { get(name: string): string | undefined } | undefined,
): Pick<ProviderErrorOptions, 'retryAfterMs'> {
  const inMs = headers?.get('retry-after-ms') ?? headers?.get('x-ms-retry-after-ms');
  const inSeconds = headers?.get('retry-after');
  const retryAfterMs = inMs === undefined ? Number(inSeconds) * 1_000 : Number(inMs);
  return Number.isFinite(retryAfterMs) && retryAfterMs >= 0 ? { retryAfterMs } : {};
}

/** The first line of what a service says, without the ids of one request: messages must be the same each time. */
export function firstLine(message: string): string {
  const [line = ''] = message.split(/[\r\n]|\s*Trace ID:/, 1);
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

/** Undefined for what is no JSON: gateways on the way answer with pages. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function unanswered(cause: RestError): ProviderError {
  // A parser's message quotes what it could not read.
  if (cause.code === 'PARSE_ERROR' || cause.statusCode !== undefined)
    return new ProviderError('unavailable', `Key Vault's answer to ${describe(cause.request)} broke off or is no JSON`);
  return new ProviderError('unavailable', `Key Vault could not be reached: ${cause.message}`);
}

function describe(request: RestError['request']): string {
  if (request === undefined) return 'a request';
  return `${request.method} ${new URL(request.url).pathname.replace(/^\/|\/$/g, '')}`;
}

function faultOf(cause: RestError): z.output<typeof VaultFault>['error'] {
  const result = VaultFault.safeParse(cause.details);
  if (!result.success) return { code: cause.code ?? '', message: '' };
  return { ...result.data.error, message: firstLine(result.data.error.message) };
}

function kindOf(status: number, code = '', innerCode = ''): ProviderErrorKind {
  switch (status) {
    case 401:
    case 403:
      return 'denied';
    case 404:
      // What is missing must be the object: a Secret may be deleted for it.
      return /^(?:Secret|Key|Certificate)NotFound$/.test(code) ? 'notFound' : 'unavailable';
    case 408:
    case 504:
      return 'timeout';
    case 409:
      // Anything else is on its way to be deleted or recovered.
      return innerCode === deletedButRecoverable ? 'denied' : 'unavailable';
    case 429:
      return 'throttled';
    default:
      return status < 500 ? 'invalid' : 'unavailable';
  }
}
