/** What the API server answered when it refused, and what it means. */

/** The `Status` object of the API, as far as errors use it. */
export interface ApiStatus {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: ApiStatusDetails;
}

export interface ApiStatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly retryAfterSeconds?: number;
  readonly causes?: readonly ApiStatusCause[];
}

export interface ApiStatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

export interface ApiErrorOptions {
  readonly status: number;
  readonly reason: string;
  readonly details?: ApiStatusDetails | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** An answer of the API server outside 2xx, or an error event of a watch. The message names verb and resource. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The HTTP status. */
  readonly status: number;
  /** The API's own CamelCase reason, such as `NotFound`; empty when the answer gave none. */
  readonly reason: string;
  readonly details: ApiStatusDetails | undefined;
  /** The wait that the server asked for. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: ApiErrorOptions) {
    super(message);
    this.status = options.status;
    this.reason = options.reason;
    this.details = options.details;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export function isNotFound(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 404;
}

/** Somebody else wrote the object first: read again and decide anew. */
export function isConflict(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 409 && error.reason !== 'AlreadyExists';
}

export function isAlreadyExists(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 409 && error.reason === 'AlreadyExists';
}

export function isForbidden(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 403;
}

/** The resourceVersion or continue token is too old: list again. */
export function isGone(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.status === 410 || error.reason === 'Expired' || error.reason === 'Gone');
}

export function isInvalid(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 422;
}

/** The server gave up on the request; whether it took effect is unknown. */
export function isTimeout(error: unknown): error is ApiError {
  return (
    error instanceof ApiError &&
    (error.reason === 'Timeout' || error.reason === 'ServerTimeout' || error.status === 504)
  );
}

/** Nothing can be created in this namespace any more. */
export function isNamespaceTerminating(error: unknown): error is ApiError {
  return isForbidden(error) && hasCause(error, 'NamespaceTerminating');
}

/** The server is behind the resourceVersion that was asked for: another server's, or one restored from a backup. */
export function isResourceVersionTooLarge(error: unknown): error is ApiError {
  return isTimeout(error) && hasCause(error, 'ResourceVersionTooLarge');
}

function hasCause(error: ApiError, reason: string): boolean {
  return error.details?.causes?.some((cause) => cause.reason === reason) ?? false;
}

/** No complete answer came: the connection failed or broke, or it took too long. Whether a write happened is unknown. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}
