/** What the refusals of Google's APIs mean. */
import { ProviderError, type ProviderErrorKind } from '../../provider/errors.ts';
import { kindOfHttpStatus } from '../../provider/httpstatus.ts';
import { GoogleApiError } from './apierror.ts';

/** Canonical codes, by `google/rpc/code.proto`. */
const kinds: Readonly<Record<string, ProviderErrorKind>> = {
  INVALID_ARGUMENT: 'invalid',
  OUT_OF_RANGE: 'invalid',
  UNIMPLEMENTED: 'invalid',
  NOT_FOUND: 'notFound',
  UNAUTHENTICATED: 'denied',
  PERMISSION_DENIED: 'denied',
  // A disabled or destroyed version, or key: somebody has to mend it over there, as with permissions.
  FAILED_PRECONDITION: 'denied',
  RESOURCE_EXHAUSTED: 'throttled',
  DEADLINE_EXCEEDED: 'timeout',
};

/** Judges what a call of Secret Manager failed with. */
export function toProviderError(cause: unknown): ProviderError {
  return errorOf(cause, 'Google Secret Manager', ({ code, status }) => kinds[code ?? ''] ?? kindOfStatus(status));
}

/**
 * Judges what a request for a token failed with. No secret is missing when an account is: that is never `notFound`,
 * which would delete what was synced.
 */
export function toTokenError(cause: unknown): ProviderError {
  return errorOf(cause, 'no access token', ({ code, status }) => {
    const kind = kinds[code ?? ''] ?? kindOfStatus(status);
    return kind === 'notFound' || kind === 'invalid' ? 'denied' : kind;
  });
}

function errorOf(cause: unknown, what: string, kindOf: (error: GoogleApiError) => ProviderErrorKind): ProviderError {
  const known = knownCause(cause);
  if (known instanceof ProviderError) return known;
  // Neither the message nor the error is handed on: parsers and HTTP clients quote values and tokens in theirs.
  if (known === undefined) return new ProviderError('unavailable', `${what}: the answer could not be understood`);
  const { message, retryAfterMs } = known;
  const options = retryAfterMs === undefined ? { cause: known } : { cause: known, retryAfterMs };
  return new ProviderError(kindOf(known), `${what}: ${message}`, options);
}

/** Whether somebody else was faster: an etag is not the secret's any more (AIP-154), or a secret has come into being. */
export function isConflict(cause: unknown): boolean {
  const known = knownCause(cause);
  if (!(known instanceof GoogleApiError)) return false;
  if (known.code === 'FAILED_PRECONDITION') return /\betag\b/i.test(known.message);
  return known.code === 'ABORTED' || known.code === 'ALREADY_EXISTS';
}

/** Both of Google's libraries wrap what the transport throws. */
function knownCause(cause: unknown): ProviderError | GoogleApiError | undefined {
  for (let link = cause; link instanceof Error; link = link.cause) {
    if (link instanceof ProviderError || link instanceof GoogleApiError) return link;
  }
  return undefined;
}

/** Proxies and load balancers in between answer without a canonical code. */
function kindOfStatus(status: number): ProviderErrorKind {
  return kindOfHttpStatus(status) ?? (status >= 400 && status !== 409 ? 'invalid' : 'unavailable');
}
