/** What the refusals of AWS mean. */
import { ProviderError, type ProviderErrorKind } from '../../provider/errors.ts';
import { kindOfHttpStatus } from '../../provider/httpstatus.ts';
import { type AwsServiceError, serviceErrorOf } from './serviceerror.ts';

/** Credentials that were good once and are not any more, or were dropped by AWS. */
const refusedCredentials = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidToken',
  'UnrecognizedClientException',
]);

const deniedCodes = [
  ...refusedCredentials,
  'AccessDenied',
  'AccessDeniedException',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'InvalidAccessKeyId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'NotAuthorized',
  'OptInRequired',
  'RegionDisabledException',
  'SignatureDoesNotMatch',
  'InvalidIdentityToken',
  'InvalidIdentityTokenException',
  'IDPRejectedClaim',
  'IDPRejectedClaimException',
  // Of KMS, on behalf of the caller.
  'DecryptionFailure',
  'EncryptionFailure',
  'InvalidKeyId',
];

const codes: Readonly<Record<ProviderErrorKind, readonly string[]>> = {
  // The last is what asking for the tags of a parameter says.
  notFound: ['ResourceNotFoundException', 'ParameterNotFound', 'InvalidResourceId'],
  denied: deniedCodes,
  throttled: [
    'LimitExceeded',
    'PriorRequestNotComplete',
    'RequestLimitExceeded',
    'RequestThrottled',
    'RequestThrottledException',
    'SlowDown',
    'Throttling',
    'ThrottlingException',
    'ThrottledException',
    'TooManyRequestsException',
  ],
  timeout: ['RequestTimeout', 'RequestTimeoutException'],
  unavailable: [
    'IDPCommunicationError',
    'IDPCommunicationErrorException',
    'InternalFailure',
    'InternalServerError',
    'InternalServiceError',
    'ServiceUnavailable',
    'ServiceUnavailableException',
    // The SDK has set its clock right by now.
    'RequestExpired',
    'RequestInTheFuture',
    'RequestTimeTooSkewed',
    // Somebody else was faster: the next look sees it.
    'ParameterAlreadyExists',
    'ResourceExistsException',
    'TooManyUpdates',
  ],
  invalid: [],
};

const kinds = new Map(
  Object.entries(codes).flatMap(([kind, names]) => names.map((name) => [name, kind as ProviderErrorKind] as const)),
);

/** Judges what a call of Secrets Manager or Parameter Store failed with. */
export function toProviderError(cause: unknown): ProviderError {
  return errorOf(cause, 'AWS', kindOf);
}

/**
 * Judges what a request for a session failed with. No secret is missing when a role is: that is never `notFound`, which
 * would delete what was synced.
 */
export function toSessionError(cause: unknown): ProviderError {
  return errorOf(cause, 'no AWS session', (error) => {
    const kind = kindOf(error);
    return kind === 'notFound' ? 'denied' : kind;
  });
}

/** Whether other credentials could help. */
export function isRefusalOfCredentials(error: unknown): boolean {
  return refusedCredentials.has(codeOf(error) ?? '');
}

/** Whether a policy does not allow the operation, as opposed to credentials that are no good at all. */
export function isAccessDenied(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'AccessDeniedException' || code === 'AccessDenied';
}

/** Whether somebody else has made the same thing in between. */
export function isAlreadyThere(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ResourceExistsException' || code === 'ParameterAlreadyExists';
}

/** Says what the error is about, where AWS does not. */
export function about(name: string, error: unknown): unknown {
  if (!(error instanceof ProviderError) || !['notFound', 'denied', 'invalid'].includes(error.kind)) return error;
  return new ProviderError(error.kind, `${name}: ${error.message}`, { cause: error.cause });
}

function codeOf(error: unknown): string | undefined {
  return serviceErrorOf(error instanceof ProviderError ? error.cause : error)?.code;
}

function errorOf(
  cause: unknown,
  what: string,
  kindOfError: (error: AwsServiceError) => ProviderErrorKind,
): ProviderError {
  if (cause instanceof ProviderError) return cause;
  const error = serviceErrorOf(cause);
  // Neither the message nor the error is handed on: parsers quote values in theirs.
  if (error === undefined) return new ProviderError('unavailable', `${what}: the answer could not be understood`);
  const { message, code, retryAfterMs } = error;
  const options = retryAfterMs === undefined ? { cause: error } : { cause: error, retryAfterMs };
  return new ProviderError(kindOfError(error), `${what}: ${message}${code === undefined ? '' : ` (${code})`}`, options);
}

function kindOf({ code = '', status = 0, message }: AwsServiceError): ProviderErrorKind {
  // Secrets Manager has no code of its own for this, and says it in three ways.
  if (code === 'InvalidRequestException' && /(marked|scheduled) for deletion|marked deleted/.test(message))
    return 'notFound';
  // Of the clock, which the SDK has set right by now.
  if (code === 'InvalidSignatureException' && /^Signature (expired|not yet current)/.test(message))
    return 'unavailable';
  return kinds.get(code) ?? kindOfStatus(status, code !== '');
}

/** @param isOfAws a proxy's 404 is no judgement of what was asked for */
function kindOfStatus(status: number, isOfAws: boolean): ProviderErrorKind {
  return kindOfHttpStatus(status) ?? (isOfAws && status >= 400 ? 'invalid' : 'unavailable');
}
