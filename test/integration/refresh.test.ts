/** When the provider is read again, and when not. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secrets } from '../../src/kube/resources.ts';
import { eventually } from '../support/eventually.ts';
import { quietFor } from '../support/quiet.ts';
import { SourceNamespace } from '../support/sourcenamespace.ts';
import { Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

/** A window that opens every minute for an hour: it is always open. */
const always = [{ schedule: '* * * * *', duration: '1h' }];

describeWorld('an ExternalSecret is refreshed', (world) => {
  let space: Workspace;
  let source: SourceNamespace;

  beforeEach(async () => {
    space = await Workspace.open(world());
    source = await SourceNamespace.create(world());
    await source.put('remote', { a: 'first', b: 'other' });
    await space.applySecret('token', { token: await source.token() });
    await space.applyStoreOf(source.providerWithToken('token'));
    await space.start();
  });

  afterEach(() => space.close());

  async function apply(spec: object, key = 'a'): Promise<void> {
    const data = [{ secretKey: 'value', remoteRef: { key: 'remote', property: key } }];
    await space.applyExternalSecret('app', { data, ...spec });
    await space.ready('app');
  }

  async function deleteSecret(): Promise<void> {
    await world().kube.delete(secrets, { namespace: space.namespace, name: 'app' });
  }

  /** How often it was synced while a second and a half went by. */
  async function syncsMeanwhile(): Promise<number> {
    const before = await space.syncs();
    await quietFor(1_500);
    return (await space.syncs()) - before;
  }

  describe('periodically', () => {
    it('at least once in each interval', async () => {
      await apply({ refreshInterval: '1s' });
      await source.put('remote', { a: 'second' });
      await space.holds('app', { value: 'second' });
      await source.put('remote', { a: 'third' });
      await space.holds('app', { value: 'third' });
    });

    it('no more often than once a second, however short the interval', async () => {
      await apply({ refreshInterval: '1ms' });
      expect(await syncsMeanwhile()).toBeLessThan(4);
    });

    it('not before it is due, and its refresh time says when that was', async () => {
      await apply({ refreshInterval: '1h' });
      const { status } = await space.externalSecret('app');
      await source.put('remote', { a: 'second' });
      expect(await syncsMeanwhile()).toBe(0);
      expect(await space.data('app')).toEqual({ value: 'first' });
      expect((await space.externalSecret('app')).status?.refreshTime).toBe(status?.refreshTime);
    });
  });

  describe('when somebody asks for it', () => {
    it('by an annotation, with what is there now and not what was read a moment ago', async () => {
      await apply({});
      await source.put('remote', { a: 'second' });
      await space.refresh('app');
      expect(await space.data('app')).toEqual({ value: 'second' });
    });

    it('by a label as well', async () => {
      await apply({});
      await source.put('remote', { a: 'second' });
      await space.applyExternalSecret(
        'app',
        { data: [{ secretKey: 'value', remoteRef: { key: 'remote', property: 'a' } }] },
        { labels: { again: 'please' } },
      );
      await space.holds('app', { value: 'second' });
    });
  });

  describe('with an interval of zero', () => {
    it.each(['0', '0s', '-1h'])('(%s) never by itself', async (refreshInterval) => {
      await apply({ refreshInterval });
      await source.put('remote', { a: 'second' });
      expect(await syncsMeanwhile()).toBe(0);
    });

    it('when it is edited all the same', async () => {
      await apply({ refreshInterval: '0' });
      await apply({ refreshInterval: '0' }, 'b');
      expect(await space.data('app')).toEqual({ value: 'other' });
    });

    it('when somebody asks for it all the same', async () => {
      await apply({ refreshInterval: '0' });
      await source.put('remote', { a: 'second' });
      await space.refresh('app');
      expect(await space.data('app')).toEqual({ value: 'second' });
    });
  });

  describe('under the policy CreatedOnce', () => {
    beforeEach(() => apply({ refreshPolicy: 'CreatedOnce', refreshInterval: '1s' }));

    it('never again, and nothing is tried over and over', async () => {
      await source.put('remote', { a: 'second' });
      await space.annotate('app');
      expect(await syncsMeanwhile()).toBe(0);
      expect(await space.data('app')).toEqual({ value: 'first' });
    });

    it('when its Secret was deleted', async () => {
      const { metadata } = await space.secret('app');
      await deleteSecret();
      await space.holds('app', { value: 'first' });
      expect((await space.secret('app')).metadata.uid).not.toBe(metadata.uid);
    });
  });

  describe('under the policy OnChange', () => {
    beforeEach(() => apply({ refreshPolicy: 'OnChange', refreshInterval: '1s' }));

    it('not by time', async () => {
      await source.put('remote', { a: 'second' });
      expect(await syncsMeanwhile()).toBe(0);
      expect(await space.data('app')).toEqual({ value: 'first' });
    });

    it('when it is edited or annotated', async () => {
      await source.put('remote', { a: 'second', b: 'other' });
      await space.refresh('app');
      expect(await space.data('app')).toEqual({ value: 'second' });
      await apply({ refreshPolicy: 'OnChange', refreshInterval: '1s' }, 'b');
      expect(await space.data('app')).toEqual({ value: 'other' });
    });
  });

  describe('within sync windows', () => {
    const windows = (kind: string, all: readonly object[] = always): object => ({
      refreshInterval: '1s',
      syncWindows: { kind, windows: all },
    });

    it('that are open', async () => {
      await apply(windows('allow'));
      await source.put('remote', { a: 'second' });
      await space.holds('app', { value: 'second' });
    });

    it('not while one denies it, but at once for the first time', async () => {
      await apply(windows('deny'));
      expect(await space.data('app')).toEqual({ value: 'first' });
      await source.put('remote', { a: 'second' });
      expect(await syncsMeanwhile()).toBe(0);
      expect(await space.data('app')).toEqual({ value: 'first' });
    });

    it('not while none allows it, one that never opens included', async () => {
      await apply(windows('allow', [{ schedule: '61 25 * * *', duration: '1h' }]));
      await source.put('remote', { a: 'second' });
      expect(await syncsMeanwhile()).toBe(0);
    });

    it('when it is edited, annotated or damaged, although they are closed', async () => {
      await apply(windows('deny'));
      await apply(windows('deny'), 'b');
      expect(await space.data('app')).toEqual({ value: 'other' });
      await source.put('remote', { b: 'second' });
      await space.refresh('app');
      expect(await space.data('app')).toEqual({ value: 'second' });
      await deleteSecret();
      await space.holds('app', { value: 'second' });
    });
  });

  it('with one read for all that want the same remote secret at the same time', async () => {
    const data = [{ secretKey: 'value', remoteRef: { key: 'remote', property: 'a' } }];
    const names = Array.from({ length: 10 }, (_, index) => `app-${index}`);
    await Promise.all(names.map((name) => space.applyExternalSecret(name, { data })));
    for (const name of names) await space.ready(name);
    const { GetSecret, ...others } = await space.providerCalls();
    expect({ GetSecret, others }).toMatchObject({ GetSecret: 1 });
  });

  it('only by the operator of its class', async () => {
    await space.applyStore({ a: 'foreign' }, { name: 'foreign', spec: { controller: 'somebody-else' } });
    const data = [{ secretKey: 'a', remoteRef: { key: 'a' } }];
    await space.applyExternalSecret('foreign', { secretStoreRef: { name: 'foreign' }, data });
    await apply({});
    expect((await space.externalSecret('foreign')).status).toBeUndefined();
    await eventually(async () => expect(await space.events('foreign')).toEqual([]));
  });
});
