/** Credentials in JSON, as Google gives them out. */
import type { z } from 'zod';
import { ProviderError } from '../../../provider/errors.ts';

/**
 * @param from says where they are kept
 * @throws ProviderError `invalid` that names the wrong member and repeats no value
 */
export function parseCredentials<T>(schema: z.ZodType<T>, json: string, from: string): T {
  const result = schema.safeParse(objectOf(json, from));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.join('.') || 'it';
  throw new ProviderError('invalid', `${from} is not what it should be: ${path} is missing or wrong`);
}

function objectOf(json: string, from: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The parser's message quotes the text.
    throw new ProviderError('invalid', `${from} is not JSON`);
  }
}
