/** What a client sent, as an object of its kind: checked, pruned, with defaults, in the version that is stored. */
import { apiVersionOf } from '../../api/resource.ts';
import type { ServedKind } from '../kinds/served.ts';
import { type ApiObject, isJsonObject, type JsonObject } from '../object.ts';
import { withDefaults } from '../schema/defaults.ts';
import { type Pruned, pruneObject } from '../schema/prune.ts';
import { badRequest, type StatusError } from '../status.ts';
import { type ApiContext, inVersion, type WriteOptions } from './context.ts';

/** @throws StatusError 400 */
export function admitted(
  context: Pick<ApiContext, 'catalog'>,
  kind: ServedKind,
  body: unknown,
  options: WriteOptions,
): ApiObject {
  return completed(context, kind, recognised(kind, body, options));
}

/** What the schema knows of the body; of the rest the client is told. @throws StatusError 400 */
export function recognised(kind: ServedKind, body: unknown, options: WriteOptions): ApiObject {
  const { value, unknownFields } = known(kind, body);
  const texts = unknownFields.map((field) => `unknown field "${field}"`);
  if (options.fieldValidation === 'Strict' && texts.length > 0) {
    throw cannotHandle(kind, `strict decoding error: ${texts.join(', ')}`);
  }
  if (options.fieldValidation !== 'Ignore') texts.forEach(options.warn);
  return value;
}

/** The object in a body, and what of it neither the kind nor metadata has. @throws StatusError 400 */
export function known(kind: ServedKind, body: unknown): Pruned<ApiObject> {
  const object = decoded(kind, body);
  const pruned = pruneObject(object, kind.schema);
  const { value: metadata, unknownFields } = knownMeta(object.metadata);
  return { value: { ...pruned.value, metadata }, unknownFields: [...unknownFields, ...pruned.unknownFields] };
}

/** With the defaults of the version it came in and of the one it is stored in. @throws StatusError 400 */
export function completed({ catalog }: Pick<ApiContext, 'catalog'>, kind: ServedKind, object: ApiObject): ApiObject {
  const stored = catalog.findByVersion(kind.storedApiVersion, kind.kind);
  const complete = withDefaults(withDefaults(object, kind.schema), stored?.schema);
  expectDecodable(kind, complete);
  return inVersion(complete, kind.storedApiVersion);
}

/** What does not fit the type of a built-in kind cannot even be read. @throws StatusError 400 */
function expectDecodable(kind: ServedKind, object: ApiObject): void {
  const [error] = kind.isCustom ? [] : (kind.validator?.errors(object) ?? []);
  if (error === undefined) return;
  throw cannotHandle(kind, `${error.field} has a wrong type`);
}

/** @throws StatusError 400 for what is not an object of this kind */
function decoded(kind: ServedKind, body: unknown): ApiObject {
  if (!isJsonObject(body)) throw badRequest('the object provided is unrecognized (must be of type object)');
  const expected = apiVersionOf(kind);
  const { apiVersion = expected, kind: name = kind.kind } = body;
  if (apiVersion !== expected) throw mismatch('API version', String(apiVersion), expected);
  if (name !== kind.kind) throw mismatch('kind', String(name), kind.kind);
  return { ...body, apiVersion: expected, kind: kind.kind, metadata: decodedMeta(body['metadata']) };
}

function mismatch(what: string, given: string, expected: string): Error {
  return badRequest(`the ${what} in the data (${given}) does not match the expected ${what} (${expected})`);
}

/** @throws StatusError 400 for members of the wrong type */
function decodedMeta(metadata: unknown): ApiObject['metadata'] {
  if (metadata === undefined || metadata === null) return {};
  if (!isJsonObject(metadata)) throw badRequest('metadata must be an object');
  const members = Object.entries(metadata).filter(([, value]) => value !== null && value !== '');
  for (const [name, value] of members)
    if (!hasMetaType(name, value)) throw badRequest(`metadata.${name} has a wrong type`);
  // Its members have the types of metadata now.
  return Object.fromEntries(members) as ApiObject['metadata'];
}

const textMembers = new Set(['name', 'generateName', 'namespace', 'uid', 'resourceVersion', 'deletionTimestamp']);
const listMembers = new Set(['finalizers', 'ownerReferences', 'managedFields']);

function hasMetaType(name: string, value: unknown): boolean {
  if (textMembers.has(name)) return typeof value === 'string';
  if (listMembers.has(name)) return Array.isArray(value);
  return name === 'labels' || name === 'annotations' ? isTextMap(value) : true;
}

function isTextMap(value: unknown): value is JsonObject {
  return isJsonObject(value) && Object.values(value).every((text) => typeof text === 'string');
}

const metaMembers = new Set([
  ...textMembers,
  ...listMembers,
  'labels',
  'annotations',
  'generation',
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
]);

function knownMeta(metadata: ApiObject['metadata']): Pruned<ApiObject['metadata']> {
  const unknown = Object.keys(metadata).filter((name) => !metaMembers.has(name));
  const entries = Object.entries(metadata).filter(([name]) => metaMembers.has(name));
  return { value: Object.fromEntries(entries), unknownFields: unknown.map((name) => `metadata.${name}`) };
}

function cannotHandle({ kind, version }: ServedKind, why: string): StatusError {
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);
}
