/** What the remote API server's refusals mean. */
import { ApiError, ConnectionError } from '../../kube/errors.ts';
import { ProviderError, type ProviderErrorKind } from '../../provider/errors.ts';

export function toProviderError(cause: unknown): ProviderError {
  if (cause instanceof ApiError) {
    const options = cause.retryAfterMs === undefined ? { cause } : { cause, retryAfterMs: cause.retryAfterMs };
    return new ProviderError(kindOf(cause.status), cause.message, options);
  }
  // The credentials for the request could not be had: the token request has said why.
  if (cause instanceof ConnectionError && cause.cause instanceof ProviderError) return cause.cause;
  if (cause instanceof ConnectionError) return new ProviderError('unavailable', cause.message, { cause });
  return new ProviderError('unavailable', 'the Kubernetes API could not be called', { cause });
}

function kindOf(status: number): ProviderErrorKind {
  switch (status) {
    case 401:
    case 403:
      return 'denied';
    case 404:
      return 'notFound';
    case 408:
    case 504:
      return 'timeout';
    case 429:
      return 'throttled';
    case 409:
      return 'unavailable';
    default:
      return status >= 400 && status < 500 ? 'invalid' : 'unavailable';
  }
}
