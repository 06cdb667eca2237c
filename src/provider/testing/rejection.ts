/** What a call was refused with, looked at closely: of the right class, and without a secret value anywhere in it. */
import { expect } from 'vitest';
import { ProviderError } from '../errors.ts';

/** JSON parsers quote the first few characters of what they cannot read: even these must not come out. */
const fragment = 'c4n4ry';

/** Part of the values that the suite stores; no error may repeat it. */
export const canary = `${fragment}-value-that-must-not-leak`;

/** What `run` rejects with; fails the test when it goes well. */
export async function rejection(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  return expect.fail('the call was expected to be refused, but it went well');
}

/** The `ProviderError` that `run` rejects with. */
export async function providerRejection(run: () => Promise<unknown>): Promise<ProviderError> {
  const error = await rejection(run);
  expect(error).toBeInstanceOf(ProviderError);
  expectNoCanary(error);
  // Just judged by the first expectation.
  return error as ProviderError;
}

/** Messages go into conditions and events, causes into logs: none may hold a value. */
export function expectNoCanary(error: unknown): void {
  for (let link = error; link instanceof Error; link = link.cause) {
    expect(link.message).not.toContain(fragment);
    expect(link.stack ?? '').not.toContain(fragment);
  }
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
