/** What an HTTP status means whoever answered with it: a backend, or a proxy on the way to it. */
import type { ProviderErrorKind } from './errors.ts';

/** Undefined where the meaning is the backend's own. */
export function kindOfHttpStatus(status: number): ProviderErrorKind | undefined {
  switch (status) {
    case 401:
    case 403:
    case 407:
      return 'denied';
    case 408:
    case 504:
      return 'timeout';
    case 429:
      return 'throttled';
    default:
      return status >= 500 ? 'unavailable' : undefined;
  }
}
