/** A refusal, in the words of whoever refused: Google's APIs (AIP-193) or its token endpoints (RFC 6749). */
import { z } from 'zod';
import type { HttpAnswer } from './httpmessages.ts';

export interface GoogleApiErrorOptions {
  /** Of HTTP. */
  readonly status: number;
  /** Canonical, such as `NOT_FOUND`; absent when something in between answered. */
  readonly code?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

export class GoogleApiError extends Error {
  override readonly name = 'GoogleApiError';
  readonly status: number;
  readonly code: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: GoogleApiErrorOptions) {
    super(message);
    this.status = options.status;
    this.code = options.code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

const ApiRefusal = z.object({
  error: z.object({
    message: z.string().default(''),
    status: z.string().optional(),
    details: z.array(z.looseObject({ retryDelay: z.string().optional() })).default([]),
  }),
});
const TokenRefusal = z.object({ error: z.string(), error_description: z.string().default('') });

/** @param nowMs epoch milliseconds, for answers that name a moment to come back at */
export function refusalOf({ status, headers, body }: HttpAnswer, nowMs: number): GoogleApiError {
  const json = jsonOf(body);
  const { error } = ApiRefusal.safeParse(json).data ?? {};
  const delays = error?.details.map(({ retryDelay }) => retryDelay && secondsMs(retryDelay.replace(/s$/, '')));
  const retryAfterMs = delays?.find((delay) => typeof delay === 'number') ?? headerMs(headers['retry-after'], nowMs);
  const message = error?.message || tokenMessage(json) || `HTTP status ${status}`;
  return new GoogleApiError(message, { status, code: error?.status, retryAfterMs });
}

function tokenMessage(json: unknown): string | undefined {
  const { data } = TokenRefusal.safeParse(json);
  return data && [data.error, data.error_description].filter((part) => part !== '').join(': ');
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Of `Retry-After`: seconds, or the date to come back at. */
function headerMs(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const date = Date.parse(value);
  return secondsMs(value) ?? (Number.isNaN(date) ? undefined : Math.max(0, date - nowMs));
}

function secondsMs(text: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : undefined;
}
