/** How the keys of a Secret are made from what was read. */
import { z } from 'zod';
import { stringMap } from './dialect.ts';
import type { Immutable } from './metadata.ts';
import { DataKey, ObjectName } from './refs.ts';
import { DecodingStrategy } from './remoteref.ts';

/** `v2` is Go's text/template as in ESO; `handlebars` is ours. */
export const EngineVersion = z.enum(['v2', 'handlebars']);
export type EngineVersion = z.output<typeof EngineVersion>;

/** `Replace`: only what the template makes. `Merge`: that, over all keys that were read. */
export const MergePolicy = z.enum(['Replace', 'Merge']);
export type MergePolicy = z.output<typeof MergePolicy>;

/** `Values`: the item makes the value of one key. `KeysAndValues`: it makes a YAML map of keys and values. */
export const TemplateScope = z.enum(['Values', 'KeysAndValues']);
export type TemplateScope = z.output<typeof TemplateScope>;

export const TemplateItem = z.object({
  key: DataKey,
  templateAs: TemplateScope.default('Values'),
});
export type TemplateItem = Immutable<z.output<typeof TemplateItem>>;

/** Names a ConfigMap or Secret and the keys of it that are templates. */
export const TemplateSource = z.object({
  name: ObjectName,
  items: z.array(TemplateItem),
});
export type TemplateSource = Immutable<z.output<typeof TemplateSource>>;

export const TemplateFrom = z.object({
  configMap: TemplateSource.optional(),
  secret: TemplateSource.optional(),
  literal: z.string().optional().describe('A template that makes a YAML map of keys and values.'),
  target: z
    .string()
    .default('Data')
    .describe('Data, Annotations or Labels; for manifest targets also a path such as spec.rules.'),
  valuesDecodingStrategy: DecodingStrategy.optional().describe('How rendered values are decoded. Default None.'),
});
export type TemplateFrom = Immutable<z.output<typeof TemplateFrom>>;

export const TemplateMetadata = z.object({
  labels: stringMap().optional(),
  annotations: stringMap().optional(),
  finalizers: z.array(z.string()).optional(),
});
export type TemplateMetadata = Immutable<z.output<typeof TemplateMetadata>>;

export const Template = z.object({
  type: z.string().optional().describe('Type of the Secret, such as kubernetes.io/tls.'),
  engineVersion: EngineVersion.default('v2'),
  mergePolicy: MergePolicy.default('Replace').describe(
    'Replace: only what the template makes. Merge: over what was read.',
  ),
  metadata: TemplateMetadata.optional().describe('Metadata of the Secret; values are templates.'),
  data: stringMap().optional().describe('A template for each key.'),
  templateFrom: z.array(TemplateFrom).optional().describe('Templates kept elsewhere; data wins over them.'),
});
export type Template = Immutable<z.output<typeof Template>>;
