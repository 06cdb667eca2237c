import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ProviderError } from './errors.ts';
import { parseSpec } from './parsespec.ts';
import type { Provider } from './provider.ts';

const provider: Pick<Provider, 'name'> & { Spec: z.ZodType } = {
  name: 'test',
  Spec: z.object({ url: z.string(), path: z.string().default('secret') }),
};

describe('a provider’s spec', () => {
  it('gets its defaults, also when the API server has not filled them in', () => {
    expect(parseSpec(provider as Provider, { url: 'u' })).toEqual({ url: 'u', path: 'secret' });
  });

  it('is refused with the member that is wrong', () => {
    expect(() => parseSpec(provider as Provider, { url: 1 })).toThrow(ProviderError);
    expect(() => parseSpec(provider as Provider, { url: 1 })).toThrow('spec.provider.test.url is not valid');
    expect(() => parseSpec(provider as Provider, undefined)).toThrow('spec.provider.test is not valid');
  });
});
