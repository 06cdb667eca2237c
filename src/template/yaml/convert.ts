/** From YAML to what JSON can hold: string keys only, and no number that JSON lacks. As sigs.k8s.io/yaml does it. */
import { formatShortest32 } from '../strconv/float.ts';
import type { YamlMap, YamlValue } from './decode.ts';
import { goSyntax } from './gosyntax.ts';
import type { ScalarValue } from './resolve.ts';

/** A conversion that JSON does not allow. Its text is sigs.k8s.io/yaml's. */
export class ConversionError extends Error {
  override readonly name = 'ConversionError';
}

/** A value with string keys only; integers become floats, as they do when Go decodes JSON. */
export type JsonValue = null | boolean | number | string | JsonValue[] | Map<string, JsonValue>;

/** Converts in two passes, as Go does: a bad key anywhere is reported before a bad number. */
export function toJsonValue(value: YamlValue): JsonValue {
  const converted = withStringKeys(value);
  refuseNonFinite(converted);
  return converted;
}

function withStringKeys(value: YamlValue): JsonValue {
  if (Array.isArray(value)) return value.map(withStringKeys);
  if (value instanceof Map) return mapWithStringKeys(value);
  return typeof value === 'bigint' ? Number(value) : value;
}

function mapWithStringKeys(map: YamlMap): Map<string, JsonValue> {
  const converted = new Map<string, JsonValue>();
  for (const [key, value] of map) converted.set(keyText(key, value), withStringKeys(value));
  return converted;
}

function refuseNonFinite(value: JsonValue): void {
  if (value instanceof Map || Array.isArray(value)) for (const member of value.values()) refuseNonFinite(member);
  if (typeof value !== 'number' || Number.isFinite(value)) return;
  throw new ConversionError(`json: unsupported value: ${Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'}`);
}

function keyText(key: ScalarValue, value: YamlValue): string {
  if (typeof key === 'string') return key;
  if (typeof key === 'boolean') return String(key);
  if (typeof key === 'bigint' && key < 2n ** 63n) return String(key);
  if (typeof key === 'number') return floatKeyText(key);
  const type = key === null ? '%!s(<nil>)' : 'uint64';
  const shown = key === null ? '<nil>' : `0x${key.toString(16)}`;
  throw new ConversionError(
    `unsupported map key of type: ${type}, key: ${shown}, value: ${value === null ? '<nil>' : goSyntax(value)}`,
  );
}

/** Floats as keys are written with the precision of a float32. */
function floatKeyText(key: number): string {
  const text = formatShortest32(key);
  if (text === '+Inf') return '.inf';
  if (text === '-Inf') return '-.inf';
  return text === 'NaN' ? '.nan' : text;
}
