/** YAML as the original engine's functions read and write it: sigs.k8s.io/yaml over go-yaml v2, that is YAML 1.1. */
import { type JsonValue, toJsonValue } from './convert.ts';
import { decode, type YamlValue } from './decode.ts';
import { emit } from './emit.ts';
import { parseDocument } from './parser.ts';
import { readCharacters } from './reader.ts';

export { ConversionError, type JsonValue } from './convert.ts';
export { YamlError } from './errors.ts';

/**
 * Reads the first document of a stream (bytes) into what JSON can hold; strings in the result are characters.
 * Throws YamlError for a text that is no YAML and ConversionError for a value that JSON lacks.
 */
export function parseYaml(bytes: string): JsonValue {
  const value = readDocument(bytes);
  return toJsonValue(value);
}

/**
 * Writes the YAML of a JSON text (bytes), as characters. The JSON is read as the YAML that it is, so that its
 * integers keep all their digits. Throws YamlError for the few JSON texts that YAML 1.1 refuses.
 */
export function jsonToYaml(json: string): string {
  return emit(readDocument(json));
}

function readDocument(bytes: string): YamlValue {
  const node = parseDocument(readCharacters(bytes));
  return node === undefined ? null : decode(node);
}
