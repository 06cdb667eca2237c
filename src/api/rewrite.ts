/** Operations on the keys of a dataFrom entry, applied in their order. */
import { z } from 'zod';
import { exactlyOne } from './dialect.ts';
import type { Immutable } from './metadata.ts';

export const RewriteRegexp = z.object({
  source: z.string().describe('A regular expression in RE2 syntax.'),
  target: z.string().describe('The replacement; $1 and ${name} stand for groups.'),
});

export const RewriteTransform = z.object({
  template: z.string().describe('A template that makes the new key; .value is the old one.'),
});

export const RewriteMerge = z.object({
  into: z.string().default('').describe('The key that gets the merged JSON; for strategy JSON.'),
  priority: z.array(z.string()).optional().describe('Keys whose values win, the last most.'),
  priorityPolicy: z.enum(['IgnoreNotFound', 'Strict']).default('Strict'),
  conflictPolicy: z.enum(['Ignore', 'Error']).default('Error'),
  strategy: z.enum(['Extract', 'JSON']).default('Extract'),
});
export type RewriteMerge = Immutable<z.output<typeof RewriteMerge>>;

export const Rewrite = exactlyOne({
  merge: RewriteMerge.optional().describe('Merges the JSON objects of all keys.'),
  regexp: RewriteRegexp.optional(),
  transform: RewriteTransform.optional(),
});
export type Rewrite = Immutable<z.output<typeof Rewrite>>;
