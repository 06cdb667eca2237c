import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../provider/errors.ts';
import { canary, expectNoCanary } from '../../provider/testing/rejection.ts';
import { GoogleApiError, refusalOf } from './apierror.ts';
import { toProviderError, toTokenError } from './errors.ts';

const now = Date.parse('2026-01-01T00:00:00Z');

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, body: text };
}

function refused(status: number, code: string | undefined, message = 'refused'): GoogleApiError {
  return new GoogleApiError(message, { status, code });
}

describe('refusals of the API', () => {
  it.each([
    [400, 'INVALID_ARGUMENT', 'invalid'],
    [400, 'FAILED_PRECONDITION', 'denied'],
    [401, 'UNAUTHENTICATED', 'denied'],
    [403, 'PERMISSION_DENIED', 'denied'],
    [404, 'NOT_FOUND', 'notFound'],
    [409, 'ABORTED', 'unavailable'],
    [409, 'ALREADY_EXISTS', 'unavailable'],
    [429, 'RESOURCE_EXHAUSTED', 'throttled'],
    [500, 'INTERNAL', 'unavailable'],
    [501, 'UNIMPLEMENTED', 'invalid'],
    [503, 'UNAVAILABLE', 'unavailable'],
    [504, 'DEADLINE_EXCEEDED', 'timeout'],
    [502, undefined, 'unavailable'],
    [407, undefined, 'denied'],
    [429, undefined, 'throttled'],
    [504, undefined, 'timeout'],
    // A page that some gateway has in the place of the API is not the answer that a secret does not exist.
    [404, undefined, 'invalid'],
  ])('with status %i and code %s are %s', (status, code, kind) => {
    expect(toProviderError(refused(status, code)).kind).toBe(kind);
  });

  it('for a token are never that a secret does not exist', () => {
    expect(toTokenError(refused(404, 'NOT_FOUND')).kind).toBe('denied');
    expect(toTokenError(refused(400, undefined, 'invalid_grant: no')).kind).toBe('denied');
    expect(toTokenError(refused(503, 'UNAVAILABLE')).kind).toBe('unavailable');
    expect(toTokenError(refused(429, undefined)).kind).toBe('throttled');
  });

  it('are found inside the errors of the libraries', () => {
    const wrapped = new Error(`request with ${canary}`, { cause: refused(403, 'PERMISSION_DENIED', 'not you') });
    const error = toProviderError(wrapped);
    expect(error).toMatchObject({ kind: 'denied', message: 'Google Secret Manager: not you' });
    expectNoCanary(error);
    const own = new ProviderError('timeout', 'too late');
    expect(toProviderError(new Error('wrapped', { cause: own }))).toBe(own);
  });

  it('that nobody knows are unavailable, and repeat nothing', () => {
    const error = toProviderError(new SyntaxError(`Unexpected token in "${canary}"`));
    expect([error.kind, error.cause]).toEqual(['unavailable', undefined]);
    expectNoCanary(error);
  });
});

describe('the words of a refusal', () => {
  it('are those of the API, with its code', () => {
    const body = { error: { code: 404, message: 'Secret [x] not found.', status: 'NOT_FOUND' } };
    expect(refusalOf(answer(404, body), now)).toMatchObject({ message: 'Secret [x] not found.', code: 'NOT_FOUND' });
  });

  it('are those of a token endpoint', () => {
    const body = { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' };
    expect(refusalOf(answer(400, body), now).message).toBe('invalid_grant: Invalid JWT Signature.');
  });

  it.each(['<html>Bad Gateway</html>', '', '[]', '{"error": 7}'])('are the status where the body is %j', (body) => {
    expect(refusalOf(answer(502, body), now)).toMatchObject({ message: 'HTTP status 502', code: undefined });
  });

  it('say when to come back: in seconds, by a date, or in the details', () => {
    const body = {
      error: {
        message: 'm',
        status: 'RESOURCE_EXHAUSTED',
        details: [{ '@type': 'x' }, { '@type': 'y', retryDelay: '2.5s' }],
      },
    };
    const after = (given: unknown, headers: Record<string, string> = {}): number | undefined =>
      refusalOf(answer(429, given, headers), now).retryAfterMs;
    expect(after(body)).toBe(2_500);
    expect(after({}, { 'retry-after': '7' })).toBe(7_000);
    expect(after({}, { 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' })).toBe(30_000);
    expect(after({}, { 'retry-after': 'soon' })).toBeUndefined();
    expect(after({})).toBeUndefined();
  });
});
