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
 * @param isPassing further statuses that mean nothing about who asks
 */
export function refusalOf(
  who: string,
  { status, headers, body }: RefusedAnswer,
  isPassing: (status: number) => boolean = () => false,
): ProviderError {
  const { error, error_description: description } = Refusal.safeParse(jsonOf(body)).data ?? nothing;
  const details = [error, firstLine(description)].filter((part) => part !== '').join(': ');
  const message = `${who} refused a token with ${status}${details === '' ? '' : ` ${details}`}`;
  if (status === 429) return new ProviderError('throttled', message, retryHint(headers));
  const kind = status >= 500 || isPassing(status) ? 'unavailable' : 'denied';
  return new ProviderError(kind, message, retryHint(headers));
}

const nothing = { error: '', error_description: '' };
