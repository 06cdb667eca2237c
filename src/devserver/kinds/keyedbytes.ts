/** What Secrets and ConfigMaps have in common: keys that can be file names, a limit, and a lock. */
import { type FieldError, forbiddenField, invalidField, tooLong } from '../fielderror.ts';
import { type ApiObject, isEqualJson, membersOf } from '../object.ts';

/** Of all values together, decoded. */
const maxTotalBytes = 1_048_576;

const keyPattern = /^[-._a-zA-Z0-9]+$/;
const keyAdvice =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

export function keyErrors(member: string, values: unknown): readonly FieldError[] {
  return Object.keys(membersOf(values)).flatMap((key) => {
    const field = `${member}[${key}]`;
    if (key.length > 253) return [invalidField(field, key, 'must be no more than 253 characters')];
    if (!keyPattern.test(key)) return [invalidField(field, key, keyAdvice)];
    if (key === '.' || key.startsWith('..')) return [invalidField(field, key, `must not be '${key}'`)];
    return [];
  });
}

export function sizeErrors(field: string, bytes: number): readonly FieldError[] {
  return bytes > maxTotalBytes ? [tooLong(field, maxTotalBytes)] : [];
}

/** An object that was immutable stays so, and so do these members of it. */
export function lockErrors(
  object: ApiObject,
  previous: ApiObject | undefined,
  members: readonly string[],
): readonly FieldError[] {
  if (previous?.['immutable'] !== true) return [];
  const why = 'field is immutable when `immutable` is set';
  const lifted = object['immutable'] === true ? [] : [forbiddenField('immutable', why)];
  const changed = members.filter((member) => !isEqualJson(membersOf(object[member]), membersOf(previous[member])));
  return [...lifted, ...changed.map((member) => forbiddenField(member, why))];
}
