import { describe, expect, it } from 'vitest';
import { storeRefKind } from './refs.ts';
import { providerOf, type SecretStore } from './secretstore.ts';

const metadata = { name: 'a', namespace: 'b', uid: 'c' };

describe('providerOf', () => {
  it('gives the one provider and its spec', () => {
    const store: SecretStore = { metadata, spec: { provider: { aws: { region: 'x' } } } };
    expect(providerOf(store)).toEqual({ name: 'aws', spec: { region: 'x' } });
  });

  const without: Record<string, SecretStore> = {
    'no spec': { metadata },
    'no provider': { metadata, spec: { provider: {} } },
    'two providers': { metadata, spec: { provider: { aws: {}, vault: {} } } },
  };

  it.each(Object.entries(without))('gives none when there are %s', (_, store) => {
    expect(providerOf(store)).toBeUndefined();
  });
});

describe('storeRefKind', () => {
  it('is SecretStore unless the reference says otherwise', () => {
    expect(storeRefKind({})).toBe('SecretStore');
    expect(storeRefKind({ kind: 'SecretStore' })).toBe('SecretStore');
    expect(storeRefKind({ kind: 'ClusterSecretStore' })).toBe('ClusterSecretStore');
  });
});
