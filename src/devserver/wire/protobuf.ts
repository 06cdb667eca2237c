/**
 * Reads Kubernetes' protobuf, which Go clients send for built-in kinds: an envelope that names the type, and in it a
 * message by the tables of `protobufmessages.ts`. Fields that those do not name are passed over. Answers are JSON.
 */

import { type FieldType, type Message, messages } from './protobufmessages.ts';
import { Reader } from './protobufreader.ts';

export const protobufType = 'application/vnd.kubernetes.protobuf';

const magic = Buffer.from('k8s\0');
const text = new TextDecoder();

/** Undefined: not protobuf of a kind that is known. @throws RangeError when it is cut off */
export function decodeProtobuf(body: Uint8Array): object | undefined {
  if (!magic.equals(body.subarray(0, magic.length))) return undefined;
  const envelope = decodeMessage(body.subarray(magic.length), messages.envelope);
  const { apiVersion, kind, raw } = envelope as { apiVersion?: string; kind?: string; raw?: Uint8Array };
  const message = kind === undefined ? undefined : messages.kinds[kind];
  if (message === undefined || raw === undefined) return undefined;
  return { apiVersion, kind, ...decodeMessage(raw, message) };
}

function decodeMessage(bytes: Uint8Array, message: Message): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  const reader = new Reader(bytes);
  while (reader.hasMore) {
    const { number, value } = reader.field();
    const field = message[number];
    if (field === undefined) continue;
    const [name, type] = field;
    if (name === '') Object.assign(decoded, valueOf(value, type));
    else decoded[name] = merged(decoded[name], valueOf(value, type), type);
  }
  return decoded;
}

/** Fields that repeat come one by one. */
function merged(before: unknown, value: unknown, type: FieldType): unknown {
  if (typeof type === 'string' || !('repeated' in type || 'entries' in type)) return value;
  if ('repeated' in type) return [...(Array.isArray(before) ? before : []), value];
  return { ...(before as object | undefined), ...(value as object) };
}

function valueOf(value: Uint8Array | number, type: FieldType): unknown {
  if (typeof value === 'number') return type === 'bool' ? value !== 0 : value;
  if (type === 'text') return text.decode(value);
  if (type === 'base64') return Buffer.from(value).toString('base64');
  if (typeof type === 'string') return value;
  if ('repeated' in type) return valueOf(value, type.repeated);
  if ('entries' in type) return entryOf(value, type.entries);
  return decodeMessage(value, type.message);
}

function entryOf(bytes: Uint8Array, type: FieldType): object {
  const { key = '', value } = decodeMessage(bytes, { 1: ['key', 'text'], 2: ['value', type] });
  return { [String(key)]: value ?? '' };
}
