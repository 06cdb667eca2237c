/** YAML read into Go's `map[string]string`, as sigs.k8s.io/yaml does it when the target's values are strings. */
import { formatShortest } from '../strconv/float.ts';
import { encodeUtf8 } from '../text/utf8.ts';
import { decode, type YamlValue } from './decode.ts';
import { YamlError } from './errors.ts';
import { parseDocument } from './parser.ts';
import { readCharacters } from './reader.ts';

/**
 * Reads one document (bytes) of scalars by name; keys and values are bytes. Numbers and booleans become what YAML 1.1
 * makes of them (`0123` is "83", `yes` is "true"), null becomes "".
 * @throws YamlError when the document is no map, or a value is a list or a map
 */
export function parseStringMap(bytes: string): Map<string, string> {
  const node = parseDocument(readCharacters(bytes));
  const document = node === undefined ? null : decode(node);
  if (document === null) return new Map();
  if (!(document instanceof Map)) throw new YamlError('the text is not a YAML map of keys and values');
  const entries = new Map<string, string>();
  for (const [key, value] of document) {
    const name = encodeUtf8(scalarText(key, 'a key'));
    entries.set(name, encodeUtf8(scalarText(value, `the value of "${name}"`)));
  }
  return entries;
}

function scalarText(value: YamlValue, what: string): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'number':
      return formatShortest(value);
    default:
      if (value === null) return '';
      throw new YamlError(`${what} is a list or a map, not a string`);
  }
}
