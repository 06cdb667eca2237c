/** An API server that refuses, forgets to answer or cuts watches: nothing is lost, and nothing is tried without end. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault, SeenRequest } from '../../src/devserver/faults.ts';
import { secrets } from '../../src/kube/resources.ts';
import { ApiProxy } from '../support/apiproxy.ts';
import { eventually } from '../support/eventually.ts';
import { quietFor } from '../support/quiet.ts';
import { encoded, Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

const data = [{ secretKey: 'a', remoteRef: { key: 'a' } }];

describeWorld('an operator whose API server', (world) => {
  let space: Workspace;
  let proxy: ApiProxy;

  beforeEach(async () => {
    space = await Workspace.open(world());
    proxy = await ApiProxy.start(world());
    await space.applyStore({ a: '1' });
    await space.start({}, proxy);
    await space.storeIs('Valid');
  });

  afterEach(async () => {
    proxy.intercept(undefined);
    await space.close();
    await proxy.stop();
  });

  /** Such as `patch externalsecrets/status`. */
  const nameOf = ({ verb, resource, subresource }: SeenRequest): string =>
    `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`;

  /** The next so many requests of this name fail. @returns how many did */
  function breakNext(name: string, fault: Fault, times: number): () => number {
    let broken = 0;
    proxy.intercept((request) => {
      if (nameOf(request) !== name || broken >= times) return undefined;
      broken += 1;
      return fault;
    });
    return () => broken;
  }

  /** What happens, and how often in a row. */
  const faults: readonly (readonly [title: string, fault: Fault, times: number])[] = [
    ['answers 409', { type: 'refuse', code: 409 }, 5],
    ['answers 429 with a time to come back', { type: 'refuse', code: 429, retryAfterSeconds: 1 }, 1],
    ['answers 429 without one', { type: 'refuse', code: 429 }, 1],
    ['answers 500', { type: 'refuse', code: 500 }, 1],
    ['answers 503', { type: 'refuse', code: 503, reason: 'ServiceUnavailable' }, 1],
    ['answers 504, although it may have done it', { type: 'refuse', code: 504, reason: 'Timeout' }, 1],
    ['breaks the connection', { type: 'disconnect' }, 1],
    ['does what was asked and breaks the connection', { type: 'loseAnswer' }, 1],
  ];

  describe.each(['create secrets', 'patch externalsecrets/status'])('to %s', (name) => {
    it.each(faults)('%s, has it done a moment later', async (_, fault, times) => {
      const broken = breakNext(name, fault, times);
      await space.applyExternalSecret('app', { data });
      await space.holds('app', { a: '1' });
      await space.ready('app');
      expect(broken()).toBe(times);
    });
  });

  describe('to patch secrets', () => {
    it.each(faults)('%s, has it done a moment later', async (_, fault, times) => {
      await space.applyExternalSecret('app', { data });
      await space.ready('app');
      const broken = breakNext('patch secrets', fault, times);
      await space.applyStore({ a: '2' });
      await space.holds('app', { a: '2' });
      await space.ready('app');
      expect(broken()).toBe(times);
    });
  });

  it('cannot take a status does not make a failure of a sync that went well', async () => {
    breakNext('patch externalsecrets/status', { type: 'refuse', code: 500 }, 1);
    await space.applyExternalSecret('app', { data });
    await space.ready('app');
    expect((await space.events('app')).filter(({ type }) => type === 'Warning')).toEqual([]);
    expect(proxy.writes.filter((write) => write === 'patch externalsecrets/status')).toHaveLength(2);
  });

  describe('gives the first list of Secrets late', () => {
    /** Long enough for a sync that does not wait for the list. */
    const tooEarlyMs = 400;

    it('misses no target that appears before the watch that waits for it', async () => {
      const broken = breakNext('list secrets', { type: 'refuse', code: 503 }, 1);
      await space.applyExternalSecret('app', { data, target: { creationPolicy: 'Merge' } });
      await eventually(() => expect(broken()).toBe(1));
      await sleep(tooEarlyMs);
      await space.applySecret('app', { foreign: 'x' });
      await space.holds('app', { a: '1', foreign: 'x' });
    });

    it('misses no change of a template before the watch of templates', async () => {
      const template = (text: string): Promise<void> => space.applySecret('texts', { text });
      await template('old {{ .a }}');
      const broken = breakNext('list secrets', { type: 'refuse', code: 503 }, 1);
      const templateFrom = [{ secret: { name: 'texts', items: [{ key: 'text' }] } }];
      await space.applyExternalSecret('app', { data, target: { template: { templateFrom } } });
      await eventually(() => expect(broken()).toBe(1));
      await sleep(tooEarlyMs);
      await template('new {{ .a }}');
      await space.holds('app', { text: 'new 1' });
    });
  });

  describe('refuses a write for long', () => {
    it.each([
      ['409', { type: 'refuse', code: 409 } as const],
      ['500', { type: 'refuse', code: 500 } as const],
      ['429', { type: 'refuse', code: 429 } as const],
    ])('with %s is not pressed, and hears of it as soon as it takes it', async (_, fault) => {
      breakNext('create secrets', fault, Number.POSITIVE_INFINITY);
      await space.applyExternalSecret('app', { data });
      await eventually(() => expect(proxy.writes).toContain('create secrets'));
      proxy.forget();
      await quietFor(2_000);
      // The waits double; an attempt looks twice at what it meets.
      expect(proxy.writes.filter((write) => write === 'create secrets').length).toBeLessThan(30);
      proxy.intercept(undefined);
      await space.holds('app', { a: '1' });
      await space.ready('app');
    });

    it('with 403 says so in the condition, and keeps the last good Secret', async () => {
      await space.applyExternalSecret('app', { data });
      await space.ready('app');
      breakNext('patch secrets', { type: 'refuse', code: 403 }, Number.POSITIVE_INFINITY);
      await space.applyStore({ a: '2' });
      expect(await space.failed('app')).toMatch(/^could not update secret: cannot patch secrets/);
      expect(await space.data('app')).toEqual({ a: '1' });
      proxy.intercept(undefined);
      await space.holds('app', { a: '2' });
    });
  });

  describe('ends watches', () => {
    it.each([
      ['in order', false],
      ['in the middle of an event', true],
    ])('%s, misses nothing', async (_, midLine) => {
      await space.applyExternalSecret('app', { data });
      await space.ready('app');
      proxy.dropWatches({ midLine });
      await space.applyStore({ a: '2' });
      await space.applyExternalSecret('late', { data });
      await space.holds('app', { a: '2' });
      await space.holds('late', { a: '2' });
      proxy.dropWatches({ midLine });
      await world().kube.mergePatch(
        secrets,
        { namespace: space.namespace, name: 'app' },
        { data: encoded({ a: 'x' }) },
      );
      await space.holds('app', { a: '2' });
    });

    it('and answers 410 to who comes back, lists again and misses nothing', async () => {
      await space.applyExternalSecret('app', { data });
      await space.ready('app');
      const gone = new Set<string>();
      proxy.intercept(({ verb, resource }) => {
        if (verb !== 'watch' || gone.has(resource)) return undefined;
        gone.add(resource);
        return { type: 'refuse', code: 410, reason: 'Expired' };
      });
      proxy.forget();
      proxy.dropWatches();
      await space.applyStore({ a: '2' });
      await space.applyExternalSecret('late', { data });
      await space.holds('app', { a: '2' });
      await space.holds('late', { a: '2' });
      expect(gone).toContain('externalsecrets');
      expect(proxy.requests.map(nameOf)).toContain('list externalsecrets');
    });

    it('again and again, is not flooded with new ones', async () => {
      await space.applyExternalSecret('app', { data });
      await space.ready('app');
      breakNext('watch externalsecrets', { type: 'disconnect' }, Number.POSITIVE_INFINITY);
      proxy.dropWatches();
      proxy.forget();
      await quietFor(3_000);
      expect(proxy.requests.filter(({ resource }) => resource === 'externalsecrets').length).toBeLessThan(20);
      proxy.intercept(undefined);
      await space.applyExternalSecret('late', { data });
      await space.holds('late', { a: '1' });
    });
  });

  describe('lets nobody through for a while', () => {
    it('is as it should be after that', async () => {
      await space.applyExternalSecret('app', { data });
      await space.ready('app');
      proxy.intercept(() => ({ type: 'disconnect' }));
      proxy.dropWatches({ midLine: true });
      await space.applyStore({ a: '2' });
      await space.applyExternalSecret('late', { data });
      await world().kube.delete(secrets, { namespace: space.namespace, name: 'app' });
      await quietFor(1_000);
      proxy.intercept(undefined);
      await space.holds('app', { a: '2' });
      await space.holds('late', { a: '2' });
      await space.ready('app');
      await space.ready('late');
    });
  });
});
