/** The Password generator: random passwords. */
import { z } from 'zod';
import type { Immutable } from '../metadata.ts';

export const PasswordEncoding = z.enum(['base64', 'base64url', 'base32', 'hex', 'raw']);
export type PasswordEncoding = z.output<typeof PasswordEncoding>;

export const PasswordGeneratorSpec = z.object({
  length: z.int().default(24).describe('Characters of the password.'),
  digits: z.int().optional().describe('How many of them are digits; a quarter when empty.'),
  symbols: z.int().optional().describe('How many of them are symbols; a quarter when empty.'),
  symbolCharacters: z.string().optional().describe('The symbols to choose from.'),
  noUpper: z.boolean().default(false).describe('No upper-case letters.'),
  allowRepeat: z.boolean().default(false).describe('A character may occur more than once.'),
  secretKeys: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('One password for each of these keys; else the key is password.'),
  encoding: PasswordEncoding.default('raw'),
});
export type PasswordGeneratorSpec = Immutable<z.output<typeof PasswordGeneratorSpec>>;
