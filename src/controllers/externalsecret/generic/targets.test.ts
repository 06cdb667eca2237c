import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExternalSecret } from '../../../api/externalsecret.ts';
import type { KubeClient } from '../../../kube/client.ts';
import { openKubeClient } from '../../../kube/open.ts';
import { sendJson, statusObject, WireServer } from '../../../kube/testing/wireserver.ts';
import { TerminalError, WaitError } from '../../../runtime/errors.ts';
import { LazyInformers } from '../../../runtime/lazyinformers.ts';
import { FakeClock } from '../../../runtime/testing/fakeclock.ts';
import { RecordingLogger } from '../../../runtime/testing/recordinglogger.ts';
import { KindDirectory } from './kinds.ts';
import { observeResource } from './observed.ts';
import { GenericTargets } from './targets.ts';

const manifest = { apiVersion: 'example.com/v1', kind: 'App' };
const { signal } = new AbortController();

let server: WireServer;
let clock: FakeClock;
let kube: KubeClient;
let informers: LazyInformers;
let targets: GenericTargets;
let served: readonly object[];
let mayList: boolean;

beforeEach(async () => {
  served = [
    { name: 'apps', kind: 'App', namespaced: true },
    { name: 'apps/status', kind: 'App', namespaced: true },
    { name: 'clusterapps', kind: 'ClusterApp', namespaced: false },
  ];
  mayList = true;
  server = new WireServer((request, response) => {
    if (request.path === '/apis/example.com/v1') sendJson(response, 200, { resources: served });
    else if (request.path.endsWith('/apps') && !request.query.has('watch') && mayList)
      sendJson(response, 200, { metadata: { resourceVersion: '1' }, items: [target] });
    else if (request.path.endsWith('/apps') && mayList) response.flushHeaders();
    else
      sendJson(
        response,
        mayList ? 404 : 403,
        statusObject(mayList ? 404 : 403, mayList ? 'NotFound' : 'Forbidden', 'no'),
      );
  });
  await server.start();
  clock = new FakeClock();
  kube = await openKubeClient({ connection: server.connection(), clock, userAgent: 'test/1.0' });
  informers = new LazyInformers({
    kube,
    transform: observeResource,
    handlerFor: () => ({}),
    clock,
    log: new RecordingLogger(),
  });
  targets = new GenericTargets({ kinds: new KindDirectory(kube), informers });
});

afterEach(async () => {
  await informers.close();
  await kube.close();
  await server.stop();
});

const target = {
  metadata: { namespace: 'ns', name: 'app', uid: 'u', resourceVersion: '1' },
  spec: { secret: 'value' },
};

function externalSecret(name = 'app'): ExternalSecret {
  const spec = { target: { manifest } };
  return { metadata: { namespace: 'ns', name, uid: 'es' }, spec } as unknown as ExternalSecret; // Of no interest: the rest.
}

function discoveries(): number {
  return server.requests.filter(({ path }) => path === '/apis/example.com/v1').length;
}

describe('the kind of a target', () => {
  it('is asked for once, however many ask at once or later', async () => {
    const found = await Promise.all([1, 2, 3].map(() => targets.resolve(manifest, signal)));
    await targets.resolve(manifest, signal);
    expect(found[0]).toEqual({ group: 'example.com', version: 'v1', kind: 'App', plural: 'apps', namespaced: true });
    expect(discoveries()).toBe(1);
  });

  it('is asked for again when it was missing, or is not what it was', async () => {
    served = [];
    await expect(targets.resolve(manifest, signal)).rejects.toThrow(WaitError);
    served = [{ name: 'apps', kind: 'App', namespaced: true }];
    expect(await targets.resolve(manifest, signal)).toMatchObject({ plural: 'apps' });
    targets.forget(manifest);
    served = [{ name: 'apps2', kind: 'App', namespaced: true }];
    expect(await targets.resolve(manifest, signal)).toMatchObject({ plural: 'apps2' });
  });

  it('is missing in a version that is not served', async () => {
    const unknown = { apiVersion: 'example.com/v2', kind: 'App' };
    await expect(targets.resolve(unknown, signal)).rejects.toThrow('the cluster has no kind App in example.com/v2');
  });

  it('must have a namespace', async () => {
    const cluster = { apiVersion: 'example.com/v1', kind: 'ClusterApp' };
    await expect(targets.resolve(cluster, signal)).rejects.toThrow(TerminalError);
  });

  it('cannot lead to another place of the API', async () => {
    await expect(targets.resolve({ apiVersion: '../../api/v1', kind: 'Secret' }, signal)).rejects.toThrow(
      TerminalError,
    );
    expect(server.requests).toEqual([]);
  });

  it('that one gives up asking for is found by the others', async () => {
    const abandoned = new AbortController();
    const [given, kept] = [targets.resolve(manifest, abandoned.signal), targets.resolve(manifest, signal)];
    abandoned.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    expect(await kept).toMatchObject({ plural: 'apps' });
  });
});

describe('the view of a target', () => {
  it('is open until somebody prepared it, and then what the informer shows, without values', async () => {
    expect(targets.view(externalSecret())).toBe('unwatched');
    await targets.prepare(externalSecret(), signal);
    const view = targets.view(externalSecret());
    expect(view).toMatchObject({ intact: false, metadata: { uid: 'u' } });
    expect(JSON.stringify(view)).not.toContain('value');
    expect(targets.view(externalSecret('other'))).toBeUndefined();
  });

  it('is open when the kind may not be listed, and nobody waits for that twice', async () => {
    mayList = false;
    const first = targets.prepare(externalSecret(), signal);
    await vi.waitFor(() => expect(server.requests.map(({ path }) => path)).toContain('/apis/example.com/v1/apps'));
    await clock.advanceAsync(10_000);
    await first;
    await targets.prepare(externalSecret(), signal);
    expect(targets.view(externalSecret())).toBe('unwatched');
  });

  it('is no reason to fail when the kind is not there', async () => {
    served = [];
    await targets.prepare(externalSecret(), signal);
    expect(targets.view(externalSecret())).toBe('unwatched');
  });
});
