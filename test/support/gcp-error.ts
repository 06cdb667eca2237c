/** Refusals as Google's APIs (AIP-193) and its token endpoints (RFC 6749) write them. */

/** HTTP statuses of canonical codes, by `google/rpc/code.proto`. */
const statuses = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ABORTED: 409,
  ALREADY_EXISTS: 409,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
} as const;

export type GcpCode = keyof typeof statuses;

export interface GcpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export class GcpError extends Error {
  readonly code: GcpCode;
  readonly details: readonly object[];

  constructor(code: GcpCode, message: string, details: readonly object[] = []) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

export class OAuthError extends Error {
  readonly error: string;
  readonly status: number;

  constructor(error: string, description: string, status = 400) {
    super(description);
    this.error = error;
    this.status = status;
  }
}

export function jsonAnswer(value: unknown, status = 200): GcpAnswer {
  return { status, headers: { 'content-type': 'application/json; charset=UTF-8' }, body: JSON.stringify(value) };
}

/** @param error rethrown when it is no refusal but a bug of the server */
export function refusal(error: unknown): GcpAnswer {
  if (error instanceof OAuthError)
    return jsonAnswer({ error: error.error, error_description: error.message }, error.status);
  if (!(error instanceof GcpError)) throw error;
  const { code, message, details } = error;
  const status = statuses[code];
  return jsonAnswer(
    { error: { code: status, message, status: code, ...(details.length > 0 ? { details } : {}) } },
    status,
  );
}
