import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../kube/errors.ts';
import type { ObjectReader } from './objectreader.ts';
import type { Scope } from './scope.ts';
import { ScopedLookups } from './scopedobjects.ts';
import { MemoryObjects } from './testing/memoryobjects.ts';

const never = new AbortController().signal;
const ca = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

function lookups(scope: Scope, reader: ObjectReader, onLateReferentUse?: () => void): ScopedLookups {
  return new ScopedLookups({
    scope,
    reader,
    signal: never,
    ...(onLateReferentUse === undefined ? {} : { onLateReferentUse }),
  });
}

function cluster(): MemoryObjects {
  const objects = new MemoryObjects();
  objects.putSecret('team-a/creds', { data: { token: 'a-token\n', 'ca.crt': ca } });
  objects.putSecret('team-b/creds', { data: { token: 'b-token' } });
  objects.putConfigMap('team-a/trust', { 'ca.crt': ca, empty: 'no certificate' });
  objects.putServiceAccount('team-a/runner', { annotations: { role: 'arn' } });
  return objects;
}

const inTeamA: Scope = { kind: 'namespace', namespace: 'team-a' };

describe('lookups of a namespaced store', () => {
  it('reads keys of its own namespace, bytes as they are', async () => {
    const objects = lookups(inTeamA, cluster());
    expect(Buffer.from(await objects.secretKey({ name: 'creds', key: 'token' })).toString()).toBe('a-token\n');
    expect(Buffer.from(await objects.secretKey({ name: 'creds', namespace: 'team-a', key: 'token' })).toString()).toBe(
      'a-token\n',
    );
    expect(await objects.configMapKey({ name: 'trust', key: 'ca.crt' })).toBe(ca);
    expect(await objects.serviceAccount({ name: 'runner' })).toMatchObject({
      namespace: 'team-a',
      annotations: { role: 'arn' },
    });
    expect(objects.namespace).toBe('team-a');
    expect(objects.canResolve({ name: 'creds' })).toBe(true);
  });

  it.each([
    ['a Secret', (objects: ScopedLookups) => objects.secretKey({ name: 'creds', namespace: 'team-b', key: 'token' })],
    ['a whole Secret', (objects: ScopedLookups) => objects.secret({ name: 'creds', namespace: 'team-b' })],
    ['a ConfigMap', (objects: ScopedLookups) => objects.configMapKey({ name: 'trust', namespace: 'team-b', key: 'x' })],
    ['a ServiceAccount', (objects: ScopedLookups) => objects.serviceAccount({ name: 'runner', namespace: 'team-b' })],
    [
      'a token',
      (objects: ScopedLookups) =>
        objects.serviceAccountToken({
          serviceAccount: { name: 'runner', namespace: 'team-b' },
          audiences: [],
          expirationSeconds: 600,
        }),
    ],
    [
      'a CA',
      (objects: ScopedLookups) =>
        objects.caBundle({ caProvider: { type: 'Secret', name: 'creds', key: 'ca.crt', namespace: 'team-b' } }),
    ],
  ])('refuses %s of another namespace without asking the cluster', async (_, look) => {
    const objects = cluster();
    await expect(look(lookups(inTeamA, objects))).rejects.toMatchObject({ kind: 'invalid' });
    expect(objects.lookups).toEqual([]);
  });

  it('names what is missing', async () => {
    const objects = lookups(inTeamA, cluster());
    await expect(objects.secretKey({ name: 'absent', key: 'k' })).rejects.toThrow(
      'Secret team-a/absent does not exist',
    );
    await expect(objects.secretKey({ name: 'creds', key: 'absent' })).rejects.toThrow('Secret creds has no key absent');
    await expect(objects.secretKey({ name: 'creds' })).rejects.toThrow('names no key');
    await expect(objects.secretKey({ key: 'token' })).rejects.toThrow('has no name');
    await expect(
      objects.serviceAccountToken({ serviceAccount: { name: 'absent' }, audiences: [], expirationSeconds: 600 }),
    ).rejects.toThrow('ServiceAccount team-a/absent does not exist');
  });
});

describe('the wall between namespaces', () => {
  it('never asks the cluster about another namespace on behalf of a namespaced object, whatever its selectors say', async () => {
    const anyNamespace = fc.oneof(
      fc.constantFrom('team-a', 'team-b', '', 'kube-system', '*', 'team-a/../team-b', ' team-a'),
      fc.string(),
    );
    const selector = fc.record(
      {
        name: fc.oneof(fc.constantFrom('creds', 'runner', 'trust'), fc.string()),
        namespace: anyNamespace,
        key: fc.string(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(selector, async (selected) => {
        const asked: string[] = [];
        const record = (name: { namespace: string }): Promise<undefined> => {
          asked.push(name.namespace);
          return Promise.resolve(undefined);
        };
        const reader: ObjectReader = {
          getSecret: record,
          getConfigMap: record,
          getServiceAccount: record,
          createToken: record,
        };
        const objects = lookups(inTeamA, reader);
        const caProvider = { type: 'ConfigMap' as const, name: 'trust', ...selected };
        await Promise.allSettled([
          objects.secretKey(selected),
          objects.secret(selected),
          objects.configMapKey(selected),
          objects.serviceAccount(selected),
          objects.serviceAccountToken({ serviceAccount: selected, audiences: [], expirationSeconds: 600 }),
          objects.caBundle({ caProvider }),
          objects.caBundle({ caProvider: { ...caProvider, type: 'Secret' } }),
        ]);
        expect(asked.filter((namespace) => namespace !== 'team-a')).toEqual([]);
        expect(objects.dependencies.list().filter(({ namespace }) => namespace !== 'team-a')).toEqual([]);
      }),
    );
  });

  it('sends every unqualified selector of a cluster store to the namespace of the object that is being synced', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('team-a', 'team-b'),
        fc.option(fc.constantFrom('team-a', 'team-b', '')),
        async (referent, named) => {
          const reader = cluster();
          const objects = lookups({ kind: 'cluster', referent }, reader);
          await objects.secret({ name: 'creds', namespace: named ?? undefined });
          const expected = named === null || named === '' ? referent : named;
          expect(reader.lookups).toEqual([`Secret ${expected}/creds`]);
          expect(objects.usedReferent).toBe(named === null || named === '');
        },
      ),
    );
  });
});

describe('lookups of a cluster store', () => {
  it('cannot resolve an unqualified selector while the store is only validated', async () => {
    const objects = lookups({ kind: 'cluster', referent: undefined }, cluster());
    expect(objects.canResolve({ name: 'creds' })).toBe(false);
    expect(objects.canResolve({ name: 'creds', namespace: 'team-a' })).toBe(true);
    await expect(objects.secret({ name: 'creds' })).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('counts asking for the namespace itself as depending on it', () => {
    const objects = lookups({ kind: 'cluster', referent: 'team-a' }, cluster());
    expect(objects.usedReferent).toBe(false);
    expect(objects.namespace).toBe('team-a');
    expect(objects.usedReferent).toBe(true);
  });

  it('refuses the namespace of anybody once the client is shared, and calls for another client', async () => {
    let calls = 0;
    const reader = cluster();
    const objects = lookups({ kind: 'cluster', referent: 'team-a' }, reader, () => void (calls += 1));
    await objects.secret({ name: 'creds', namespace: 'team-b' });
    objects.shareAcrossNamespaces();
    await expect(objects.secret({ name: 'creds' })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(() => objects.namespace).toThrow();
    expect(calls).toBe(2);
    expect(reader.lookups).toEqual(['Secret team-b/creds']);
    await objects.secret({ name: 'creds', namespace: 'team-a' });
  });
});

describe('remembered lookups', () => {
  it('record each object with the version that was read, and what was missing', async () => {
    const reader = cluster();
    const objects = lookups(inTeamA, reader);
    await objects.secretKey({ name: 'creds', key: 'token' });
    await objects.serviceAccountToken({
      serviceAccount: { name: 'runner' },
      audiences: ['vault'],
      expirationSeconds: 600,
    });
    await objects.secret({ name: 'absent' }).catch(() => undefined);
    expect(objects.dependencies.list()).toEqual([
      { kind: 'Secret', namespace: 'team-a', name: 'creds', resourceVersion: '1' },
      { kind: 'ServiceAccount', namespace: 'team-a', name: 'runner', resourceVersion: '4' },
      { kind: 'Secret', namespace: 'team-a', name: 'absent', resourceVersion: undefined },
    ]);
  });

  it('read an object once while connecting, so that all its keys come from one version', async () => {
    const reader = cluster();
    const objects = lookups(inTeamA, reader);
    await objects.secretKey({ name: 'creds', key: 'token' });
    reader.putSecret('team-a/creds', { data: { token: 'rotated' } });
    await objects.secretKey({ name: 'creds', key: 'ca.crt' });
    expect(reader.lookups).toEqual(['Secret team-a/creds']);
    objects.connected();
    expect(Buffer.from(await objects.secretKey({ name: 'creds', key: 'token' })).toString()).toBe('rotated');
    expect(objects.dependencies.list()).toEqual([
      { kind: 'Secret', namespace: 'team-a', name: 'creds', resourceVersion: '5' },
    ]);
  });

  it('do not keep a failed read', async () => {
    const reader = cluster();
    const objects = lookups(inTeamA, reader);
    await objects.secret({ name: 'late' }).catch(() => undefined);
    reader.putSecret('team-a/late', { data: {} });
    await objects.secret({ name: 'late' });
    expect(objects.dependencies.list()).toMatchObject([{ name: 'late', resourceVersion: '5' }]);
  });
});

describe('a lookup that the cluster refuses', () => {
  const refusing = (answer: unknown): ObjectReader => {
    const refuse = (): Promise<never> => Promise.reject(answer);
    return { getSecret: refuse, getConfigMap: refuse, getServiceAccount: refuse, createToken: refuse };
  };

  it.each([
    [403, 'denied'],
    [401, 'denied'],
    [429, 'throttled'],
    [500, 'unavailable'],
  ])('with status %s is %s', async (status, kind) => {
    const objects = lookups(inTeamA, refusing(new ApiError('refused', { status, reason: '', retryAfterMs: 1_000 })));
    await expect(objects.secret({ name: 'creds' })).rejects.toMatchObject({ name: 'ProviderError', kind });
  });

  it('without an answer is unavailable', async () => {
    const objects = lookups(inTeamA, refusing(new Error('connection reset')));
    await expect(objects.secret({ name: 'creds' })).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('ends with the reason when the client is not needed any more', async () => {
    const controller = new AbortController();
    const hanging = (): Promise<never> => new Promise(() => undefined);
    const reader = { getSecret: hanging, getConfigMap: hanging, getServiceAccount: hanging, createToken: hanging };
    const objects = new ScopedLookups({ scope: inTeamA, reader, signal: controller.signal });
    const looking = objects.secret({ name: 'creds' });
    const reason = new Error('given up');
    controller.abort(reason);
    await expect(looking).rejects.toBe(reason);
  });
});

describe('CA bundles', () => {
  const objects = (): ScopedLookups => lookups(inTeamA, cluster());

  it('come from the store, in base64 once or twice', async () => {
    const once = Buffer.from(ca).toString('base64');
    expect(await objects().caBundle({ caBundle: once })).toBe(ca);
    expect(await objects().caBundle({ caBundle: Buffer.from(once).toString('base64') })).toBe(ca);
  });

  it('come from a Secret or a ConfigMap', async () => {
    expect(await objects().caBundle({ caProvider: { type: 'Secret', name: 'creds', key: 'ca.crt' } })).toBe(ca);
    expect(await objects().caBundle({ caProvider: { type: 'ConfigMap', name: 'trust', key: 'ca.crt' } })).toBe(ca);
  });

  it('are nothing when neither is set', async () => {
    expect(await objects().caBundle({})).toBeUndefined();
    expect(await objects().caBundle({ caBundle: '' })).toBeUndefined();
  });

  it('are refused without a certificate, and without repeating what is there instead', async () => {
    await expect(objects().caBundle({ caBundle: 'Z2FyYmFnZQ==' })).rejects.toMatchObject({
      kind: 'invalid',
      message: 'caBundle holds no PEM certificate',
    });
    await expect(
      objects().caBundle({ caProvider: { type: 'ConfigMap', name: 'trust', key: 'empty' } }),
    ).rejects.toThrow('ConfigMap trust holds no PEM certificate');
  });
});
