/** Refusals as the API words them: `Status` objects with a code, a reason and, where a program reads them, details. */
import type { ApiStatusDetails } from '../kube/errors.ts';
import { type FieldError, textOf } from './fielderror.ts';

export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: 'Failure' | 'Success';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

export interface StatusDetails extends ApiStatusDetails {
  readonly uid?: string | undefined;
}

/** What a refusal is about, as the API names it. */
export interface Subject {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

/** Thrown by whoever refuses a request, answered by the HTTP layer. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: Status;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    const common = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' } as const;
    this.status = { ...common, message, reason, ...(details !== undefined && { details }), code };
  }
}

/** `secrets`, or `externalsecrets.external-secrets.io`. */
function qualifiedResource({ group, plural }: Pick<Subject, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

export function notFound(subject: Subject, name: string): StatusError {
  return new StatusError(404, 'NotFound', `${qualifiedResource(subject)} "${name}" not found`, named(subject, name));
}

/** The path belongs to nothing that is served. */
export function noSuchPath(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function alreadyExists(subject: Subject, name: string): StatusError {
  const message = `${qualifiedResource(subject)} "${name}" already exists`;
  return new StatusError(409, 'AlreadyExists', message, named(subject, name));
}

export function conflict(subject: Subject, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualifiedResource(subject)} "${name}": ${why}`;
  return new StatusError(409, 'Conflict', message, named(subject, name));
}

export function staleVersion(subject: Subject, name: string): StatusError {
  const advice = 'please apply your changes to the latest version and try again';
  return conflict(subject, name, `the object has been modified; ${advice}`);
}

export function forbidden(
  subject: Subject,
  name: string,
  why: string,
  causes?: ApiStatusDetails['causes'],
): StatusError {
  const message = `${qualifiedResource(subject)}${name === '' ? '' : ` "${name}"`} is forbidden: ${why}`;
  return new StatusError(403, 'Forbidden', message, { ...named(subject, name), ...(causes && { causes }) });
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

export function unauthorized(): StatusError {
  return new StatusError(401, 'Unauthorized', 'Unauthorized');
}

export function methodNotAllowed(): StatusError {
  return new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const list = accepted.join(', ');
  const message = `the body of the request was in an unknown format - accepted media types include: ${list}`;
  return new StatusError(415, 'UnsupportedMediaType', message);
}

export function notAcceptable(): StatusError {
  const message = 'only the following media types are accepted: application/json';
  return new StatusError(406, 'NotAcceptable', message);
}

/** The version that was asked for is older than what the server still knows. */
export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message);
}

/** Nobody has seen this version yet: it is another server's. */
export function versionTooLarge(asked: number, current: number): StatusError {
  return new StatusError(504, 'Timeout', `Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

export function invalid(subject: Subject, name: string, errors: readonly FieldError[]): StatusError {
  const texts = errors.map(textOf);
  const kind = subject.group === '' ? subject.kind : `${subject.kind}.${subject.group}`;
  const message = `${kind} "${name}" is invalid: ${texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`}`;
  const causes = errors.map(({ field, reason, message: text }) => ({ reason, message: text, field }));
  return new StatusError(422, 'Invalid', message, { name, group: subject.group, kind: subject.kind, causes });
}

/** What a deletion that is complete answers. */
export function deleted(subject: Subject, name: string, uid: string | undefined): Status {
  const details = { ...named(subject, name), uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details, code: 200 };
}

/** The API puts the resource where the type says `kind`. */
function named({ group, plural }: Subject, name: string): StatusDetails {
  return { ...(name !== '' && { name }), ...(group !== '' && { group }), kind: plural };
}
