/** ESO's YAML functions: YAML 1.1 through JSON, as sigs.k8s.io/yaml does it. */
import { define, FunctionError, type FunctionRuntime, type TemplateFunction } from '../function.ts';
import { encodeUtf8 } from '../text/utf8.ts';
import { anyType, dictType, stringType } from '../types.ts';
import { dict, type GoMap, list, type Value } from '../value.ts';
import { ConversionError, type JsonValue, jsonToYaml, parseYaml, YamlError } from '../yaml/index.ts';
import { any, text } from './arguments.ts';
import { toJson } from './json.ts';

export const yamlFunctions: readonly TemplateFunction[] = [
  define('toYaml', [anyType], stringType, ([value], runtime) => toYaml(any(value), runtime)),
  define('fromYaml', [stringType], dictType, ([yaml], runtime) => fromYaml(text(yaml), runtime)),
];

/** The YAML of a value without its last line break; "" for what JSON or YAML 1.1 cannot hold. */
function toYaml(value: Value, runtime: FunctionRuntime): string {
  try {
    const json = toJson(value, { escapeHtml: true }, runtime);
    runtime.budget.charge(json.length);
    return encodeUtf8(jsonToYaml(json).replace(/\n$/, ''));
  } catch (error) {
    if (error instanceof FunctionError || error instanceof YamlError) return '';
    throw error;
  }
}

/** The map that the first document holds; with the key `Error` alone when there is none. */
function fromYaml(yaml: string, runtime: FunctionRuntime): GoMap {
  runtime.budget.charge(yaml.length);
  try {
    const value = parseYaml(yaml);
    if (value === null) return dict([]);
    if (value instanceof Map) return toDict(value, runtime);
    return dict([['Error', `error unmarshaling JSON: while decoding JSON: ${wrongKind(value)}`]]);
  } catch (error) {
    if (!(error instanceof YamlError) && !(error instanceof ConversionError)) throw error;
    const reason = error instanceof YamlError ? `yaml: ${error.message}` : error.message;
    return dict([['Error', encodeUtf8(`error converting YAML to JSON: ${reason}`)]]);
  }
}

function wrongKind(value: JsonValue): string {
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `json: cannot unmarshal ${kind} into Go value of type ${dictType.name}`;
}

function toDict(entries: ReadonlyMap<string, JsonValue>, runtime: FunctionRuntime): GoMap {
  return dict(Array.from(entries, ([key, value]) => [encodeUtf8(key), toValue(value, runtime)] as const));
}

function toValue(value: JsonValue, runtime: FunctionRuntime): Value {
  runtime.budget.charge(1);
  if (typeof value === 'string') return encodeUtf8(value);
  if (Array.isArray(value)) return list(value.map((item) => toValue(item, runtime)));
  return value instanceof Map ? toDict(value, runtime) : value;
}
