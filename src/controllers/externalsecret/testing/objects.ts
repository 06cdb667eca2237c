/** Objects for the unit tests of this folder: a whole ExternalSecret from the part that a test is about. */

import type { ExternalSecret } from '../../../api/externalsecret.ts';
import { ExternalSecret as Schema } from '../../../api/externalsecret.ts';
import type { SecretMap } from '../../../provider/provider.ts';

export interface ObjectParts {
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly generation?: number;
}

/** As the API server would hand it out, with defaults. @param spec as a user writes it */
export function externalSecretWith(spec: object, parts: ObjectParts = {}): ExternalSecret {
  const { name = 'app', generation = 1, labels, annotations } = parts;
  return {
    metadata: {
      name,
      namespace: 'production',
      uid: 'uid-of-app',
      generation,
      ...(labels !== undefined && { labels }),
      ...(annotations !== undefined && { annotations }),
    },
    ...Schema.parse({ spec }),
  };
}

export function valuesOf(texts: Readonly<Record<string, string>>): SecretMap {
  return new Map(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text)]));
}

/** What a map of bytes says, for comparing. */
export function textsOf(values: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  return Object.fromEntries(Array.from(values, ([key, value]) => [key, Buffer.from(value).toString()]));
}
