import { describe, expect, it } from 'vitest';
import { ExternalSecretSpec } from '../api/externalsecret.ts';
import { validateExternalSecret } from './externalsecretrules.ts';

const data = [{ secretKey: 'a', remoteRef: { key: 'a' } }];
const verdict = (spec: object) => validateExternalSecret(ExternalSecretSpec.parse(spec));
const from = (entry: object): object => ({ dataFrom: [entry] });
const templated = (template: object, target: object = {}): object => ({ data, target: { ...target, template } });
const extract = { key: 'a' };
const find = { name: { regexp: '.*' } };
const generatorRef = { apiVersion: 'generators.external-secrets.io/v1alpha1', kind: 'UUID', name: 'u' };
const tokenType = 'kubernetes.io/service-account-token';

describe('the rules of ExternalSecrets', () => {
  it.each<[string, object, string]>([
    ['neither data nor dataFrom', {}, 'either data or dataFrom must be set'],
    ...['Merge', 'None', 'CreateOrMerge'].map((creationPolicy): [string, object, string] => [
      `Delete with ${creationPolicy}`,
      { data, target: { deletionPolicy: 'Delete', creationPolicy } },
      `deletionPolicy=Delete must not be used with creationPolicy=${creationPolicy}`,
    ]),
    [
      'Merge with None',
      { data, target: { deletionPolicy: 'Merge', creationPolicy: 'None' } },
      'deletionPolicy=Merge must not be used with creationPolicy=None',
    ],
    ['extract and find in one entry', from({ extract, find }), 'dataFrom[0]: extract, find and sourceRef.generatorRef'],
    ['extract and a generator', from({ extract, sourceRef: { generatorRef } }), 'exclude each other'],
    ['an empty entry', from({}), 'dataFrom[0]: one of extract, find and sourceRef.generatorRef must be set'],
    ['a store and nothing to read', from({ sourceRef: { storeRef: { name: 's' } } }), 'needs extract or find'],
    ['one key twice', { data: [...data, ...data] }, 'data: secretKey "a" is there more than once'],
    ['a bootstrap token', templated({ type: 'bootstrap.kubernetes.io/token' }), 'target.template.type must not be'],
    [
      'a token of a ServiceAccount',
      templated({ type: tokenType, metadata: { annotations: { 'kubernetes.io/service-account.name': 'admin' } } }),
      'must not be used with annotation',
    ],
    [
      'a token whose annotations are rendered',
      templated({ type: tokenType, templateFrom: [{ target: 'Annotations', literal: 'a: b' }] }),
      'must not be used with annotation',
    ],
    [
      'a template for a part that Secrets lack',
      templated({ templateFrom: [{ target: 'spec', literal: 'a: b' }] }),
      'target.template.templateFrom[0].target: "spec" is no part of a Secret',
    ],
  ])('refuse %s', (_, spec, message) => {
    expect(verdict(spec).errors).toEqual([expect.stringContaining(message)]);
  });

  it.each<[string, object]>([
    ['a single key', { data }],
    ['an extract from another store', from({ extract, sourceRef: { storeRef: { name: 's' } } })],
    ['a find', from({ find })],
    ['a generator', from({ sourceRef: { generatorRef } })],
    ['one key twice where the last wins', { data: [...data, ...data], target: { deletionPolicy: 'Merge' } }],
    ['parts of a Secret in any case', templated({ templateFrom: [{ target: 'labels', literal: 'a: b' }] })],
    [
      'any part of another kind',
      templated(
        { templateFrom: [{ target: 'spec', literal: 'a: b' }] },
        { manifest: { apiVersion: 'example.com/v1', kind: 'App' } },
      ),
    ],
    ['a token type without the annotation', templated({ type: tokenType })],
  ])('let %s pass', (_, spec) => {
    expect(verdict(spec)).toEqual({ errors: [], warnings: [] });
  });

  it('give all reasons at once', () => {
    expect(verdict({ target: { deletionPolicy: 'Delete', creationPolicy: 'None' } }).errors).toHaveLength(2);
  });

  it('warn of a key that looks like a pattern, and of a deletion that deletes nothing', () => {
    const target = { deletionPolicy: 'Delete', creationPolicy: 'Orphan' };
    expect(verdict({ dataFrom: [{ extract: { key: 'app/*' } }], target })).toEqual({
      errors: [],
      warnings: [expect.stringContaining('"app/*"'), expect.stringContaining('deletes nothing')],
    });
  });
});
