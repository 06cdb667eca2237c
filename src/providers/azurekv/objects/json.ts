/** Properties and members of JSON that is kept in a vault. */
import { gjson } from '../../../lib/gjson.ts';
import { JsonSyntaxError } from '../../../lib/json.ts';
import { rawMembers } from '../../../lib/jsonvalue.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { SecretMap } from '../../../provider/provider.ts';

/** A gjson path first; where it leads nowhere, a key that has the dots itself. As in ESO 2.9. */
export function propertyOf(json: Uint8Array, property: string): Uint8Array | undefined {
  const found = gjson(json, property) ?? (property.includes('.') ? gjson(json, escapeDots(property)) : undefined);
  return found?.bytes;
}

/** @throws ProviderError `invalid` when it is no JSON object */
export function membersOf(what: string, json: Uint8Array): SecretMap {
  try {
    const members = rawMembers(json);
    if (members !== undefined) return members;
  } catch (cause) {
    if (!(cause instanceof JsonSyntaxError)) throw cause;
    throw new ProviderError('invalid', `${what} is not a JSON object: ${cause.message}`, { cause });
  }
  throw new ProviderError('invalid', `${what} is not a JSON object`);
}

function escapeDots(key: string): string {
  return key.replaceAll('.', '\\.');
}
