/** `decodingStrategy`: what is done to a value that was stored encoded. */

export type DecodingStrategy = 'None' | 'Base64' | 'Base64URL' | 'Auto';

/**
 * As ESO 2.9 does: Base64 and Base64URL need padding and accept line breaks (as Go's encoding/base64 does); Auto tries
 * both and leaves alone what is neither.
 * @throws Error without the value when it cannot be decoded
 */
export function decodeValue(strategy: DecodingStrategy | string, value: Uint8Array): Uint8Array {
  switch (strategy) {
    case 'None':
    case '':
      return value;
    case 'Base64':
      return decodeBase64(value, standard) ?? refuse('base64');
    case 'Base64URL':
      return decodeBase64(value, urlSafe) ?? refuse('base64url');
    case 'Auto':
      return decodeBase64(value, standard) ?? decodeBase64(value, urlSafe) ?? value;
    default:
      throw new Error(`decoding strategy "${strategy}" is not supported`);
  }
}

const standard = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const urlSafe = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}==|[A-Za-z0-9_-]{3}=)?$/;

function decodeBase64(value: Uint8Array, alphabet: RegExp): Uint8Array | undefined {
  const text = Buffer.from(value).toString('latin1').replaceAll(/[\r\n]/g, '');
  // Node's decoder takes both alphabets and drops what it does not know: the check is ours.
  return alphabet.test(text) ? Buffer.from(text, 'base64') : undefined;
}

function refuse(encoding: string): never {
  throw new Error(`the value is not ${encoding}`);
}
