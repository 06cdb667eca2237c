import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { extensionSchemas } from './extensions.ts';
import { allKinds } from './kinds.ts';
import { ManifestError, parseManifest } from './manifest.ts';
import { SecretKeySelector } from './refs.ts';

const kinds = allKinds(
  await extensionSchemas({
    providers: { built: z.object({ region: z.string(), tokenRef: SecretKeySelector.optional() }) },
    generators: {},
  }),
);

const metadata = { name: 'database', namespace: 'production' };

function externalSecret(spec: object, apiVersion = 'external-secrets.io/v1') {
  return { apiVersion, kind: 'ExternalSecret', metadata, spec };
}

function store(provider: object) {
  return { apiVersion: 'external-secrets.io/v1', kind: 'SecretStore', metadata, spec: { provider } };
}

function issuesOf(value: unknown): readonly string[] {
  try {
    parseManifest(kinds, value);
  } catch (error) {
    if (error instanceof ManifestError) return error.issues;
    throw error;
  }
  return [];
}

describe('a good manifest', () => {
  it('gets the defaults of the API server', () => {
    const { object } = parseManifest(kinds, externalSecret({ data: [{ secretKey: 'a', remoteRef: { key: 'b' } }] }));
    expect(object).toEqual({
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata,
      spec: {
        refreshInterval: '1h0m0s',
        target: { creationPolicy: 'Owner', deletionPolicy: 'Retain' },
        data: [{ secretKey: 'a', remoteRef: { key: 'b' } }],
      },
    });
  });

  it('gets an empty spec, with its defaults, when it has none', () => {
    const { object } = parseManifest(kinds, { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', metadata });
    expect(object).toMatchObject({ spec: { refreshInterval: '1h0m0s', target: { creationPolicy: 'Owner' } } });
  });

  it('defaults inside of what is given in part', () => {
    const { object } = parseManifest(
      kinds,
      externalSecret({
        target: { name: 'x', template: { templateFrom: [{ secret: { name: 's', items: [{ key: 'k' }] } }] } },
      }),
    );
    expect(object).toMatchObject({
      spec: {
        target: {
          name: 'x',
          creationPolicy: 'Owner',
          template: {
            engineVersion: 'v2',
            mergePolicy: 'Replace',
            templateFrom: [{ target: 'Data', secret: { items: [{ key: 'k', templateAs: 'Values' }] } }],
          },
        },
      },
    });
  });

  it('of v1beta1 comes out as v1', () => {
    const { object, kind } = parseManifest(kinds, externalSecret({}, 'external-secrets.io/v1beta1'));
    expect(object.apiVersion).toBe('external-secrets.io/v1');
    expect(kind.resource.kind).toBe('ExternalSecret');
  });

  it('may name a provider that is not built', () => {
    const provider = { doppler: { auth: { secretRef: { dopplerToken: { name: 'a', key: 'b' } } } } };
    const parsed = parseManifest(kinds, store(provider));
    expect(parsed.object).toMatchObject({ spec: { provider } });
    expect(parsed.unknownFields).toEqual([]);
  });

  it('keeps metadata whole', () => {
    const labelled = { ...metadata, labels: { a: 'b' }, annotations: { c: 'd' }, finalizers: ['x/y'] };
    expect(parseManifest(kinds, { ...externalSecret({}), metadata: labelled }).object.metadata).toEqual(labelled);
  });
});

describe('unknown fields', () => {
  it('are dropped and named', () => {
    const { object, unknownFields } = parseManifest(
      kinds,
      externalSecret({ dat: [], target: { nam: 'x' }, dataFrom: [{ find: {} }, { extract: { key: 'a', kye: 'b' } }] }),
    );
    expect(unknownFields).toEqual(['spec.dat', 'spec.target.nam', 'spec.dataFrom[1].extract.kye']);
    expect(object).not.toHaveProperty('spec.dat');
  });

  it('of a provider are named too', () => {
    expect(parseManifest(kinds, store({ built: { region: 'x', reigon: 'y' } })).unknownFields).toEqual([
      'spec.provider.built.reigon',
    ]);
  });
});

describe('a bad manifest is refused with the place', () => {
  const bad: Record<string, [unknown, string]> = {
    'no object': ['text', 'Invalid input: expected object, received string'],
    'no name': [{ ...externalSecret({}), metadata: {} }, 'metadata.name: is required'],
    'a kind of others': [{ ...externalSecret({}), kind: 'Pod' }, 'kind Pod of external-secrets.io/v1 is not known'],
    'a version that is gone': [
      externalSecret({}, 'external-secrets.io/v1alpha1'),
      'kind ExternalSecret of external-secrets.io/v1alpha1 is not known',
    ],
    'no remote key': [
      externalSecret({ data: [{ secretKey: 'a', remoteRef: {} }] }),
      'spec.data[0].remoteRef.key: is required',
    ],
    'an unknown policy': [
      externalSecret({ target: { creationPolicy: 'owner' } }),
      'spec.target.creationPolicy: Invalid option: expected one of "Owner"|"Orphan"|"Merge"|"None"|"CreateOrMerge"',
    ],
    'two rewrites in one': [
      externalSecret({ dataFrom: [{ rewrite: [{ regexp: { source: 'a', target: 'b' }, merge: {} }] }] }),
      'spec.dataFrom[0].rewrite[0]: exactly one of merge, regexp, transform must be set',
    ],
    'a store without provider': [store({}), 'spec.provider: exactly one of '],
    'a store with two': [store({ built: { region: 'x' }, fake: { data: [] } }), 'spec.provider: exactly one of '],
    'a bad provider': [store({ built: {} }), 'spec.provider.built.region: is required'],
    'a PushSecret without store': [
      {
        apiVersion: 'external-secrets.io/v1alpha1',
        kind: 'PushSecret',
        metadata,
        spec: { secretStoreRefs: [], selector: { secret: { name: 'a' } }, dataTo: [{}] },
      },
      'spec.dataTo[0]: storeRef must have a name or a labelSelector',
    ],
  };

  it.each(Object.entries(bad))('%s', (_, [value, issue]) => {
    expect(issuesOf(value)).toEqual([expect.stringContaining(issue)]);
  });

  it('names every place at once', () => {
    const value = externalSecret({ data: [{ remoteRef: {} }, { secretKey: 'b' }] });
    expect(issuesOf(value)).toEqual([
      'spec.data[0].secretKey: is required',
      'spec.data[0].remoteRef.key: is required',
      'spec.data[1].remoteRef: is required',
    ]);
  });

  it('does not repeat the values that stand there', () => {
    const canary = 'canary value';
    const bads = [
      externalSecret({ data: [{ secretKey: canary, remoteRef: { key: 1 } }], refreshPolicy: canary }),
      externalSecret({ target: { template: { data: canary } } }),
      store({ built: canary }),
    ];
    for (const value of bads) {
      expect(issuesOf(value).length).toBeGreaterThan(0);
      expect(issuesOf(value).join()).not.toContain(canary);
    }
  });
});
