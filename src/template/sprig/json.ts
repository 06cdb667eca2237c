/** Sprig's JSON functions. Those without `must` hide errors: bad JSON is nil, what JSON cannot hold is "". */
import { define, FunctionError, type FunctionRuntime, type TemplateFunction } from '../function.ts';
import { decodeJson } from '../json/decode.ts';
import { type EncodeOptions, encodeJson } from '../json/encode.ts';
import { anyType, stringType } from '../types.ts';
import type { Value } from '../value.ts';
import { any, text } from './arguments.ts';
import { chargeBytes } from './cost.ts';

const compact: EncodeOptions = { escapeHtml: true };
const pretty: EncodeOptions = { escapeHtml: true, indent: '  ' };
const raw: EncodeOptions = { escapeHtml: false };

export const jsonFunctions: readonly TemplateFunction[] = [
  define('fromJson', [stringType], anyType, ([json], runtime) => fromJson(text(json), runtime).value),
  define('mustFromJson', [stringType], anyType, ([json], runtime) => mustFromJson(text(json), runtime)),
  lenient('toJson', compact),
  strict('mustToJson', compact),
  lenient('toPrettyJson', pretty),
  strict('mustToPrettyJson', pretty),
  strict('toRawJson', raw),
  strict('mustToRawJson', raw),
];

function fromJson(json: string, runtime: FunctionRuntime): ReturnType<typeof decodeJson> {
  // Every value takes at least one byte, and far more memory than that.
  runtime.budget.charge(Math.ceil(json.length / 8));
  return decodeJson(json);
}

function mustFromJson(json: string, runtime: FunctionRuntime): Value {
  const { value, error } = fromJson(json, runtime);
  if (error !== undefined) throw new FunctionError(error);
  return value;
}

function strict(name: string, options: EncodeOptions): TemplateFunction {
  return define(name, [anyType], stringType, ([value], runtime) => toJson(any(value), options, runtime));
}

function lenient(name: string, options: EncodeOptions): TemplateFunction {
  return define(name, [anyType], stringType, ([value], runtime) => {
    try {
      return toJson(any(value), options, runtime);
    } catch (error) {
      if (error instanceof FunctionError) return '';
      throw error;
    }
  });
}

export function toJson(value: Value, options: EncodeOptions, runtime: FunctionRuntime): string {
  const json = encodeJson(value, options, runtime.budget);
  chargeBytes(runtime, json.length);
  return json;
}
