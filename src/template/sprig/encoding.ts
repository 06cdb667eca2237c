/** Sprig's base64, base32 and hexadecimal. Decoders give the error's text where there is nothing to decode. */
import { decodeBase32, encodeBase32 } from '../encoding/base32.ts';
import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import type { Decoded } from '../encoding/decoded.ts';
import { decodeHex } from '../encoding/hex.ts';
import { define, type TemplateFunction } from '../function.ts';
import { stringType } from '../types.ts';
import { text } from './arguments.ts';
import { chargeBytes } from './cost.ts';

export const encodingFunctions: readonly TemplateFunction[] = [
  converter('b64enc', encodeBase64),
  converter('b64dec', (value) => bytesOrError(decodeBase64(value))),
  converter('b32enc', encodeBase32),
  converter('b32dec', (value) => bytesOrError(decodeBase32(value))),
  converter('hexdec', (value) => bytesOrError(decodeHex(value))),
];

function converter(name: string, convert: (value: string) => string): TemplateFunction {
  return define(name, [stringType], stringType, ([value], runtime) => {
    chargeBytes(runtime, text(value).length);
    return convert(text(value));
  });
}

function bytesOrError(decoded: Decoded): string {
  return decoded.ok ? decoded.bytes : decoded.error;
}
