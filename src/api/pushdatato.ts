/** `dataTo` of a PushSecret: many keys of one Secret pushed by rule. */
import { z } from 'zod';
import { freeJson, withRules } from './dialect.ts';
import { LabelSelector } from './labelselector.ts';
import type { Immutable } from './metadata.ts';
import { ObjectName, StoreKind } from './refs.ts';
import { RewriteRegexp, RewriteTransform } from './rewrite.ts';

/** `ReverseUnicode` turns `_U0041_` back into the character, undoing the Unicode strategy of reads. */
export const PushConversionStrategy = z.enum(['None', 'ReverseUnicode']);
export type PushConversionStrategy = z.output<typeof PushConversionStrategy>;

/** Names one store, or all that match. */
export const PushStoreRef = z.object({
  name: ObjectName.optional(),
  labelSelector: LabelSelector.optional(),
  kind: StoreKind.default('SecretStore'),
});
export type PushStoreRef = Immutable<z.output<typeof PushStoreRef>>;

export const PushRewrite = withRules(
  z.object({
    regexp: RewriteRegexp.optional(),
    transform: RewriteTransform.optional(),
  }),
  {
    cel: '(has(self.regexp) && !has(self.transform)) || (!has(self.regexp) && has(self.transform))',
    message: 'exactly one of regexp and transform must be set',
    holds: (rewrite) => (rewrite.regexp === undefined) !== (rewrite.transform === undefined),
  },
);
export type PushRewrite = Immutable<z.output<typeof PushRewrite>>;

export const PushDataTo = withRules(
  z.object({
    storeRef: PushStoreRef.optional().describe('The store, which must be among secretStoreRefs.'),
    remoteKey: z.string().optional().describe('Pushes all matching keys as one JSON secret of this name.'),
    match: z.object({ regexp: z.string().optional() }).optional().describe('Keys that match; all when empty.'),
    rewrite: z.array(PushRewrite).optional().describe('Makes remote keys from the keys, in order.'),
    metadata: freeJson().optional().describe("The provider's own settings for the remote secrets."),
    conversionStrategy: PushConversionStrategy.default('None'),
  }),
  {
    cel: 'has(self.storeRef) && (has(self.storeRef.name) || has(self.storeRef.labelSelector))',
    message: 'storeRef must have a name or a labelSelector',
    holds: ({ storeRef }) => storeRef?.name !== undefined || storeRef?.labelSelector !== undefined,
  },
  {
    cel: '!has(self.remoteKey) || !has(self.rewrite) || size(self.rewrite) == 0',
    message: 'remoteKey and rewrite exclude each other',
    holds: ({ remoteKey, rewrite = [] }) => remoteKey === undefined || rewrite.length === 0,
  },
);
export type PushDataTo = Immutable<z.output<typeof PushDataTo>>;
