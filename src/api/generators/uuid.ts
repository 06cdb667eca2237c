/** The UUID generator: random UUIDs, version 4. It has no settings. */
import { z } from 'zod';

export const UUIDGeneratorSpec = z.object({});
export type UUIDGeneratorSpec = z.output<typeof UUIDGeneratorSpec>;
