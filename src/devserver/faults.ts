/** What can go wrong between a client and this server, for tests to order. */
import { StatusError } from './status.ts';

/** A request as tests see it before it is served. */
export interface SeenRequest {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`. */
  readonly verb: string;
  readonly group: string;
  /** The plural. */
  readonly resource: string;
  readonly subresource: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly userAgent: string;
}

export type Fault =
  /** Answers so and does nothing. */
  | {
      readonly type: 'refuse';
      readonly code: number;
      readonly reason?: string;
      readonly message?: string;
      readonly retryAfterSeconds?: number;
    }
  /** Breaks the connection and does nothing. */
  | { readonly type: 'disconnect' }
  /** Does what was asked and breaks the connection instead of answering. */
  | { readonly type: 'loseAnswer' };

/** Sees every request for a resource, and may have it fail. */
export type Intercept = (request: SeenRequest) => Fault | undefined;

const reasons: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

export function refusal(fault: Extract<Fault, { type: 'refuse' }>): StatusError {
  const { code, message = 'refused by the test', retryAfterSeconds } = fault;
  const reason = fault.reason ?? reasons[code] ?? '';
  return new StatusError(code, reason, message, retryAfterSeconds === undefined ? undefined : { retryAfterSeconds });
}
