/** Helpers from and to encodings and data formats. */
import { createHash } from 'node:crypto';
import { decodeBase64 } from '../encoding/base64.ts';
import type { Budget } from '../function.ts';
import { decodeUtf8, encodeUtf8 } from '../text/utf8.ts';
import { ConversionError, jsonToYaml, parseYaml, YamlError } from '../yaml/index.ts';
import { bytesOfText, textOfBytes } from './bytetext.ts';
import { type Helper, HelperError, helper, text } from './declaration.ts';
import { type HandlebarsValue, recordsOf } from './record.ts';

export const dataHelpers: readonly Helper[] = [
  helper('b64enc', 1, ([value]) => bytesOfText(text(value)).toString('base64')),
  helper('b64dec', 1, ([value]) => fromBase64(text(value))),
  helper('urlencode', 1, ([value]) => urlEncode(bytesOfText(text(value)))),
  helper('sha256sum', 1, ([value]) =>
    createHash('sha256')
      .update(bytesOfText(text(value)))
      .digest('hex'),
  ),
  helper('toJson', 1, ([value], budget) => toJson(value, budget)),
  helper('fromJson', 1, ([value], budget) => fromJson(text(value), budget)),
  helper('toYaml', 1, ([value], budget) => toYaml(value, budget)),
  helper('fromYaml', 1, ([value], budget) => fromYaml(text(value), budget)),
];

function fromBase64(value: string): string {
  const decoded = decodeBase64(value);
  if (!decoded.ok) throw new HelperError('the text is not base64');
  return textOfBytes(Buffer.from(decoded.bytes, 'latin1'));
}

/** All but letters, digits and `-_.~` as `%XX`. */
function urlEncode(bytes: Buffer): string {
  const escaped = (byte: string): string => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  return bytes.toString('latin1').replaceAll(/[^A-Za-z0-9\-_.~]/g, escaped);
}

/** Each value of a list or object is charged: one that many lists share is written many times. */
function toJson(value: unknown, budget: Budget): string {
  if (value === undefined) throw new HelperError('a missing value has no JSON');
  return JSON.stringify(value, (_, member: unknown) => {
    budget.charge(typeof member === 'string' ? 1 + member.length : 1);
    return member;
  });
}

function fromJson(json: string, budget: Budget): HandlebarsValue {
  budget.charge(json.length / 4);
  try {
    return recordsOf(JSON.parse(json));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The parser's own message quotes the text.
    throw new HelperError('the text is not JSON');
  }
}

/** Without the line feed at the end. */
function toYaml(value: unknown, budget: Budget): string {
  return jsonToYaml(encodeUtf8(toJson(value, budget))).replace(/\n$/, '');
}

function fromYaml(yaml: string, budget: Budget): HandlebarsValue {
  budget.charge(yaml.length);
  try {
    return recordsOf(parseYaml(bytesOfText(yaml).toString('latin1')));
  } catch (error) {
    if (error instanceof YamlError) throw new HelperError(`the text is not YAML: ${decodeUtf8(error.message)}`);
    if (error instanceof ConversionError) throw new HelperError('the YAML holds what JSON lacks');
    throw error;
  }
}
