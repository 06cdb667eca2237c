/** Writes values as YAML in block style, byte for byte as go-yaml v2 does: indentation, folding at 80, quoting. */
import { formatShortest } from '../strconv/float.ts';
import { analyze } from './analyze.ts';
import type { YamlMap, YamlValue } from './decode.ts';
import { compareKeys } from './keyorder.ts';
import { resolve, type ScalarValue } from './resolve.ts';
import { Writer } from './writer.ts';

/** The document for `value`, ending in a line break. */
export function emit(value: YamlValue): string {
  const writer = new Writer();
  emitNode(writer, value, 'root');
  writer.indentTo(0);
  return writer.text();
}

type Context = 'root' | 'sequence' | 'mapping';

function emitNode(writer: Writer, value: YamlValue, context: Context): void {
  if (Array.isArray(value)) emitSequence(writer, value, context);
  else if (value instanceof Map) emitMapping(writer, value);
  else emitScalar(writer, value, false);
}

function emitSequence(writer: Writer, items: readonly YamlValue[], context: Context): void {
  if (items.length === 0) return writer.emptyCollection('[', ']');
  // A sequence that is a mapping's value stands at the mapping's own column.
  const indentless = context === 'mapping' && !writer.inIndention;
  writer.nested(indentless ? 0 : 2, 0, () => {
    for (const item of items) {
      writer.newLine();
      writer.indicator('-', true, true);
      emitNode(writer, item, 'sequence');
    }
  });
}

function emitMapping(writer: Writer, map: YamlMap): void {
  if (map.size === 0) return writer.emptyCollection('{', '}');
  const keys = [...map.keys()].toSorted((a, b) => compareKeys(String(a), String(b)));
  writer.nested(2, 0, () => {
    for (const key of keys) {
      writer.newLine();
      const simple = isSimpleKey(key);
      if (!simple) writer.indicator('?', true, true);
      emitScalar(writer, key, simple);
      if (!simple) writer.newLine();
      writer.indicator(':', !simple, !simple);
      emitNode(writer, map.get(key) ?? null, 'mapping');
    }
  });
}

/** A key is written before its colon when it is on one line and has at most 128 bytes. */
function isSimpleKey(key: ScalarValue): boolean {
  const text = scalarText(key);
  return Buffer.byteLength(text) <= 128 && !analyze(text).multiline;
}

function scalarText(value: ScalarValue): string {
  if (value === null) return 'null';
  if (typeof value !== 'number') return String(value);
  const text = formatShortest(value);
  const special: Readonly<Record<string, string>> = { '+Inf': '.inf', '-Inf': '-.inf', NaN: '.nan' };
  return special[text] ?? text;
}

type Style = 'plain' | 'single' | 'double' | 'literal';

function emitScalar(writer: Writer, value: ScalarValue, asKey: boolean): void {
  const text = scalarText(value);
  const style = chooseStyle(text, typeof value === 'string', asKey);
  writer.nested(2, 2, () => {
    if (style === 'plain') writer.plain(text, !asKey);
    else if (style === 'single') writer.singleQuoted(text, !asKey);
    else if (style === 'double') writer.doubleQuoted(text, !asKey);
    else writer.literal(text);
  });
}

function chooseStyle(text: string, isString: boolean, asKey: boolean): Style {
  const { multiline, plainAllowed, singleQuotedAllowed, blockAllowed } = analyze(text);
  const wanted = isString ? wantedStyle(text) : 'plain';
  if (wanted === 'double' || (asKey && multiline)) return 'double';
  if (wanted === 'literal') return blockAllowed && !asKey ? 'literal' : 'double';
  if (plainAllowed && (text !== '' || !asKey)) return 'plain';
  return singleQuotedAllowed ? 'single' : 'double';
}

/** Strings with line breaks are literals; those that a reader would take for something else are in double quotes. */
function wantedStyle(text: string): Style {
  if (text.includes('\n')) return 'literal';
  return resolve('', text).tag === '!!str' && !base60.test(text) ? 'plain' : 'double';
}

/** YAML 1.1's sexagesimal numbers, which go-yaml does not read but other readers do. */
const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
