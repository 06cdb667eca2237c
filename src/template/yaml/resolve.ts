/** What a plain scalar means: YAML 1.1's booleans, numbers and nulls as go-yaml v2 reads them. */
import { parseFloat64 } from '../strconv/float.ts';
import { parseInt64, parseUint64 } from '../strconv/int.ts';
import { YamlError } from './errors.ts';
import { isTimestamp } from './timestamp.ts';

/** Integers are bigint, floats are number, so that `1` and `1.0` stay apart. */
export type ScalarValue = null | boolean | bigint | number | string;

export interface Resolved {
  /** The short form, such as `!!int`, or the tag as given. */
  readonly tag: string;
  readonly value: ScalarValue;
}

const longPrefix = 'tag:yaml.org,2002:';

export function shortTag(tag: string): string {
  return tag.startsWith(longPrefix) ? `!!${tag.slice(longPrefix.length)}` : tag;
}

const resolvable = new Set(['', '!!str', '!!bool', '!!int', '!!float', '!!null', '!!timestamp']);

/** Resolves `text` under `tag` (in full or empty for none); a tag that the text does not fit is an error. */
export function resolve(tag: string, text: string): Resolved {
  const wanted = shortTag(tag);
  if (!resolvable.has(wanted)) return { tag: wanted, value: text };
  const found = wanted === '!!str' ? { tag: '!!str', value: text } : resolvePlain(wanted, text);
  if (wanted === '' || wanted === '!!str' || found.tag === wanted) return found;
  // go-yaml widens only what fits an int64, which is why a larger integer is refused as a float.
  if (wanted === '!!float' && typeof found.value === 'bigint' && found.value < 2n ** 63n) {
    return { tag: '!!float', value: Number(found.value) };
  }
  throw new YamlError(`cannot decode ${found.tag} \`${text}\` as a ${wanted}`);
}

const words: ReadonlyMap<string, Resolved> = new Map([
  ...entries('!!bool', true, ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']),
  ...entries('!!bool', false, ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']),
  ...entries('!!null', null, ['', '~', 'null', 'Null', 'NULL']),
  ...entries('!!float', Number.NaN, ['.nan', '.NaN', '.NAN']),
  ...entries('!!float', Number.POSITIVE_INFINITY, ['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF']),
  ...entries('!!float', Number.NEGATIVE_INFINITY, ['-.inf', '-.Inf', '-.INF']),
]);

function entries(tag: string, value: ScalarValue, texts: readonly string[]): Array<readonly [string, Resolved]> {
  return texts.map((text) => [text, { tag, value }] as const);
}

/** Only texts that begin like this can be anything but a string. */
const hint = /^(?:[-+0-9yYnNtTfFoO~.]|$)/;

function resolvePlain(wanted: string, text: string): Resolved {
  const asString = { tag: '!!str', value: text };
  if (!hint.test(text)) return asString;
  const word = words.get(text);
  if (word !== undefined) return word;
  if (text.startsWith('.')) {
    const value = parseFloat64(text);
    return value === undefined ? asString : { tag: '!!float', value };
  }
  if (!/^[-+0-9]/.test(text)) return asString;
  if ((wanted === '' || wanted === '!!timestamp') && isTimestamp(text)) return { tag: '!!timestamp', value: text };
  return resolveNumber(text.replaceAll('_', '')) ?? asString;
}

const styleFloat = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

function resolveNumber(plain: string): Resolved | undefined {
  const integer = parseInt64(plain, 0);
  if (integer.ok) return { tag: '!!int', value: integer.value };
  const unsigned = parseUint64(plain, 0);
  if (unsigned.ok) return { tag: '!!int', value: unsigned.value };
  const float = styleFloat.test(plain) ? parseFloat64(plain) : undefined;
  return float === undefined ? undefined : { tag: '!!float', value: float };
}
