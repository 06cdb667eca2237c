/** From a refusal on the wire to an `ApiError`. */
import { ApiError, type ApiStatus } from './errors.ts';
import type { HttpAnswer } from './exchange.ts';
import { MalformedAnswerError, parseJson } from './json.ts';

/** What is said of a request in errors and metrics. */
export interface Operation {
  /** As in RBAC rules: get, list, watch, create, update, patch, delete. */
  readonly verb: string;
  /** As in RBAC rules, with the subresource: `externalsecrets.external-secrets.io/status`. */
  readonly resource: string;
  /** `namespace/name`, the namespace, or empty. */
  readonly target: string;
}

export function describe(operation: Operation): string {
  const { verb, resource, target } = operation;
  return target === '' ? `${verb} ${resource}` : `${verb} ${resource} ${target}`;
}

export function refusalOf(operation: Operation, answer: HttpAnswer): ApiError {
  return statusError(operation, { ...parseStatus(answer.body), code: answer.status }, answer.retryAfter);
}

/** @param retryAfter seconds, as in the header of that name */
export function statusError(operation: Operation, status: ApiStatus, retryAfter?: string): ApiError {
  const code = status.code ?? 500;
  return new ApiError(`cannot ${describe(operation)}: ${status.message ?? `the server answered ${code}`}`, {
    status: code,
    reason: status.reason ?? '',
    details: status.details,
    retryAfterMs: secondsToMs(retryAfter) ?? secondsToMs(status.details?.retryAfterSeconds),
  });
}

/** A proxy in between answers with whatever it likes: that text is not repeated. */
function parseStatus(body: string): ApiStatus {
  try {
    const parsed = parseJson(body);
    const isStatus = typeof parsed === 'object' && parsed !== null && 'kind' in parsed && parsed.kind === 'Status';
    // A document of kind Status has these members by contract; all of them are optional.
    return isStatus ? (parsed as ApiStatus) : {};
  } catch (error) {
    if (error instanceof MalformedAnswerError) return {};
    throw error;
  }
}

function secondsToMs(seconds: string | number | undefined): number | undefined {
  const parsed = Number(seconds);
  return Number.isFinite(parsed) && parsed > 0 ? parsed * 1_000 : undefined;
}
