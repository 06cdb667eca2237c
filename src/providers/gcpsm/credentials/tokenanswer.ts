/** What token endpoints answer. */
import type { z } from 'zod';
import type { Clock } from '../../../lib/clock.ts';
import type { Session } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { HttpAnswer } from '../httpmessages.ts';

/** @throws ProviderError `unavailable`, which never repeats what was answered */
export function parseAnswer<T>(schema: z.ZodType<T>, { body }: HttpAnswer): T {
  const { data } = schema.safeParse(jsonOf(body));
  if (data !== undefined) return data;
  throw new ProviderError('unavailable', 'no access token: the answer could not be understood');
}

/** @param lifetimeSeconds undefined: unknown, so that the token is not kept */
export function tokenSession(token: string, lifetimeSeconds: number | undefined, clock: Clock): Session<string> {
  return { value: token, expiresAtMs: clock.now() + (lifetimeSeconds ?? 0) * 1_000 };
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    // A parser's message quotes what it could not read.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
