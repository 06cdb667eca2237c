/** What an ExternalSecret writes, and who owns it. */
import { z } from 'zod';
import type { Immutable } from './metadata.ts';
import { ObjectName } from './refs.ts';
import { Template } from './template.ts';

/**
 * - `Owner`: created, owned, all of its data ours.
 * - `Orphan`: created, not owned.
 * - `Merge`: only our keys in a Secret that exists.
 * - `CreateOrMerge`: as Merge, created when it is missing.
 * - `None`: nothing is written.
 */
export const CreationPolicy = z.enum(['Owner', 'Orphan', 'Merge', 'None', 'CreateOrMerge']);
export type CreationPolicy = z.output<typeof CreationPolicy>;

/** What happens to the Secret when its remote secrets are gone. */
export const DeletionPolicy = z.enum(['Delete', 'Merge', 'Retain']);
export type DeletionPolicy = z.output<typeof DeletionPolicy>;

/** A target that is not a Secret. */
export const ManifestTarget = z.object({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
});
export type ManifestTarget = Immutable<z.output<typeof ManifestTarget>>;

export const Target = z.object({
  name: ObjectName.optional().describe("Name of the Secret; the ExternalSecret's own when empty."),
  creationPolicy: CreationPolicy.default('Owner').describe('How the Secret is created and who owns it.'),
  deletionPolicy: DeletionPolicy.default('Retain').describe('What happens when the remote secrets are gone.'),
  immutable: z.boolean().optional().describe('Makes the Secret immutable.'),
  manifest: ManifestTarget.optional().describe('Writes this kind of object instead of a Secret.'),
  template: Template.optional().describe('How the Secret is made from what was read.'),
});
export type Target = Immutable<z.output<typeof Target>>;
