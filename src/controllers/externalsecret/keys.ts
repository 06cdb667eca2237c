/** Treats what one entry read: keys that a Secret does not allow, encoded values, null bytes. Pure. */
import { type DecodingStrategy, decode } from '../../lib/decoding.ts';
import { convertKeys, validKeys } from '../../lib/secretkeys.ts';
import type { SecretMap } from '../../provider/provider.ts';
import { TerminalError } from '../../runtime/errors.ts';

export interface Treatment {
  readonly conversionStrategy?: 'Default' | 'Unicode' | undefined;
  readonly decodingStrategy?: DecodingStrategy | undefined;
  readonly nullBytePolicy?: 'Ignore' | 'Fail' | undefined;
}

/** A find or extract result after rewriting: keys converted (only if nothing rewrote them), checked, values decoded. */
export function treatMap(secrets: SecretMap, treatment: Treatment, rewritten: boolean): SecretMap {
  const converted = rewritten ? secrets : convertKeys(treatment.conversionStrategy, secrets);
  const valid = validKeys(converted);
  return new Map(Array.from(valid, ([key, value]) => [key, treatValue(key, value, treatment)]));
}

/** @throws TerminalError when the value cannot be decoded or holds a null byte that `nullBytePolicy` forbids */
export function treatValue(key: string, value: Uint8Array, treatment: Treatment): Uint8Array {
  const decoded = decodeAs(treatment.decodingStrategy, key, value);
  if (treatment.nullBytePolicy === 'Fail' && decoded.includes(0)) {
    throw new TerminalError('SecretSyncedError', `the value of key "${key}" contains a null byte`);
  }
  return decoded;
}

function decodeAs(strategy: DecodingStrategy | undefined, key: string, value: Uint8Array): Uint8Array {
  try {
    return decode(strategy, value);
  } catch (error) {
    throw new TerminalError('SecretSyncedError', `the value of key "${key}" cannot be decoded as ${strategy}`, {
      cause: error,
    });
  }
}
