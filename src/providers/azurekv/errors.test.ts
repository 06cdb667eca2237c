import { createHttpHeaders, createPipelineRequest, type PipelineResponse, RestError } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { canary } from '../../provider/testing/rejection.ts';
import { firstLine, foreignRefusal, retryHint, toProviderError } from './errors.ts';

const request = createPipelineRequest({ url: 'https://v.vault.azure.net/secrets/db/?api-version=7.6' });

function refused(statusCode: number, code: string, inner?: string): RestError {
  const error = new RestError('message', { statusCode, code, request });
  const innerError = inner === undefined ? {} : { innerError: { code: inner } };
  error.details = { error: { code, message: 'what the service says\nand more', ...innerError } };
  return error;
}

describe('refusals of Key Vault', () => {
  it.each([
    [400, 'BadParameter', undefined, 'invalid'],
    [401, 'Unauthorized', undefined, 'denied'],
    [403, 'Forbidden', 'ForbiddenByPolicy', 'denied'],
    [403, 'Forbidden', 'SecretDisabled', 'denied'],
    [404, 'SecretNotFound', undefined, 'notFound'],
    [404, 'KeyNotFound', undefined, 'notFound'],
    [404, 'CertificateNotFound', undefined, 'notFound'],
    [404, 'NotFound', undefined, 'unavailable'],
    [408, 'RequestTimeout', undefined, 'timeout'],
    [409, 'Conflict', 'ObjectIsDeletedButRecoverable', 'denied'],
    [409, 'Conflict', 'ObjectIsBeingDeleted', 'unavailable'],
    [415, 'UnsupportedMediaType', undefined, 'invalid'],
    [429, 'Throttled', undefined, 'throttled'],
    [500, 'InternalServerError', undefined, 'unavailable'],
    [503, 'ServiceUnavailable', undefined, 'unavailable'],
    [504, 'GatewayTimeout', undefined, 'timeout'],
  ])('%i %s %s is %4$s', (status, code, inner, kind) => {
    const error = toProviderError(refused(status, code, inner));
    expect(error.kind).toBe(kind);
    const reason = inner === undefined ? code : `${code}, ${inner}`;
    expect(error.message).toBe(`Key Vault refused GET secrets/db with ${status} ${reason}: what the service says`);
  });

  it('carry nothing of the request and its answer along', () => {
    expect(toProviderError(refused(400, 'BadParameter')).cause).toBeUndefined();
  });
});

describe('answers that cannot be read', () => {
  it('are not quoted', () => {
    const unreadable = new RestError(`unexpected token in ${canary}`, { code: RestError.PARSE_ERROR, request });
    const empty = new RestError(canary, { statusCode: 200, request });
    for (const cause of [unreadable, empty, new TypeError(canary), canary]) {
      const error = toProviderError(cause);
      expect(error.kind).toBe('unavailable');
      expect(error.message).not.toContain(canary);
    }
  });

  it('name what the network says', () => {
    const cause = new RestError('getaddrinfo ENOTFOUND v.vault.azure.net', { code: 'ENOTFOUND', request });
    expect(toProviderError(cause).message).toBe(
      'Key Vault could not be reached: getaddrinfo ENOTFOUND v.vault.azure.net',
    );
  });
});

describe('refusals by somebody on the way', () => {
  function answer(status: number, bodyAsText: string): PipelineResponse {
    return { status, bodyAsText, request, headers: createHttpHeaders({ 'retry-after': '2' }) };
  }

  it.each([
    [403, 'denied'],
    [404, 'unavailable'],
    [429, 'throttled'],
    [502, 'unavailable'],
    [504, 'timeout'],
  ] as const)('with %i are %s, and never mean that a secret is missing', (status, kind) => {
    for (const body of ['', '<html>', '[]', 'null', '{}']) {
      const message = `GET secrets/db was answered with ${status}, but not by Key Vault`;
      expect(foreignRefusal(answer(status, body))).toMatchObject({ kind, message, retryAfterMs: 2_000 });
    }
  });

  it('are no challenges and no answers of Key Vault', () => {
    expect(foreignRefusal(answer(401, ''))).toBeUndefined();
    expect(foreignRefusal(answer(200, ''))).toBeUndefined();
    expect(foreignRefusal(answer(404, '{"error":{"code":"SecretNotFound"}}'))).toBeUndefined();
  });
});

describe('hints when to come back', () => {
  it.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
    [{ 'x-ms-retry-after-ms': '300' }, 300],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-1' }, undefined],
    [{}, undefined],
  ])('%j', (headers: Record<string, string>, retryAfterMs) => {
    expect(retryHint({ get: (name) => headers[name] }).retryAfterMs).toBe(retryAfterMs);
  });
});

describe('what a service says', () => {
  it('is the same each time: without the ids of one request, and not too long', () => {
    expect(firstLine('AADSTS1: No. Trace ID: 1 Correlation ID: 2')).toBe('AADSTS1: No.');
    expect(firstLine('one\r\ntwo')).toBe('one');
    expect(firstLine('x'.repeat(1_000))).toHaveLength(301);
  });
});
