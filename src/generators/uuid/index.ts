/** The UUID generator: a random UUID (RFC 9562, version 4) under the key `uuid`. */
import { randomUUID } from 'node:crypto';
import { UUIDGeneratorSpec } from '../../api/generators/uuid.ts';
import type { Generator } from '../../provider/generator.ts';

export const generator: Generator<UUIDGeneratorSpec> = {
  kind: 'UUID',
  clusterSpecKey: 'uuidSpec',
  Spec: UUIDGeneratorSpec,
  async generate() {
    return { values: new Map([['uuid', Buffer.from(randomUUID())]]) };
  },
};
