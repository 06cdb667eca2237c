/** `decodingStrategy`: base64 as Go's decoder takes it, no more and no less. */

export class DecodingError extends Error {
  override readonly name = 'DecodingError';
}

export type DecodingStrategy = 'None' | 'Base64' | 'Base64URL' | 'Auto';

/**
 * `Auto` tries both alphabets and keeps the value when neither fits, as ESO 2.9 does.
 * @throws DecodingError, which never repeats the value
 */
export function decode(strategy: DecodingStrategy | undefined, value: Uint8Array): Uint8Array {
  switch (strategy) {
    case 'Base64':
      return fromBase64(value, standard) ?? refuse('base64');
    case 'Base64URL':
      return fromBase64(value, urlSafe) ?? refuse('base64url');
    case 'Auto':
      return fromBase64(value, standard) ?? fromBase64(value, urlSafe) ?? value;
    default:
      return value;
  }
}

const standard = /[^A-Za-z0-9+/]/;
const urlSafe = /[^A-Za-z0-9_-]/;

/** Padding is required, line ends are ignored, anything else outside the alphabet is an error: Go's rules, not Node's. */
function fromBase64(value: Uint8Array, foreign: RegExp): Uint8Array | undefined {
  const text = Buffer.from(value)
    .toString('latin1')
    .replace(/[\r\n]/g, '');
  if (text.length % 4 !== 0 || foreign.test(text.replace(/={1,2}$/, ''))) return undefined;
  // Node's decoder takes both alphabets at once; which one is allowed has just been judged.
  return Buffer.from(text, 'base64');
}

function refuse(encoding: string): never {
  throw new DecodingError(`the value is not ${encoding}`);
}
