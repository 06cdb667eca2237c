import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../provider/errors.ts';
import { canary, expectNoCanary, rejection } from '../../provider/testing/rejection.ts';
import { about, isAccessDenied, isRefusalOfCredentials, toProviderError, toSessionError } from './errors.ts';
import { AwsServiceError, quietly } from './serviceerror.ts';

/** As the SDK throws it. */
function thrown(name: string, { message = 'what AWS says', status = 400, headers = {} } = {}): Error {
  return Object.assign(new Error(message), {
    name,
    $fault: 'client',
    $metadata: { httpStatusCode: status },
    $response: { statusCode: status, headers },
  });
}

describe('refusals of AWS', () => {
  it.each([
    ['ResourceNotFoundException', 400, 'notFound'],
    ['ParameterNotFound', 400, 'notFound'],
    ['ParameterVersionNotFound', 400, 'invalid'],
    ['AccessDeniedException', 400, 'denied'],
    ['AccessDenied', 403, 'denied'],
    ['DecryptionFailure', 400, 'denied'],
    ['ExpiredTokenException', 400, 'denied'],
    ['InvalidClientTokenId', 403, 'denied'],
    ['InvalidIdentityToken', 400, 'denied'],
    ['UnrecognizedClientException', 400, 'denied'],
    ['ThrottlingException', 400, 'throttled'],
    ['TooManyRequestsException', 429, 'throttled'],
    ['SomethingNew', 429, 'throttled'],
    ['InternalServiceError', 500, 'unavailable'],
    ['SomethingNew', 503, 'unavailable'],
    ['SomethingNew', 504, 'timeout'],
    ['RequestTimeoutException', 408, 'timeout'],
    ['RequestTimeTooSkewed', 403, 'unavailable'],
    ['ValidationException', 400, 'invalid'],
    ['InvalidParameterException', 400, 'invalid'],
    ['InvalidRequestException', 400, 'invalid'],
  ])('%s with %i are %s', (name, status, kind) => {
    const error = toProviderError(thrown(name, { status }));
    expect(error).toMatchObject({ kind, message: `AWS: what AWS says (${name})` });
  });

  it.each([
    ["You can't perform this operation on the secret because it was marked for deletion.", 'notFound'],
    ["You can't create this secret because a secret with this name is already scheduled for deletion.", 'notFound'],
    ["You tried to perform the operation on a secret that's currently marked deleted.", 'notFound'],
    ["You can't do this.", 'invalid'],
  ])('are told apart by what they say, where there is one code for all: %s', (message, kind) => {
    expect(toProviderError(thrown('InvalidRequestException', { message })).kind).toBe(kind);
  });

  it('of a clock that is wrong pass, of a wrong key they do not', () => {
    const message = 'Signature expired: 20261125T010000Z is now earlier than 20261125T015500Z';
    expect(toProviderError(thrown('InvalidSignatureException', { message })).kind).toBe('unavailable');
    expect(toProviderError(thrown('InvalidSignatureException')).kind).toBe('denied');
  });

  it.each([
    ['2', 2_000],
    ['0.5', 500],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
  ])('say when to come back: %s', (retryAfter, retryAfterMs) => {
    const error = toProviderError(thrown('ThrottlingException', { headers: { 'retry-after': retryAfter } }));
    expect(error.retryAfterMs).toBe(retryAfterMs);
  });

  it('of a role are never a missing secret', () => {
    expect(toSessionError(thrown('ResourceNotFoundException')).kind).toBe('denied');
    expect(toSessionError(thrown('ThrottlingException')).kind).toBe('throttled');
  });

  it('tell credentials that are no good from permissions that are missing', () => {
    const expired = toProviderError(thrown('ExpiredTokenException'));
    const denied = toProviderError(thrown('AccessDeniedException'));
    expect([isRefusalOfCredentials(expired), isAccessDenied(expired)]).toEqual([true, false]);
    expect([isRefusalOfCredentials(denied), isAccessDenied(denied)]).toEqual([false, true]);
  });

  it('name the secret where the store is not at fault', () => {
    expect(about('db', toProviderError(thrown('AccessDeniedException')))).toMatchObject({
      kind: 'denied',
      message: 'db: AWS: what AWS says (AccessDeniedException)',
    });
    const outage = toProviderError(thrown('InternalServiceError', { status: 500 }));
    expect(about('db', outage)).toBe(outage);
  });
});

describe('answers that are not from AWS', () => {
  /** The SDK's parser quotes what it read. */
  function unreadable(status: number): Error {
    return Object.assign(new SyntaxError(`Unexpected token in ${canary}`), {
      $response: { statusCode: status, headers: {} },
    });
  }

  it.each([
    [200, 'unavailable'],
    [403, 'denied'],
    [404, 'unavailable'],
    [429, 'throttled'],
    [502, 'unavailable'],
    [504, 'timeout'],
  ])('with %i are %s, and not quoted', (status, kind) => {
    const error = toProviderError(unreadable(status));
    expect(error.kind).toBe(kind);
    expectNoCanary(error);
  });

  it.each([
    ['a string', canary],
    ['an error of nobody', new TypeError(canary)],
  ])('are not quoted: %s', (_, cause) => {
    const error = toProviderError(cause);
    expect(error.kind).toBe('unavailable');
    expect(error.cause).toBeUndefined();
    expectNoCanary(error);
  });

  it('have been judged where they are a ProviderError', () => {
    const error = new ProviderError('timeout', 'too late');
    expect(toProviderError(error)).toBe(error);
  });
});

describe('operations that carry a value', () => {
  it.each([
    `1 validation error detected: Value '${canary}' at 'secretString' failed to satisfy constraint`,
    `Value "it's ${canary}" at "value" is too long`,
    `Value '${canary}\n${canary}' at 'x'`,
  ])('are refused without the quotation: %#', async (message) => {
    const error = await rejection(() => quietly(Promise.reject(thrown('ValidationException', { message }))));
    expect(error).toBeInstanceOf(AwsServiceError);
    expectNoCanary(error);
    expect(toProviderError(error)).toMatchObject({ kind: 'invalid' });
  });

  it('let pass what AWS did not say', async () => {
    const error = new ProviderError('unavailable', 'no answer');
    expect(await rejection(() => quietly(Promise.reject(error)))).toBe(error);
  });
});
