/** What users get wrong: a clear condition, the last good Secret, no hot loop, and all is well once it is mended. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { namespaces } from '../../src/kube/resources.ts';
import { ApiProxy } from '../support/apiproxy.ts';
import { eventually } from '../support/eventually.ts';
import { quietFor } from '../support/quiet.ts';
import { Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

const good = { data: [{ secretKey: 'a', remoteRef: { key: 'a' } }] };
const find = (regexp: string, rest: object = {}): object => ({ dataFrom: [{ find: { name: { regexp } }, ...rest }] });
const templated = (template: object): object => ({ ...good, target: { template } });
const read = (remoteRef: object): object => ({ data: [{ secretKey: 'a', remoteRef }] });
const storeRef = (name: string, kind?: string): object => ({
  ...good,
  secretStoreRef: { name, ...(kind && { kind }) },
});

/** What is wrong, the spec, and what the condition must say. */
const mistakes: readonly (readonly [title: string, spec: object, cause: RegExp])[] = [
  ['a store that does not exist', storeRef('nowhere'), /SecretStore "nowhere" does not exist in namespace/],
  [
    'a ClusterSecretStore that does not exist',
    storeRef('nowhere', 'ClusterSecretStore'),
    /ClusterSecretStore "nowhere" does not exist/,
  ],
  ['no store at all', { ...good, secretStoreRef: undefined }, /no store is named: spec\.secretStoreRef/],
  [
    'a remote key that does not exist',
    read({ key: 'missing' }),
    /spec\.data\[0\] \(key: missing\): the store has no secret missing/,
  ],
  ['a version that does not exist', read({ key: 'a', version: 'v9' }), /the store has no secret a in version v9/],
  [
    'a property that does not exist',
    read({ key: 'json', property: 'none.deeper' }),
    /the secret json has no property none\.deeper/,
  ],
  ['a property of what is no JSON', read({ key: 'a', property: 'x' }), /the secret a has no property x/],
  ['an extract of what is no object', { dataFrom: [{ extract: { key: 'a' } }] }, /the secret a is not a JSON object/],
  ['an expression that is none', find('['), /spec\.dataFrom\[0\]\.find/],
  ['names that become one key', find('^col'), /col/],
  ['keys that a Secret cannot have', templated({ data: { 'not a key': 'x' } }), /not a key/],
  ['keys that are too long', find('^a$', { rewrite: [{ regexp: { source: '^', target: 'k'.repeat(300) } }] }), /253/],
  ['a template with a syntax error', templated({ data: { a: '{{ if }}' } }), /could not apply template.*key a/],
  [
    'a template that asks for too much',
    templated({ data: { a: '{{ repeat 5000000 "x" }}' } }),
    /could not apply template/,
  ],
  [
    'a label that is none',
    templated({ metadata: { labels: { team: 'not a label!' } } }),
    /could not update secret.*not a label!/,
  ],
  [
    'a Secret that is too large',
    templated({ data: { a: '{{ repeat 1100000 "x" }}' } }),
    /could not update secret.*(1048576|too long|too large)/i,
  ],
  [
    'a type that demands other keys',
    { ...templated({ type: 'kubernetes.io/tls', data: { a: 'x' } }) },
    /could not update secret/,
  ],
];

describeWorld('an ExternalSecret with', (world) => {
  let space: Workspace;
  let proxy: ApiProxy;

  beforeEach(async () => {
    space = await Workspace.open(world());
    proxy = await ApiProxy.start(world());
    await space.applyStore({ a: '1', json: { b: '2' }, 'col/x': '3', col_x: '4' });
    await space.start({}, proxy);
  });

  afterEach(async () => {
    await space.close();
    await proxy.stop();
  });

  /** What the operator sends, and looks at, while a second goes by. */
  async function expectCalm(): Promise<void> {
    await eventually(() => expect(proxy.writes).toContain('create events'));
    const before = await space.reconciles();
    proxy.forget();
    await quietFor(1_000);
    expect((await space.reconciles()) - before).toBeLessThanOrEqual(2);
    expect(proxy.requests.length).toBeLessThanOrEqual(6);
  }

  it.each(mistakes)('%s', async (_, spec, cause) => {
    await space.applyExternalSecret('app', good);
    await space.holds('app', { a: '1' });
    await space.applyExternalSecret('app', spec);
    expect(await space.failed('app')).toMatch(cause);
    expect(await space.data('app')).toEqual({ a: '1' });
    await expectCalm();
    await space.applyExternalSecret('app', good);
    await space.ready('app');
  });

  it('a label of a hundred thousand characters says what is wrong, but not all of it', async () => {
    const labels = { team: `not a label! ${'x'.repeat(100_000)}` };
    await space.applyExternalSecret('app', templated({ metadata: { labels } }));
    const message = await space.failed('app', /could not update secret.*not a label!/);
    expect(message.length).toBeLessThan(5_000);
  });

  it('entries that say nothing is empty, and writes no Secret', async () => {
    await space.applyExternalSecret('app', { data: [] });
    await space.ready('app');
    await expect(space.secret('app')).rejects.toMatchObject({ status: 404 });
  });

  describe('a namespace that is being deleted', () => {
    it('goes without being held back, and nothing is written into it any more', async () => {
      for (const deletionPolicy of ['Retain', 'Delete']) {
        await space.applyExternalSecret(deletionPolicy.toLowerCase(), { ...good, target: { deletionPolicy } });
        await space.holds(deletionPolicy.toLowerCase(), { a: '1' });
      }
      await world().kube.delete(namespaces, { name: space.namespace });
      await eventually(
        () => expect(world().kube.get(namespaces, { name: space.namespace })).rejects.toMatchObject({ status: 404 }),
        90_000,
      );
    });

    it('gets no new Secret, says why, and waits', async () => {
      proxy.intercept(({ verb, resource }) => {
        if (verb !== 'create' || resource !== 'secrets') return undefined;
        const message = `secrets "late" is forbidden: unable to create new content in namespace ${space.namespace} because it is being terminated`;
        return { type: 'refuse', code: 403, reason: 'Forbidden', message };
      });
      await space.applyExternalSecret('late', good);
      expect(await space.failed('late')).toContain('because it is being terminated');
      await expectCalm();
      proxy.intercept(undefined);
      await space.annotate('late');
      await space.holds('late', { a: '1' });
    });
  });
});
