import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { KubeObject } from '../api/object.ts';
import type { KubeClient } from '../kube/client.ts';
import { loadConnection } from '../kube/config.ts';
import { ApiError, ConnectionError, isForbidden, isGone, isNotFound } from '../kube/errors.ts';
import { openKubeClient } from '../kube/open.ts';
import {
  configMaps,
  events,
  secrets,
  selfSubjectAccessReviews,
  selfSubjectRulesReviews,
  serviceAccounts,
} from '../kube/resources.ts';
import { requestToken } from '../kube/tokenrequest.ts';
import { realClock } from '../runtime/clock.ts';
import { SharedInformer } from '../runtime/sharedinformer.ts';
import { RecordingLogger } from '../runtime/testing/recordinglogger.ts';
import { type DevServer, type DevServerOptions, startDevServer } from './devserver.ts';
import type { SeenRequest } from './faults.ts';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function started(options: Partial<DevServerOptions> = {}): Promise<{ server: DevServer; kube: KubeClient }> {
  const server = await startDevServer({ clock: realClock, ...options });
  cleanups.push(() => server.stop());
  return { server, kube: await clientOf(server) };
}

/** @param token default: the administrator's */
async function clientOf(server: DevServer, token?: string): Promise<KubeClient> {
  const folder = await mkdtemp(join(tmpdir(), 'devserver-test-'));
  const path = join(folder, 'kubeconfig');
  await writeFile(path, server.kubeconfig(token));
  const connection = await loadConnection({ environment: { KUBECONFIG: path }, clock: realClock });
  const kube = await openKubeClient({ connection, clock: realClock, userAgent: 'test/1.0', retries: false });
  cleanups.push(async () => {
    await kube.close();
    await rm(folder, { recursive: true });
  });
  return kube;
}

const name = { namespace: 'default', name: 'a' };

describe('faults', () => {
  it('refuse requests as they are told to, and nothing is done', async () => {
    const { server, kube } = await started();
    server.intercept(({ verb, resource }) =>
      verb === 'create' && resource === 'secrets' ? { type: 'refuse', code: 429, retryAfterSeconds: 7 } : undefined,
    );
    const refused = kube.create(secrets, { metadata: name });
    await expect(refused).rejects.toMatchObject({ status: 429, reason: 'TooManyRequests', retryAfterMs: 7_000 });
    server.intercept(undefined);
    await expect(kube.get(secrets, name)).rejects.toSatisfy(isNotFound);
  });

  it('break connections before anything is done', async () => {
    const { server, kube } = await started();
    server.intercept(({ verb }) => (verb === 'create' ? { type: 'disconnect' } : undefined));
    await expect(kube.create(secrets, { metadata: name })).rejects.toBeInstanceOf(ConnectionError);
    await expect(kube.get(secrets, name)).rejects.toSatisfy(isNotFound);
  });

  it('lose answers to what was done', async () => {
    const { server, kube } = await started();
    server.intercept(({ verb }) => (verb === 'create' ? { type: 'loseAnswer' } : undefined));
    await expect(kube.create(secrets, { metadata: name })).rejects.toBeInstanceOf(ConnectionError);
    expect((await kube.get(secrets, name)).metadata.uid).toBeDefined();
  });

  it('see what is asked', async () => {
    const { server, kube } = await started();
    const seen: SeenRequest[] = [];
    server.intercept((request) => void seen.push(request));
    await kube.create(secrets, { metadata: name });
    await kube.list(secrets, { namespace: 'default' });
    expect(seen).toMatchObject([
      { verb: 'create', group: '', resource: 'secrets', namespace: 'default', name: undefined, userAgent: 'test/1.0' },
      { verb: 'list', resource: 'secrets', subresource: undefined },
    ]);
  });

  it.each([
    ['in order', false, undefined],
    ['in the middle of a line', true, ConnectionError],
  ])('end watches %s', async (_, midLine, failure) => {
    const { server, kube } = await started();
    const opened = Promise.withResolvers<void>();
    const signal = AbortSignal.timeout(30_000);
    const watching = (async () => {
      const options = { resourceVersion: '1000', timeoutSeconds: 60, signal, onOpen: () => opened.resolve() };
      for await (const event of kube.watch(serviceAccounts, options)) void event;
    })();
    await opened.promise;
    expect(server.openWatches).toBe(1);
    server.dropWatches({ midLine });
    if (failure === undefined) await watching;
    else await expect(watching).rejects.toBeInstanceOf(failure);
    expect(server.openWatches).toBe(0);
  });
});

describe('the history', () => {
  it('is gone after a compaction, for pages and for watches', async () => {
    const { server, kube } = await started();
    for (const key of ['a', 'b', 'c']) await kube.create(configMaps, { metadata: { namespace: 'default', name: key } });
    const first = await kube.list(configMaps, { limit: 1 });
    server.compact();
    await expect(kube.list(configMaps, { limit: 1, continue: first.continue })).rejects.toSatisfy(isGone);
    const options = { resourceVersion: first.resourceVersion, timeoutSeconds: 60, signal: AbortSignal.timeout(30_000) };
    await expect(kube.watch(configMaps, options).next()).rejects.toSatisfy(isGone);
    const { resourceVersion } = await kube.list(configMaps);
    await kube.create(configMaps, { metadata: { namespace: 'default', name: 'd' } });
    const { value } = await kube.watch(configMaps, { ...options, resourceVersion }).next();
    expect(value).toMatchObject({ type: 'added', object: { metadata: { name: 'd' } } });
  });
});

describe('an informer', () => {
  async function following(server: DevServer): Promise<{ kube: KubeClient; informer: SharedInformer<KubeObject> }> {
    const kube = await clientOf(server);
    const log = new RecordingLogger();
    const informer = new SharedInformer<KubeObject>({ kube, resource: secrets, clock: realClock, log });
    const stopping = new AbortController();
    const running = informer.run(stopping.signal);
    cleanups.push(async () => {
      stopping.abort();
      await running;
    });
    await informer.whenSynced(stopping.signal);
    return { kube, informer };
  }

  it('goes on when a watch breaks in the middle of an event', async () => {
    const { server } = await started();
    const { kube, informer } = await following(server);
    server.dropWatches({ midLine: true });
    await kube.create(secrets, { metadata: name });
    await vi.waitFor(() => expect(informer.lister.get('default/a')).toBeDefined(), { timeout: 20_000 });
  }, 30_000);

  it('lists again when the server has forgotten where it was', async () => {
    const { server, kube: other } = await started();
    await other.create(secrets, { metadata: name });
    const { kube, informer } = await following(server);
    await server.restart(() => server.compact());
    await vi.waitFor(() => kube.delete(secrets, name), { timeout: 20_000 });
    await vi.waitFor(() => expect(informer.lister.get('default/a')).toBeUndefined(), { timeout: 20_000 });
  }, 60_000);
});

describe('a policy', () => {
  const readOnly: DevServerOptions['policy'] = ({ user, verb, resource }) =>
    user.username === 'kubernetes-admin' || (verb === 'get' && resource === 'configmaps');

  async function robot(server: DevServer, kube: KubeClient): Promise<KubeClient> {
    await kube.create(serviceAccounts, { metadata: { namespace: 'default', name: 'robot' } });
    const account = { namespace: 'default', name: 'robot' };
    const { token } = await requestToken(kube, account, { audiences: [], expirationSeconds: 600 });
    return clientOf(server, token);
  }

  it('is kept by every request', async () => {
    const { server, kube } = await started({ policy: readOnly });
    const limited = await robot(server, kube);
    await kube.create(configMaps, { metadata: name });
    expect((await limited.get(configMaps, name)).metadata.name).toBe('a');
    const denied = limited.get(secrets, name);
    await expect(denied).rejects.toSatisfy(isForbidden);
    await expect(denied).rejects.toThrow(
      'secrets "a" is forbidden: User "system:serviceaccount:default:robot" cannot get resource "secrets" in API group "" in the namespace "default"',
    );
    await expect(limited.list(configMaps)).rejects.toThrow(
      'cannot list resource "configmaps" in API group "" at the cluster scope',
    );
  });

  it('is told to who asks', async () => {
    const { server, kube } = await started({ policy: readOnly });
    const limited = await robot(server, kube);
    const ask = async (verb: string) => {
      const resourceAttributes = { verb, group: '', resource: 'configmaps', namespace: 'default' };
      return (await limited.submit(selfSubjectAccessReviews, { metadata: {}, spec: { resourceAttributes } })).status;
    };
    expect(await ask('get')).toEqual({ allowed: true });
    expect(await ask('delete')).toEqual({ allowed: false });
    const rules = await limited.submit(selfSubjectRulesReviews, { metadata: {}, spec: { namespace: 'default' } });
    expect(rules.status?.resourceRules).toEqual([{ verbs: ['get'], apiGroups: [''], resources: ['configmaps'] }]);
  });
});

describe('loading', () => {
  const thing = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a', namespace: 'new' }, size: 1 };
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { size: { type: 'integer' } } } },
        },
      ],
    },
  };
  const things = { group: 'example.com', version: 'v1', plural: 'things', kind: 'Thing', namespaced: true };

  it('takes definitions and namespaces first, and replaces what is there', async () => {
    const { server, kube } = await started();
    server.load([thing, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'new' } }, definition]);
    const larger = { ...thing, size: 2 };
    server.load([larger]);
    expect(await kube.get(things, { namespace: 'new', name: 'a' })).toMatchObject({
      size: 2,
      metadata: { generation: 2 },
    });
  });

  it('is as strict as a request', async () => {
    const { server } = await started();
    server.load([definition]);
    expect(() => server.load([{ ...thing, metadata: { name: 'a' }, size: 'big' } as never])).toThrow(
      'must be of type integer',
    );
    expect(() => server.load([{ ...thing, metadata: { name: 'a' }, shape: 'x' } as never])).toThrow(
      'strict decoding error: unknown field "shape"',
    );
    expect(() => server.load([{ apiVersion: 'v9', kind: 'What', metadata: { name: 'a' } }])).toThrow('no kind What');
  });

  it('serves what it took, with the objects gone when the definition is', async () => {
    const { server, kube } = await started();
    server.load([definition, { ...thing, metadata: { name: 'a', namespace: 'default' } }]);
    const definitions = {
      ...things,
      group: 'apiextensions.k8s.io',
      plural: 'customresourcedefinitions',
      namespaced: false,
    };
    await kube.delete(definitions, { name: 'things.example.com' });
    await expect(kube.get(things, name)).rejects.toSatisfy(isNotFound);
    server.load([definition]);
    expect((await kube.list(things)).items).toEqual([]);
  });
});

describe('events', () => {
  it('are kept in bounds', async () => {
    const { server, kube } = await started();
    const about = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: 'default' };
    const event = { apiVersion: 'v1', kind: 'Event', involvedObject: about, reason: 'R', message: 'm', type: 'Normal' };
    server.load(
      Array.from({ length: 5_010 }, (_, n) => ({ ...event, metadata: { namespace: 'default', name: `e${n}` } })),
    );
    const { items } = await kube.list(events, { fieldSelector: 'involvedObject.name=a' });
    expect(items).toHaveLength(5_000);
    await expect(kube.get(events, { namespace: 'default', name: 'e0' })).rejects.toSatisfy(isNotFound);
  });
});

describe('restarting', () => {
  it('keeps the address, the objects, the identity', async () => {
    const { server, kube } = await started();
    await kube.create(configMaps, { metadata: name });
    const before = { url: server.url, issuer: server.issuer };
    await server.restart(async () => {
      await expect(kube.get(configMaps, name)).rejects.toBeInstanceOf(ConnectionError);
    });
    expect({ url: server.url, issuer: server.issuer }).toEqual(before);
    expect((await kube.get(configMaps, name)).metadata.name).toBe('a');
  });
});

describe('mistakes', () => {
  it('of clients are told apart from those of the server', async () => {
    const { kube } = await started();
    const tooBig = 'x'.repeat(4 * 1024 * 1024);
    const refused = kube.create(configMaps, { metadata: name, data: { tooBig } });
    await expect(refused).rejects.toMatchObject({ status: 413 });
    await expect(refused).rejects.toBeInstanceOf(ApiError);
  });
});
