/** `dataFrom[].rewrite`: from the keys of a store to the keys of a Secret. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

const remote = {
  'team/database/host': 'db.internal',
  'team/database/port': '5432',
  'team/cache/host': 'cache.internal',
  'json-a': { user: 'a-user', url: 'https://a?x=1&y=<2>', shared: 'from a' },
  'json-b': { password: 'b-secret', shared: 'from b' },
  'text-c': 'no object',
};

describeWorld('a rewrite', (world) => {
  let space: Workspace;

  beforeAll(async () => {
    space = await Workspace.open(world());
    await space.applyStore(remote);
    await space.start();
  });

  afterAll(() => space.close());

  const spec = (regexp: string, ...rewrite: readonly object[]): object => ({
    dataFrom: [{ find: { name: { regexp } }, rewrite }],
  });

  it('by regexp replaces groups', async () => {
    const rewrite = { regexp: { source: '^team_(\\w+?)_(\\w+)$', target: '$2-of-$1' } };
    expect(await space.sync(spec('^team/', rewrite))).toEqual({
      'host-of-database': 'db.internal',
      'port-of-database': '5432',
      'host-of-cache': 'cache.internal',
    });
  });

  it('by transform renders a template for each key', async () => {
    const rewrite = { transform: { template: '{{ .value | upper | replace "_" "." }}' } };
    expect(await space.sync(spec('^team/cache', rewrite))).toEqual({ 'TEAM.CACHE.HOST': 'cache.internal' });
  });

  it('follows the list in its order', async () => {
    const first = { regexp: { source: '^team_', target: '' } };
    const second = { transform: { template: '{{ .value | upper }}' } };
    const third = { regexp: { source: 'HOST', target: 'SERVER' } };
    expect(await space.sync(spec('^team/cache', first, second, third))).toEqual({ CACHE_SERVER: 'cache.internal' });
  });

  it('applies to extract as well', async () => {
    const dataFrom = [{ extract: { key: 'json-b' }, rewrite: [{ regexp: { source: '^', target: 'b-' } }] }];
    expect(await space.sync({ dataFrom })).toEqual({ 'b-password': 'b-secret', 'b-shared': 'from b' });
  });

  it('lets the last key in byte order win when keys collide, every time', async () => {
    const rewrite = { regexp: { source: '^team_\\w+?_(\\w+)$', target: '$1' } };
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(await space.sync(spec('^team/', rewrite))).toEqual({ host: 'db.internal', port: '5432' });
    }
  });

  describe('by merge', () => {
    const prefer = (...priority: readonly string[]): object => ({ merge: { priority, conflictPolicy: 'Ignore' } });

    it('takes the members of all objects', async () => {
      const dataFrom = [
        { find: { name: { regexp: '^json-b' } }, rewrite: [{ merge: {} }] },
        { find: { name: { regexp: '^json-a' } }, rewrite: [{ merge: {} }] },
      ];
      expect(await space.sync({ dataFrom })).toEqual({
        user: 'a-user',
        url: 'https://a?x=1&y=<2>',
        password: 'b-secret',
        shared: 'from a',
      });
    });

    it('refuses members that stand in several objects', async () => {
      expect(await space.failure(spec('^json-', { merge: {} }))).toMatch(
        /rewrite\[0\]: merge: more than one value has the member "shared"/,
      );
    });

    it('lets the last key win when conflicts are ignored, and priorities over that', async () => {
      expect(await space.sync(spec('^json-', { merge: { conflictPolicy: 'Ignore' } }))).toMatchObject({
        shared: 'from b',
      });
      expect(await space.sync(spec('^json-', prefer('json-a')))).toMatchObject({ shared: 'from a' });
    });

    it('fails for a priority that is missing, unless that is ignored', async () => {
      expect(await space.failure(spec('^json-', prefer('json-z')))).toContain(
        'the priority key "json-z" does not exist',
      );
      const merge = { priority: ['json-z'], priorityPolicy: 'IgnoreNotFound', conflictPolicy: 'Ignore' };
      expect(await space.sync(spec('^json-', { merge }))).toMatchObject({ shared: 'from b' });
    });

    it('of strategy JSON keeps the keys and adds the merged object', async () => {
      const merge = { strategy: 'JSON', into: 'all', conflictPolicy: 'Ignore' };
      const data = await space.sync(spec('^json-', { merge }));
      expect(Object.keys(data).toSorted()).toEqual(['all', 'json-a', 'json-b']);
      expect(JSON.parse(data['all'] ?? '')).toEqual({ ...remote['json-a'], ...remote['json-b'] });
      expect(data['all']).toContain('x=1&y=<2>');
    });

    it('refuses what is no object, and does not quote it', async () => {
      const message = await space.failure(spec('^text-', { merge: {} }));
      expect(message).toContain('the value of key "text-c" is not one');
      expect(message).not.toContain('no object');
    });
  });

  describe('that is wrong', () => {
    it.each([
      ['an expression', { regexp: { source: '(', target: '' } }],
      ['a template', { transform: { template: '{{ .value | nope }}' } }],
    ])('in %s is named with its place', async (_, rewrite) => {
      expect(await space.failure(spec('^team/', rewrite))).toContain('spec.dataFrom[0].find: rewrite[0]');
    });

    it('by making keys that a Secret cannot have is refused', async () => {
      const rewrite = { regexp: { source: '^team_', target: 'a/b ' } };
      expect(await space.failure(spec('^team/cache', rewrite))).toMatch(/a\/b /);
    });
  });
});
