/** What is wrong with one field of an object, in the API's words. */

export interface FieldError {
  /** A path such as `spec.data[0].secretKey`. */
  readonly field: string;
  /** The cause's reason, such as `FieldValueInvalid`. */
  readonly reason: string;
  /** Without the field. */
  readonly message: string;
}

export function textOf({ field, message }: FieldError): string {
  return `${field}: ${message}`;
}

export function requiredField(field: string, detail = ''): FieldError {
  return { field, reason: 'FieldValueRequired', message: withDetail('Required value', detail) };
}

export function invalidField(field: string, value: unknown, detail: string): FieldError {
  return { field, reason: 'FieldValueInvalid', message: withDetail(`Invalid value: ${shown(value)}`, detail) };
}

/** @param actual the name of the type that the value has */
export function wrongType(field: string, actual: string, detail: string): FieldError {
  return { field, reason: 'FieldValueTypeInvalid', message: withDetail(`Invalid value: ${shown(actual)}`, detail) };
}

export function unsupportedValue(field: string, value: unknown, supported: readonly unknown[]): FieldError {
  const list = supported.map((each) => shown(each)).join(', ');
  const message = `Unsupported value: ${shown(value)}: supported values: ${list}`;
  return { field, reason: 'FieldValueNotSupported', message };
}

export function forbiddenField(field: string, detail: string): FieldError {
  return { field, reason: 'FieldValueForbidden', message: withDetail('Forbidden', detail) };
}

export function tooLong(field: string, maxBytes: number): FieldError {
  return { field, reason: 'FieldValueTooLong', message: `Too long: may not be more than ${maxBytes} bytes` };
}

export function tooMany(field: string, count: number, most: number): FieldError {
  const items = most === 1 ? 'item' : 'items';
  return { field, reason: 'FieldValueTooMany', message: `Too many: ${count}: must have at most ${most} ${items}` };
}

export function duplicate(field: string, value: unknown): FieldError {
  return { field, reason: 'FieldValueDuplicate', message: `Duplicate value: ${shown(value)}` };
}

function withDetail(message: string, detail: string): string {
  return detail === '' ? message : `${message}: ${detail}`;
}

function shown(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}
