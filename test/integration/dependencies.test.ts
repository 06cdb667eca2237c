/** What a Secret is made from changes: it follows at once, although it is not due. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configMaps, secrets } from '../../src/kube/resources.ts';
import { ApiProxy } from '../support/apiproxy.ts';
import { eventually } from '../support/eventually.ts';
import { quietFor } from '../support/quiet.ts';
import { encoded, Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

/** Of the times by which a change is told from what was there before. */
const resolutionMs = 1_100;
const data = [{ secretKey: 'a', remoteRef: { key: 'a' } }];

describeWorld('a Secret that is made from', (world) => {
  let space: Workspace;
  let proxy: ApiProxy;

  beforeEach(async () => {
    space = await Workspace.open(world());
    proxy = await ApiProxy.start(world());
    await space.applyStore({ a: '1' });
    await space.start({}, proxy);
  });

  afterEach(async () => {
    await space.close();
    await proxy.stop();
  });

  const generator = (kind: string, spec: object): Promise<void> =>
    space.apply({ apiVersion: 'generators.external-secrets.io/v1alpha1', kind, metadata: { name: 'made' }, spec });
  const from = (kind: string): object => ({ dataFrom: [{ sourceRef: { generatorRef: { kind, name: 'made' } } }] });
  const template = (source: object, more: object = {}): object => ({
    data,
    target: { template: { templateFrom: [source] } },
    ...more,
  });
  const items = [{ key: 'text' }];

  describe('a store', () => {
    it('is followed when it was edited while no operator ran', async () => {
      await space.applyExternalSecret('app', { data });
      await space.holds('app', { a: '1' });
      await space.stopOperator();
      await sleep(resolutionMs);
      await space.applyStore({ a: '2' });
      await space.start({}, proxy);
      await space.holds('app', { a: '2' });
    });

    it('that nobody edited is not read again after a restart', async () => {
      await space.applyExternalSecret('app', { data, refreshInterval: '0s' });
      const { status } = await space.ready('app');
      await space.stopOperator();
      await sleep(resolutionMs);
      await space.start({}, proxy);
      await space.idle(1);
      expect((await space.ready('app')).status).toEqual(status);
    });
  });

  describe('a template in a ConfigMap', () => {
    it('follows it', async () => {
      await space.applyConfigMap('texts', { text: 'first {{ .a }}' });
      await space.applyExternalSecret('app', template({ configMap: { name: 'texts', items } }));
      await space.holds('app', { text: 'first 1' });
      await space.applyConfigMap('texts', { text: 'second {{ .a }}' });
      await space.holds('app', { text: 'second 1' });
    });

    it('follows what changed while no operator ran', async () => {
      await space.applyConfigMap('texts', { text: 'first {{ .a }}' });
      await space.applyExternalSecret('app', template({ configMap: { name: 'texts', items } }));
      await space.holds('app', { text: 'first 1' });
      await space.stopOperator();
      await sleep(resolutionMs);
      await space.applyConfigMap('texts', { text: 'second {{ .a }}' });
      await space.start({}, proxy);
      await space.holds('app', { text: 'second 1' });
    });

    it('waits for it, and for its key', async () => {
      await space.applyExternalSecret('app', template({ configMap: { name: 'texts', items } }));
      await space.failed('app', /configmap texts: it does not exist/);
      await space.applyConfigMap('texts', { other: 'x' });
      await space.failed('app', /configmap texts: missing key text/);
      await space.applyConfigMap('texts', { text: 'late {{ .a }}' });
      await space.holds('app', { text: 'late 1' });
    });

    it('keeps its last good data when it goes away', async () => {
      await space.applyConfigMap('texts', { text: 'good {{ .a }}' });
      await space.applyExternalSecret('app', template({ configMap: { name: 'texts', items } }));
      await space.holds('app', { text: 'good 1' });
      await world().kube.delete(configMaps, { namespace: space.namespace, name: 'texts' });
      await space.failed('app', /configmap texts: it does not exist/);
      expect(await space.data('app')).toEqual({ text: 'good 1' });
    });

    it('does not follow it under the policies CreatedOnce and OnChange', async () => {
      await space.applyConfigMap('texts', { text: 'first {{ .a }}' });
      for (const refreshPolicy of ['CreatedOnce', 'OnChange']) {
        const spec = template({ configMap: { name: 'texts', items } }, { refreshPolicy });
        await space.applyExternalSecret(refreshPolicy.toLowerCase(), spec);
      }
      await space.holds('createdonce', { text: 'first 1' });
      await space.holds('onchange', { text: 'first 1' });
      await space.applyConfigMap('texts', { text: 'second {{ .a }}' });
      await quietFor(500);
      expect([await space.data('createdonce'), await space.data('onchange')]).toEqual([
        { text: 'first 1' },
        { text: 'first 1' },
      ]);
    });
  });

  describe('a template in a Secret', () => {
    it('follows it', async () => {
      await space.applySecret('texts', { text: 'first {{ .a }}' });
      await space.applyExternalSecret('app', template({ secret: { name: 'texts', items } }));
      await space.holds('app', { text: 'first 1' });
      await space.applySecret('texts', { text: 'second {{ .a }}' });
      await space.holds('app', { text: 'second 1' });
    });

    it('follows one that is itself made by an ExternalSecret', async () => {
      await space.applyStore({ a: '1', text: 'first {{ .a }}' });
      await space.applyExternalSecret('texts', { data: [{ secretKey: 'text', remoteRef: { key: 'text' } }] });
      await space.applyExternalSecret('app', template({ secret: { name: 'texts', items } }));
      await space.holds('app', { text: 'first 1' });
      await space.applyStore({ a: '1', text: 'second {{ .a }}' });
      await space.holds('app', { text: 'second 1' });
    });
  });

  describe('a generator', () => {
    it('follows its spec', async () => {
      await generator('Fake', { data: { a: 'first' } });
      await space.applyExternalSecret('app', from('Fake'));
      await space.holds('app', { a: 'first' });
      await generator('Fake', { data: { a: 'second' } });
      await space.holds('app', { a: 'second' });
    });

    it('keeps what was generated as long as nothing asks for more', async () => {
      await generator('UUID', {});
      await space.applyExternalSecret('app', from('UUID'));
      await space.ready('app');
      const made = await space.data('app');
      await quietFor(500);
      expect(await space.data('app')).toEqual(made);
      await space.refresh('app');
      await eventually(async () => expect(await space.data('app')).not.toEqual(made));
    });

    it('is not made at all while the generator is another class', async () => {
      // Of the generators only those with a `controller` field belong to a class.
      await generator('Fake', { controller: 'somebody-else', data: { a: 'x' } });
      await space.applyExternalSecret('app', from('Fake'));
      await space.applyExternalSecret('after', { data });
      await space.holds('after', { a: '1' });
      expect((await space.externalSecret('app')).status).toBeUndefined();
    });
  });

  it('nothing that is watched costs a request when something else changes', async () => {
    await space.applyConfigMap('texts', { text: 'first {{ .a }}' });
    await space.applyExternalSecret('app', template({ configMap: { name: 'texts', items } }));
    await space.holds('app', { text: 'first 1' });
    await space.ready('app');
    await eventually(async () => expect(await space.events('app')).toMatchObject([{ reason: 'Created' }]));
    proxy.forget();
    await space.applyConfigMap('unrelated', { text: 'x' });
    await space.applySecret('unrelated', { text: 'x' });
    await world().kube.mergePatch(
      secrets,
      { namespace: space.namespace, name: 'unrelated' },
      { data: encoded({ a: 'b' }) },
    );
    await quietFor(500);
    expect(proxy.requests).toEqual([]);
  });
});
