/** Vault's answers: JSON whose numbers keep their digits, of which each reader takes what it knows. */
import { JsonNumber, JsonSyntaxError, type JsonValue, parseJson } from '../../lib/json.ts';

export type JsonObject = ReadonlyMap<string, JsonValue>;

/** An answer's body; undefined when it is no JSON object: then it was not Vault that answered. */
export function parseAnswer(body: Uint8Array): JsonObject | undefined {
  try {
    return objectOf(parseJson(body));
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
}

export function objectOf(value: JsonValue | undefined): JsonObject | undefined {
  return value instanceof Map ? value : undefined;
}

export function objectIn(object: JsonObject | undefined, key: string): JsonObject | undefined {
  return objectOf(object?.get(key));
}

export function textIn(object: JsonObject | undefined, key: string): string {
  const value = object?.get(key);
  return typeof value === 'string' ? value : '';
}

export function numberIn(object: JsonObject | undefined, key: string): number {
  const value = object?.get(key);
  return value instanceof JsonNumber ? Number(value.text) : 0;
}

export function textsIn(object: JsonObject | undefined, key: string): readonly string[] {
  const value = object?.get(key);
  return Array.isArray(value) ? value.filter((element) => typeof element === 'string') : [];
}
