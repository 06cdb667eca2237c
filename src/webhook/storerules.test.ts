import { describe, expect, it } from 'vitest';
import type { AnySecretStore } from '../api/secretstore.ts';
import { loadAll } from '../provider/registry.ts';
import { providers as builtIn } from '../providers/registry.generated.ts';
import { validateStore } from './storerules.ts';

const providers = await loadAll(builtIn);
const fake = { fake: { data: [{ key: 'a', value: '1' }] } };
const quiet = { 'external-secrets.io/ignore-maintenance-checks': 'true' };

function verdict(spec: object, annotations: Readonly<Record<string, string>> = quiet) {
  // As the API server sends it.
  const store = { metadata: { name: 'store', namespace: 'app', annotations }, spec } as unknown as AnySecretStore;
  return validateStore(store, 'SecretStore', providers);
}

describe('the rules of stores', () => {
  it.each<[string, object, string]>([
    ['no provider', { provider: {} }, 'spec.provider must name exactly one provider'],
    ['a pattern that does not compile', { provider: fake, conditions: [{ namespaceRegexes: ['('] }] }, '"("'],
    ['an interval that is none', { provider: fake, refreshInterval: 'soon' }, '"soon" is neither seconds nor'],
    ['an interval before now', { provider: fake, refreshInterval: -1 }, 'must not be negative'],
    ['what the provider refuses', { provider: { fake: { data: [{ key: '', value: '1' }] } } }, 'data[0] has no key'],
    ['what the schema refuses', { provider: { fake: { data: 1 } } }, 'spec.provider.fake.data: '],
  ])('refuse %s', (_, spec, message) => {
    expect(verdict(spec).errors).toEqual([expect.stringContaining(message)]);
  });

  it.each([60, '60', '5m', 0, ''])('let the interval %j pass', (refreshInterval) => {
    expect(verdict({ provider: fake, refreshInterval })).toEqual({ errors: [], warnings: [] });
  });

  it('warn of providers that are not maintained, unless asked not to', () => {
    expect(verdict({ provider: fake }, {}).warnings).toEqual(['provider "fake" is not maintained for production use']);
    expect(verdict({ provider: fake }).warnings).toEqual([]);
  });

  it('keep a store whose provider is not known yet, with a warning', () => {
    expect(verdict({ provider: { onboardbase: {} } })).toEqual({
      errors: [],
      warnings: ['provider "onboardbase" is not supported by this operator yet'],
    });
  });
});
