/** JSON Patch, RFC 6902. */
import { isEqualJson, isJsonObject, type JsonObject } from '../object.ts';
import { badRequest, StatusError } from '../status.ts';

/** @throws StatusError 422 when an operation does not fit, 400 when it is none */
export function jsonPatched(document: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations)) throw badRequest('a JSON patch must be a list of operations');
  return operations.reduce<unknown>((patched, operation) => operate(patched, operation), document);
}

function operate(document: unknown, operation: unknown): unknown {
  if (!isJsonObject(operation)) throw badRequest('an operation of a JSON patch must be an object');
  const path = pointer(operation['path']);
  switch (operation['op']) {
    case 'add':
      return changed(document, path, () => operation['value']);
    case 'replace':
      // The API server's library lets it add a member, unlike the RFC.
      return changed(document, path, () => operation['value'], 'replace');
    case 'remove':
      return changed(document, path, (old) => (old === undefined ? unfit(path) : undefined), 'replace');
    case 'test':
      return isEqualJson(valueAt(document, path), operation['value']) ? document : unfit(path);
    case 'copy':
      return changed(document, path, () => valueAt(document, pointer(operation['from'])));
    case 'move':
      return moved(document, pointer(operation['from']), path);
    default:
      throw badRequest('unknown operation in a JSON patch');
  }
}

function moved(document: unknown, from: readonly string[], path: readonly string[]): unknown {
  const value = valueAt(document, from);
  const rest = changed(document, from, () => undefined, 'replace');
  return changed(rest, path, () => value);
}

function pointer(text: unknown): readonly string[] {
  if (typeof text !== 'string') throw badRequest('an operation of a JSON patch needs a path');
  if (text === '') return [];
  return text
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((holder, segment) => {
    const next = memberAt(holder, segment);
    return next === undefined ? unfit(path) : next;
  }, value);
}

type Change = (old: unknown) => unknown;
/** In a list, `insert` makes room and `replace` does not. */
type Mode = 'insert' | 'replace';

function changed(value: unknown, path: readonly string[], change: Change, mode: Mode = 'insert'): unknown {
  const [segment, ...rest] = path;
  if (segment === undefined) return change(value);
  const isLast = rest.length === 0;
  const inner: Change = isLast ? change : (old) => changed(old, rest, change, mode);
  if (Array.isArray(value)) return changedItems(value, segment, inner, isLast ? mode : 'replace');
  return isJsonObject(value) ? changedMember(value, segment, inner) : unfit(path);
}

function changedMember(object: JsonObject, name: string, change: Change): JsonObject {
  const { [name]: old, ...rest } = object;
  const value = change(old);
  return value === undefined ? rest : { ...object, [name]: value };
}

function changedItems(items: readonly unknown[], segment: string, change: Change, mode: Mode): readonly unknown[] {
  const index = segment === '-' ? items.length : Number(segment);
  const most = mode === 'insert' ? items.length : items.length - 1;
  if (!Number.isInteger(index) || index < 0 || index > most) return unfit([segment]);
  if (mode === 'insert') return items.toSpliced(index, 0, change(undefined));
  const value = change(items[index]);
  return value === undefined ? items.toSpliced(index, 1) : items.with(index, value);
}

function memberAt(holder: unknown, segment: string): unknown {
  if (Array.isArray(holder)) return holder[Number(segment)];
  return isJsonObject(holder) && Object.hasOwn(holder, segment) ? holder[segment] : undefined;
}

function unfit(path: readonly string[]): never {
  const message = `the server rejected our request due to an error in our request: no value at /${path.join('/')}`;
  throw new StatusError(422, 'Invalid', message);
}
