/** `retrySettings` of a store, which every provider honours. */
import { durationMsOr } from '../lib/duration.ts';

export interface RetrySettings {
  /** Attempts after the first one. */
  readonly maxRetries: number;
  /** Between attempts; the same each time, as in ESO. */
  readonly retryIntervalMs: number;
}

/** As the cloud SDKs do by default: three attempts. Theirs are to be switched off, so that each attempt is metered. */
export const defaultRetrySettings: RetrySettings = { maxRetries: 2, retryIntervalMs: 250 };

/** What is absent, negative or no duration is the default. */
export function retrySettingsOf(
  settings: { readonly maxRetries?: number | undefined; readonly retryInterval?: string | undefined } | undefined,
): RetrySettings {
  if (settings === undefined) return defaultRetrySettings;
  const { maxRetries = -1, retryInterval = '' } = settings;
  const retryIntervalMs = durationMsOr(retryInterval, -1);
  return {
    maxRetries: maxRetries < 0 ? defaultRetrySettings.maxRetries : maxRetries,
    retryIntervalMs: retryIntervalMs < 0 ? defaultRetrySettings.retryIntervalMs : retryIntervalMs,
  };
}
