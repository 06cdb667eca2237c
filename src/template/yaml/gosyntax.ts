/** Values as Go's `%#v` shows them, for the messages about keys that cannot be. */
import { formatShortest } from '../strconv/float.ts';
import { quote } from '../strconv/quote.ts';
import { decodeUtf8, encodeUtf8 } from '../text/utf8.ts';
import type { YamlMap, YamlValue } from './decode.ts';
import type { ScalarValue } from './resolve.ts';

export function goSyntax(value: YamlValue): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  return value instanceof Map ? mapSyntax(value) : scalarSyntax(value);
}

function mapSyntax(map: YamlMap): string {
  const pairs = [...map].sort(([left], [right]) => compareKeys(left, right));
  const members = pairs.map(([key, member]) => `${goSyntax(key)}:${goSyntax(member)}`);
  return `map[interface {}]interface {}{${members.join(', ')}}`;
}

function scalarSyntax(value: ScalarValue): string {
  switch (typeof value) {
    case 'string':
      return decodeUtf8(quote(encodeUtf8(value)));
    case 'number':
      return formatShortest(value);
    case 'bigint':
      return isUint64(value) ? `0x${value.toString(16)}` : String(value);
    default:
      return value === null ? 'interface {}(nil)' : String(value);
  }
}

/** Keys of one type are together, in their order; the order of types is the one that Go's linker gives them. */
function compareKeys(left: ScalarValue, right: ScalarValue): number {
  const byType = typeRank(left) - typeRank(right);
  if (byType !== 0 || left === right || left === null || right === null) return byType;
  return left < right ? -1 : 1;
}

function typeRank(key: ScalarValue): number {
  switch (typeof key) {
    case 'string':
      return 1;
    case 'bigint':
      return isUint64(key) ? 2 : 3;
    case 'number':
      return 4;
    case 'boolean':
      return 5;
    default:
      return 0;
  }
}

/** What does not fit into Go's int. */
function isUint64(value: bigint): boolean {
  return value >= 2n ** 63n;
}
