/** The payload of one version of a secret. */
import { gjson } from '../../lib/gjson.ts';
import { JsonSyntaxError, parseJson } from '../../lib/json.ts';
import { rawMembers } from '../../lib/jsonvalue.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { RemoteSecret, SecretMap } from '../../provider/provider.ts';
import type { AccessedVersion } from './api.ts';
import { crc32c } from './crc32c.ts';
import { lastSegment } from './resourcename.ts';

export class SecretPayload implements RemoteSecret {
  readonly version: string;
  readonly #key: string;
  readonly #bytes: Uint8Array;

  /** @throws ProviderError `unavailable` when the payload was damaged on its way */
  constructor(key: string, answer: AccessedVersion) {
    this.#key = key;
    this.version = lastSegment(answer.name);
    this.#bytes = payloadOf(key, answer);
  }

  get sizeBytes(): number {
    return this.#bytes.byteLength;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  value(property: string | undefined): Uint8Array {
    if (property === undefined || property === '') return this.#bytes;
    const found = propertyOf(this.#json(), property);
    if (found !== undefined) return found;
    throw new ProviderError('invalid', `the secret ${this.#key} has no property ${property}`);
  }

  /** Strings without quotes, anything else as it is written. */
  map(property: string | undefined): SecretMap {
    const what = property === undefined || property === '' ? 'the secret' : `the property ${property} of the secret`;
    try {
      const members = rawMembers(this.value(property));
      if (members !== undefined) return members;
    } catch (cause) {
      if (!(cause instanceof JsonSyntaxError)) throw cause;
    }
    throw new ProviderError('invalid', `${what} ${this.#key} is not a JSON object`);
  }

  /** The payload, if it is JSON at all. */
  #json(): Uint8Array {
    if (isJson(this.#bytes)) return this.#bytes;
    throw new ProviderError('invalid', `the secret ${this.#key} is not JSON, so that it has no properties`);
  }
}

/** A key with dots before a path along them, as in ESO 2.9. */
export function propertyOf(json: Uint8Array, property: string): Uint8Array | undefined {
  const exact = property.includes('.') ? gjson(json, property.replaceAll('.', String.raw`\.`)) : undefined;
  return (exact ?? gjson(json, property))?.bytes;
}

export function isJson(bytes: Uint8Array): boolean {
  try {
    parseJson(bytes);
    return true;
  } catch (cause) {
    if (cause instanceof JsonSyntaxError) return false;
    throw cause;
  }
}

function payloadOf(key: string, { payload }: AccessedVersion): Uint8Array {
  // Over HTTP/JSON the library makes a Buffer of every bytes field; 64-bit integers are decimal strings.
  const bytes = new Uint8Array(Buffer.from(payload?.data ?? ''));
  const checksum = payload?.dataCrc32c ?? undefined;
  // Without data an answer may be no answer: only the checksum can say that nothing is what there is.
  if (checksum === undefined && bytes.length === 0)
    throw new ProviderError('unavailable', `${key} was answered without a payload`);
  if (checksum === undefined || String(crc32c(bytes)) === String(checksum)) return bytes;
  throw new ProviderError('unavailable', `the payload of ${key} does not have the checksum that it was sent with`);
}
