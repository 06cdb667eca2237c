/** The operator's own informer, against an API server that goes away and comes back. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { KubeObject } from '../../src/api/object.ts';
import { configMaps } from '../../src/kube/resources.ts';
import { realClock } from '../../src/runtime/clock.ts';
import { SharedInformer } from '../../src/runtime/sharedinformer.ts';
import { RecordingLogger } from '../../src/runtime/testing/recordinglogger.ts';
import { eventually } from '../support/eventually.ts';
import { describeWorld } from '../support/world.ts';

describeWorld('the informer', (world) => {
  let namespace = '';
  let seen: string[] = [];
  let informer: SharedInformer<KubeObject>;
  let stopping: AbortController;

  beforeEach(async () => {
    namespace = await world().createNamespace();
    await eventually(() => world().kube.get(configMaps, { namespace, name: 'kube-root-ca.crt' }));
    seen = [];
    stopping = new AbortController();
    informer = new SharedInformer<KubeObject>({
      kube: world().kube,
      resource: configMaps,
      selection: { namespace },
      clock: realClock,
      log: new RecordingLogger(),
    });
    informer.addHandler({
      added: ({ metadata }) => void seen.push(`added ${metadata.name}`),
      updated: ({ metadata }) => void seen.push(`updated ${metadata.name}`),
      deleted: ({ metadata }) => void seen.push(`deleted ${metadata.name}`),
    });
    void informer.run(stopping.signal);
    await informer.whenSynced(stopping.signal);
  });

  afterEach(() => stopping.abort());

  it('hears of what is there and what changes', async () => {
    const { kube } = world();
    await kube.create(configMaps, { metadata: { namespace, name: 'a' } });
    await kube.mergePatch(configMaps, { namespace, name: 'a' }, { data: { x: '1' } });
    await kube.delete(configMaps, { namespace, name: 'a' });
    await eventually(() => expect(seen).toEqual(['added kube-root-ca.crt', 'added a', 'updated a', 'deleted a']));
  });

  it('goes on after a restart and misses nothing', async ({ skip }) => {
    if (!world().canRestart) skip('this cluster is not ours to restart');
    const { kube } = world();
    await kube.create(configMaps, { metadata: { namespace, name: 'before' } });
    // What a watch never told of, its end need not be told of either.
    await eventually(() => expect(seen).toContain('added before'));
    await world().restart();
    // Reads are tried again, and with them the connections are new.
    await kube.get(configMaps, { namespace, name: 'before' });
    await kube.create(configMaps, { metadata: { namespace, name: 'after' } });
    await kube.delete(configMaps, { namespace, name: 'before' });
    await eventually(() => {
      expect(informer.lister.get(`${namespace}/after`)).toBeDefined();
      expect(informer.lister.get(`${namespace}/before`)).toBeUndefined();
      expect(seen).toContain('deleted before');
    });
    expect(seen.filter((event) => event === 'added kube-root-ca.crt')).toHaveLength(1);
  });
});
