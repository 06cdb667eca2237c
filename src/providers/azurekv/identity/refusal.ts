/** Refusals of a token, in the words of OAuth 2.0 (RFC 6749, 5.2). */
import { z } from 'zod';
import { ProviderError } from '../../../provider/errors.ts';
import { firstLine, jsonOf, retryHint } from '../errors.ts';

const Refusal = z.object({ error: z.string(), error_description: z.string().catch('') });

export interface RefusedAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
  readonly body: string;
}

/**
 * Only what is said in these words is about who asks: a proxy on the way says no in others.
 * @param isPassing statuses that mean nothing about who asks all the same
 */
export function refusalOf(
  who: string,
  { status, headers, body }: RefusedAnswer,
  isPassing: (status: number) => boolean = () => false,
): ProviderError {
  const result = Refusal.safeParse(jsonOf(body));
  const { error, error_description: description } = result.data ?? { error: '', error_description: '' };
  const details = [error, firstLine(description)].filter((part) => part !== '').join(': ');
  const message = `${who} refused a token with ${status}${details === '' ? '' : ` ${details}`}`;
  if (status === 429) return new ProviderError('throttled', message, retryHint(headers));
  const isDenied = result.success && status < 500 && !isPassing(status);
  return new ProviderError(isDenied ? 'denied' : 'unavailable', message, retryHint(headers));
}
