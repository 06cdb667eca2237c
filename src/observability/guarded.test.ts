import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../runtime/testing/fakeclock.ts';
import { guarded, type TokenVerdict } from './guarded.ts';

function requestWith(authorization: string | undefined): IncomingMessage {
  return { headers: { authorization } } as IncomingMessage;
}

function guard(verdicts: Readonly<Record<string, TokenVerdict>>) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const endpoint = guarded(async () => ({ status: 200, body: 'metrics' }), {
    clock,
    review: async (token) => {
      asked.push(token);
      return verdicts[token] ?? 'unauthenticated';
    },
  });
  return { clock, asked, get: (authorization?: string) => endpoint(requestWith(authorization)) };
}

describe('a guarded endpoint', () => {
  it.each([
    ['no token', undefined, 401],
    ['a token that nobody knows', 'Bearer stranger', 401],
    ['a token without the right', 'Bearer weak', 403],
    ['a token with the right', 'Bearer strong', 200],
    ['another scheme', 'Basic strong', 401],
  ])('answers %s', async (_, authorization, status) => {
    const { get } = guard({ strong: 'allowed', weak: 'forbidden' });
    expect((await get(authorization)).status).toBe(status);
  });

  it('asks the cluster about a token once a minute', async () => {
    const { get, asked, clock } = guard({ strong: 'allowed' });
    await get('Bearer strong');
    await get('Bearer strong');
    expect(asked).toEqual(['strong']);
    clock.advance(60_001);
    await get('Bearer strong');
    expect(asked).toEqual(['strong', 'strong']);
  });
});
