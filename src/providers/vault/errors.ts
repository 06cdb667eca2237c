/** What Vault's refusals mean. */
import { ProviderError, type ProviderErrorKind } from '../../provider/errors.ts';
import { kindOfHttpStatus } from '../../provider/httpstatus.ts';

export interface VaultApiErrorOptions {
  /** Of HTTP. */
  readonly status: number;
  /** What Vault gave as reasons; empty: just the status. */
  readonly reasons: readonly string[];
  /** Such as `read secret/data/app`. */
  readonly operation: string;
  readonly retryAfterMs?: number | undefined;
}

/** An answer other than yes. */
export class VaultApiError extends Error {
  override readonly name = 'VaultApiError';
  readonly status: number;
  readonly reasons: readonly string[];
  readonly operation: string;
  readonly retryAfterMs: number | undefined;

  constructor({ status, reasons, operation, retryAfterMs }: VaultApiErrorOptions) {
    super(`${operation}: ${textOf(status, reasons)}`);
    this.status = status;
    this.reasons = reasons;
    this.operation = operation;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Judges what a request failed with. */
export function toProviderError(cause: unknown): ProviderError {
  return errorOf(cause, kindOf);
}

/**
 * Judges what a login failed with. No secret is missing when a role is, and whoever runs Vault may mend it where nothing
 * here notices: that is never `notFound` or `invalid`.
 */
export function toLoginError(cause: unknown): ProviderError {
  return errorOf(cause, (error) => {
    const kind = kindOf(error);
    return kind === 'notFound' || kind === 'invalid' ? 'denied' : kind;
  });
}

/** What Vault refused with; undefined when it was something else that failed. */
export function refusalIn(error: unknown): VaultApiError | undefined {
  const cause = error instanceof ProviderError ? error.cause : error;
  return cause instanceof VaultApiError ? cause : undefined;
}

function errorOf(cause: unknown, judge: (error: VaultApiError) => ProviderErrorKind): ProviderError {
  if (cause instanceof ProviderError) return cause;
  // Neither the message nor the error is handed on: parsers and HTTP clients quote what they were given.
  if (!(cause instanceof VaultApiError)) return new ProviderError('unavailable', 'Vault could not be called');
  const { message, retryAfterMs } = cause;
  return new ProviderError(judge(cause), message, retryAfterMs === undefined ? { cause } : { cause, retryAfterMs });
}

function kindOf({ status, reasons }: VaultApiError): ProviderErrorKind {
  // Without a reason it is the secret that is missing. With one it is the mount or the namespace: a mistake that must
  // not delete what was synced, and that is mended in Vault, where nothing here notices.
  if (status === 404) return reasons.length === 0 ? 'notFound' : 'denied';
  if (passing.has(status)) return 'unavailable';
  return kindOfHttpStatus(status) ?? (status >= 400 ? 'invalid' : 'unavailable');
}

/** The node does not have yet what was written before (412), or is a standby of Vault Enterprise. */
const passing: ReadonlySet<number> = new Set([412, 472, 473]);

const longestReason = 300;

function textOf(status: number, reasons: readonly string[]): string {
  const reason = reasons.map(plain).join('; ').slice(0, longestReason);
  if (status === 404 && reason === '') return 'does not exist';
  return reason === '' ? `HTTP status ${status}` : `${reason} (${status})`;
}

/** Vault makes lists of its reasons: `1 error occurred:`, and a line with `*` for each. */
function plain(reason: string): string {
  return reason
    .replace(/\d+ errors? occurred:\s*\* /g, '')
    .replace(/\n\s*\* /g, '; ')
    .replace(/\s+/g, ' ')
    .trim();
}
