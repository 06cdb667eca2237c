/** Targets that are not Secrets, from the ExternalSecret to what stands in the cluster. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataHashAnnotation, managedLabel } from '../../src/api/constants.ts';
import type { ExternalSecret } from '../../src/api/externalsecret.ts';
import type { KubeObject } from '../../src/api/object.ts';
import type { Resource } from '../../src/api/resource.ts';
import { externalSecrets } from '../../src/api/resources.ts';
import type { SeenRequest } from '../../src/devserver/faults.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import { type ConfigMap, configMaps, secrets } from '../../src/kube/resources.ts';
import { ApiProxy } from '../support/apiproxy.ts';
import { eventually } from '../support/eventually.ts';
import { type RunningOperator, runOperator } from '../support/runningoperator.ts';
import { describeWorld, type World } from '../support/world.ts';

interface AppConfig extends KubeObject {
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly bundle?: Readonly<Record<string, unknown>>;
}

const appConfigs: Resource<AppConfig> = {
  group: 'config.example.com',
  version: 'v1',
  plural: 'appconfigs',
  kind: 'AppConfig',
  namespaced: true,
};

const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: appconfigs.config.example.com}
spec:
  group: config.example.com
  scope: Namespaced
  names: {plural: appconfigs, singular: appconfig, kind: AppConfig, listKind: AppConfigList}
  versions:
    - name: v1
      served: true
      storage: true
      subresources: {status: {}}
      schema:
        openAPIV3Schema:
          type: object
          properties:
            bundle: {type: object, additionalProperties: {type: string}}
            spec:
              type: object
              properties:
                mode: {type: string, enum: [open, closed]}
                data: {type: object, additionalProperties: {type: string}}
                database:
                  type: object
                  properties:
                    host: {type: string}
                    port: {type: integer}
                    timeout: {type: string, default: 10s}
                    credentials: {type: object, additionalProperties: {type: string}}
                rules:
                  type: array
                  items:
                    type: object
                    properties: {host: {type: string}, path: {type: string, default: /}}
`;

const clusterDefinition = definition
  .replaceAll('appconfig', 'clusterconfig')
  .replaceAll('AppConfig', 'ClusterConfig')
  .replace('Namespaced', 'Cluster');

describeWorld('a generic target', (world) => {
  let namespace = '';
  let operator: RunningOperator;

  beforeEach(async () => {
    namespace = await world().createNamespace();
    await world().apply(definition);
    await world().apply(store({ host: 'db.internal', port: '5432', password: 's3cret-v1' }), namespace);
  });

  afterEach(() => operator.stop());

  async function start(allowed = true, through: Pick<World, 'kubeconfigPath'> = world()): Promise<void> {
    operator = await runOperator(through, { namespace, flags: { 'unsafe-allow-generic-targets': allowed } });
  }

  describe('without --unsafe-allow-generic-targets', () => {
    it('is refused, and the condition names the flag', async () => {
      await start(false);
      await apply(world(), namespace, 'app', configMapTarget);
      const message = await failed(world(), namespace, 'app');
      expect(message).toContain('invalid generic target');
      expect(message).toContain('--unsafe-allow-generic-targets');
      await expect(world().kube.get(configMaps, { namespace, name: 'app' })).rejects.toSatisfy(isNotFound);
    });

    it('does not keep its ExternalSecret from being deleted', async () => {
      await start();
      await apply(world(), namespace, 'app', { ...configMapTarget, deletionPolicy: 'Delete' });
      await ready(world(), namespace, 'app');
      await operator.stop();
      await start(false);
      await world().kube.delete(externalSecrets, { namespace, name: 'app' });
      await eventually(() => expect(externalSecret(world(), namespace, 'app')).rejects.toSatisfy(isNotFound));
    });

    it('that is a Secret after all is written as every Secret', async () => {
      await start(false);
      await apply(world(), namespace, 'app', { manifest: { apiVersion: 'v1', kind: 'Secret' } });
      await ready(world(), namespace, 'app', 'SecretSynced');
      const secret = await world().kube.get(secrets, { namespace, name: 'app' });
      expect(secret.data).toEqual({ host: base64('db.internal'), port: base64('5432'), password: base64('s3cret-v1') });
    });
  });

  describe('without a template', () => {
    it('is a ConfigMap with the data, the marks and the owner that a Secret would have', async () => {
      await start();
      await apply(world(), namespace, 'app', configMapTarget);
      const { metadata } = await ready(world(), namespace, 'app');
      const target = await world().kube.get(configMaps, { namespace, name: 'app' });
      expect(target.data).toEqual({ host: 'db.internal', port: '5432', password: 's3cret-v1' });
      expect(target.metadata.labels?.[managedLabel]).toBe('true');
      expect(target.metadata.annotations?.[dataHashAnnotation]).toMatch(/^[0-9a-f]{56}$/);
      expect(target.metadata.ownerReferences).toMatchObject([
        { kind: 'ExternalSecret', name: 'app', uid: metadata.uid, controller: true },
      ]);
      expect(target.metadata.managedFields).toMatchObject([
        { manager: 'externalsecrets.external-secrets.io/app', operation: 'Apply' },
      ]);
    });

    it('of any other kind holds the data under spec.data', async () => {
      await start();
      await apply(world(), namespace, 'app', appConfigTarget);
      await ready(world(), namespace, 'app');
      expect(await specOf(world(), namespace, 'app')).toEqual({
        data: { host: 'db.internal', port: '5432', password: 's3cret-v1' },
      });
    });
  });

  describe('with a template', () => {
    it('is filled in where the paths point to, with numbers as numbers', async () => {
      await start();
      await apply(world(), namespace, 'app', {
        ...appConfigTarget,
        template: {
          metadata: { labels: { team: 'core' }, annotations: { host: '{{ .host }}' } },
          templateFrom: [
            { literal: 'host: {{ .host }}\nport: {{ .port }}', target: 'spec.database' },
            { literal: 'password: {{ .password }}', target: 'spec.database.credentials' },
            { literal: 'host: {{ .host }}', target: 'spec.rules[0]' },
          ],
        },
      });
      await ready(world(), namespace, 'app');
      const target = await world().kube.get(appConfigs, { namespace, name: 'app' });
      expect(target.metadata.labels).toMatchObject({ team: 'core', [managedLabel]: 'true' });
      expect(target.metadata.annotations).toMatchObject({ host: 'db.internal' });
      expect(target.spec).toEqual({
        database: { host: 'db.internal', port: 5432, timeout: '10s', credentials: { password: 's3cret-v1' } },
        rules: [{ host: 'db.internal', path: '/' }],
      });
    });

    it('that the kind has no field for fails, and the condition names the field', async () => {
      await start();
      const template = { templateFrom: [{ literal: 'a: "{{ .host }}"', target: 'spec.databse' }] };
      await apply(world(), namespace, 'app', { ...appConfigTarget, template });
      expect(await failed(world(), namespace, 'app')).toContain('spec.databse');
    });

    it('that the server refuses fails without the value in the condition, the events and the log', async () => {
      await start();
      const template = { templateFrom: [{ literal: 'mode: "{{ .password }}"', target: 'spec' }] };
      await apply(world(), namespace, 'app', { ...appConfigTarget, template });
      const message = await failed(world(), namespace, 'app');
      expect(message).toContain('spec.mode');
      expect(message).not.toContain('s3cret');
      const { body } = await world().raw.send(`/api/v1/namespaces/${namespace}/events`);
      expect(JSON.stringify([body, operator.log.lines])).not.toContain('s3cret');
    });

    it.each(['metadata.name', 'metadata.namespace', 'metadata', 'kind', 'apiVersion', 'status'])(
      'may not write %s',
      async (target) => {
        await start();
        const template = { templateFrom: [{ literal: 'name: other', target }] };
        await apply(world(), namespace, 'app', { ...configMapTarget, template });
        expect(await failed(world(), namespace, 'app')).toContain('cannot be written by a template');
      },
    );
  });

  describe('that is as it should be', () => {
    it.each([
      ['a ConfigMap', () => ({ ...configMapTarget, template: {} }), configMaps],
      ['an object with defaults', () => databaseTarget, appConfigs],
      ['an object with neither spec nor data', () => bundleTarget, appConfigs],
    ])('is not written again: %s', async (_, target, resource: Resource) => {
      await start();
      await apply(world(), namespace, 'app', target());
      await ready(world(), namespace, 'app');
      await settled(world(), namespace, resource, 'app');
      const before = await world().kube.get(resource, { namespace, name: 'app' });
      await refresh(world(), namespace, 'app');
      await refresh(world(), namespace, 'app');
      const after = await world().kube.get(resource, { namespace, name: 'app' });
      expect(after.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
    });

    it('is not even looked at after a restart of the operator', async () => {
      await start();
      await apply(world(), namespace, 'app', databaseTarget);
      await ready(world(), namespace, 'app');
      const before = await settled(world(), namespace, appConfigs, 'app');
      const statusBefore = (await externalSecret(world(), namespace, 'app')).status;
      await operator.stop();
      await start();
      // The second one shows that the operator has been through all of them.
      await apply(world(), namespace, 'second', { ...appConfigTarget, name: 'second' });
      await ready(world(), namespace, 'second');
      const after = await world().kube.get(appConfigs, { namespace, name: 'app' });
      expect(after.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
      expect((await externalSecret(world(), namespace, 'app')).status).toEqual(statusBefore);
    });
  });

  describe('that somebody changed', () => {
    beforeEach(async () => {
      await start();
      await apply(world(), namespace, 'app', configMapTarget);
      await ready(world(), namespace, 'app');
    });

    it.each([
      ['edited', { data: { password: 'mine' } }],
      ['added to', { data: { extra: 'x' } }],
      ['taken from', { data: { password: null } }],
      ['stripped of its label', { metadata: { labels: { [managedLabel]: null } } }],
    ])('is repaired at once when it was %s', async (_, patch) => {
      await world().kube.mergePatch(configMaps, { namespace, name: 'app' }, patch);
      await eventually(async () => {
        const target = await world().kube.get(configMaps, { namespace, name: 'app' });
        expect(target.data).toEqual({ host: 'db.internal', port: '5432', password: 's3cret-v1' });
        expect(target.metadata.labels?.[managedLabel]).toBe('true');
      });
    });

    it('is made anew when it was deleted', async () => {
      const before = await world().kube.get(configMaps, { namespace, name: 'app' });
      await world().kube.delete(configMaps, { namespace, name: 'app' });
      await eventually(async () => {
        const { data, metadata } = await world().kube.get(configMaps, { namespace, name: 'app' });
        expect(metadata.uid).not.toBe(before.metadata.uid);
        expect(data).toMatchObject({ password: 's3cret-v1' });
      });
    });

    it('follows the remote secret', async () => {
      await world().apply(store({ host: 'db2.internal' }), namespace);
      await refresh(world(), namespace, 'app');
      expect((await configMap(world(), namespace, 'app')).data).toEqual({ host: 'db2.internal' });
    });

    it('goes when the target has another name', async () => {
      await apply(world(), namespace, 'app', { ...configMapTarget, name: 'renamed' });
      await eventually(async () => {
        expect((await configMap(world(), namespace, 'renamed')).data).toMatchObject({ password: 's3cret-v1' });
        await expect(configMap(world(), namespace, 'app')).rejects.toSatisfy(isNotFound);
      });
    });
  });

  describe('that others write as well', () => {
    it('keeps their fields, wherever they are, when it is merged into', async () => {
      await start();
      await world().apply(
        existing({ mode: 'open', rules: [{ host: 'first' }, { host: 'second', path: '/b' }] }),
        namespace,
      );
      await apply(world(), namespace, 'app', {
        ...appConfigTarget,
        creationPolicy: 'Merge',
        template: {
          templateFrom: [
            { literal: 'host: "{{ .host }}"', target: 'spec.rules[1]' },
            { literal: 'host: "{{ .host }}"', target: 'spec.database' },
          ],
        },
      });
      await ready(world(), namespace, 'app');
      const target = await world().kube.get(appConfigs, { namespace, name: 'app' });
      expect(target.metadata.ownerReferences).toBeUndefined();
      expect(target.spec).toEqual({
        mode: 'open',
        rules: [
          { host: 'first', path: '/' },
          { host: 'db.internal', path: '/b' },
        ],
        database: { host: 'db.internal', timeout: '10s' },
      });
    });

    it('loses what the template no longer has, and nothing else', async () => {
      await start();
      await world().apply(existing({ mode: 'open' }), namespace);
      const target = { ...appConfigTarget, creationPolicy: 'Merge' };
      const both = { templateFrom: [{ literal: 'a: "{{ .host }}"\nb: "{{ .port }}"', target: 'spec.data' }] };
      await apply(world(), namespace, 'app', { ...target, template: both });
      await ready(world(), namespace, 'app');
      const one = { templateFrom: [{ literal: 'b: "{{ .port }}"', target: 'spec.data' }] };
      await apply(world(), namespace, 'app', { ...target, template: one });
      await eventually(async () =>
        expect(await specOf(world(), namespace, 'app')).toEqual({ mode: 'open', data: { b: '5432' } }),
      );
    });

    it('is left alone by Merge when it is missing, and filled once it is there', async () => {
      await start();
      await apply(world(), namespace, 'app', { ...appConfigTarget, creationPolicy: 'Merge' });
      await ready(world(), namespace, 'app', 'ResourceMissing');
      await world().apply(existing({ mode: 'open' }), namespace);
      await refresh(world(), namespace, 'app');
      expect(await specOf(world(), namespace, 'app')).toMatchObject({ mode: 'open', data: { host: 'db.internal' } });
    });

    it.each([
      ['with a spec', 'spec.data'],
      ['without one', 'bundle'],
    ])('comes to rest when two ExternalSecrets merge into it, %s', async (_, path) => {
      await start();
      for (const name of ['one', 'two']) {
        await apply(world(), namespace, name, {
          ...appConfigTarget,
          name: 'shared',
          creationPolicy: 'CreateOrMerge',
          template: { templateFrom: [{ literal: `${name}: "{{ .host }}"`, target: path }] },
        });
      }
      await ready(world(), namespace, 'one');
      await ready(world(), namespace, 'two');
      const target = await settled(world(), namespace, appConfigs, 'shared');
      expect(target.bundle ?? target.spec?.['data']).toEqual({ one: 'db.internal', two: 'db.internal' });
      await refresh(world(), namespace, 'one');
      await refresh(world(), namespace, 'two');
      const after = await world().kube.get(appConfigs, { namespace, name: 'shared' });
      expect(after.metadata.resourceVersion).toBe(target.metadata.resourceVersion);
    });

    it("keeps a controller's fields in its spec, though it is owned", async () => {
      await start();
      await apply(world(), namespace, 'app', databaseTarget);
      await ready(world(), namespace, 'app');
      await settled(world(), namespace, appConfigs, 'app');
      await world().kube.mergePatch(appConfigs, { namespace, name: 'app' }, { spec: { mode: 'closed' } });
      await settled(world(), namespace, appConfigs, 'app');
      await refresh(world(), namespace, 'app');
      expect(await specOf(world(), namespace, 'app')).toMatchObject({
        mode: 'closed',
        database: { host: 'db.internal' },
      });
    });

    it('is refused when another controller owns it', async () => {
      await start();
      await world().apply('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}', namespace);
      const { uid = '' } = (await configMap(world(), namespace, 'web')).metadata;
      const controller = { apiVersion: 'v1', kind: 'ConfigMap', name: 'web', uid, controller: true };
      await world().kube.create(configMaps, { metadata: { namespace, name: 'app', ownerReferences: [controller] } });
      await apply(world(), namespace, 'app', configMapTarget);
      expect(await failed(world(), namespace, 'app')).toContain('failed to take ownership of target resource');
      expect((await configMap(world(), namespace, 'app')).data).toBeUndefined();
    });

    it('is refused when another ExternalSecret owns it', async () => {
      await start();
      await apply(world(), namespace, 'first', { ...configMapTarget, name: 'shared' });
      await ready(world(), namespace, 'first');
      await apply(world(), namespace, 'second', { ...configMapTarget, name: 'shared', creationPolicy: 'Merge' });
      expect(await failed(world(), namespace, 'second')).toContain('target is owned by another ExternalSecret');
    });
  });

  describe('by its policies', () => {
    it('has no owner under Orphan, also when it had one', async () => {
      await start();
      await apply(world(), namespace, 'app', configMapTarget);
      await ready(world(), namespace, 'app');
      await apply(world(), namespace, 'app', { ...configMapTarget, creationPolicy: 'Orphan' });
      await eventually(async () =>
        expect((await configMap(world(), namespace, 'app')).metadata.ownerReferences ?? []).toEqual([]),
      );
    });

    it('is not written at all under None', async () => {
      await start();
      await apply(world(), namespace, 'app', { ...configMapTarget, creationPolicy: 'None' });
      await ready(world(), namespace, 'app');
      await expect(configMap(world(), namespace, 'app')).rejects.toSatisfy(isNotFound);
    });

    it('is retained when the remote secret is empty, or deleted by deletionPolicy Delete', async () => {
      await start();
      await apply(world(), namespace, 'kept', { ...configMapTarget, name: 'kept' }, emptyFind);
      await apply(
        world(),
        namespace,
        'gone',
        { ...configMapTarget, name: 'gone', deletionPolicy: 'Delete' },
        emptyFind,
      );
      await ready(world(), namespace, 'kept');
      await ready(world(), namespace, 'gone');
      await world().apply(store({ other: 'x' }), namespace);
      await refresh(world(), namespace, 'kept');
      await refresh(world(), namespace, 'gone');
      expect((await configMap(world(), namespace, 'kept')).data).toMatchObject({ host: 'db.internal' });
      await ready(world(), namespace, 'gone', 'ResourceDeleted');
      await expect(configMap(world(), namespace, 'gone')).rejects.toSatisfy(isNotFound);
    });

    it('loses what was ours by deletionPolicy Merge', async () => {
      await start();
      await world().apply(existing({ mode: 'open', data: { own: 'x' } }), namespace);
      const target = { ...appConfigTarget, creationPolicy: 'Merge', deletionPolicy: 'Merge' };
      await apply(world(), namespace, 'app', target, emptyFind);
      await ready(world(), namespace, 'app');
      expect(await specOf(world(), namespace, 'app')).toEqual({
        mode: 'open',
        data: { own: 'x', host: 'db.internal' },
      });
      await world().apply(store({ other: 'x' }), namespace);
      await refresh(world(), namespace, 'app');
      expect(await specOf(world(), namespace, 'app')).toEqual({ mode: 'open', data: { own: 'x' } });
    });

    it('goes with its ExternalSecret by deletionPolicy Delete only when it is controlled by it', async () => {
      await start();
      await world().apply('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: foreign}\ndata: {a: b}', namespace);
      const merge = { ...configMapTarget, name: 'foreign', creationPolicy: 'Orphan', deletionPolicy: 'Delete' };
      await apply(world(), namespace, 'merged', merge);
      await apply(world(), namespace, 'owned', { ...configMapTarget, deletionPolicy: 'Delete' });
      for (const name of ['merged', 'owned']) {
        await ready(world(), namespace, name);
        await world().kube.delete(externalSecrets, { namespace, name });
        await eventually(() => expect(externalSecret(world(), namespace, name)).rejects.toSatisfy(isNotFound));
      }
      await eventually(() => expect(configMap(world(), namespace, 'owned')).rejects.toSatisfy(isNotFound));
      expect((await configMap(world(), namespace, 'foreign')).data).toMatchObject({ host: 'db.internal' });
    });
  });

  describe('when the API server refuses', () => {
    let proxy: ApiProxy;

    beforeEach(async () => {
      proxy = await ApiProxy.start(world());
      await start(true, proxy);
    });

    afterEach(async () => {
      await operator.stop();
      await proxy.stop();
    });

    const isWrite = ({ resource, verb }: SeenRequest): boolean => resource === 'configmaps' && verb === 'patch';

    const refuseFirst = (code: number): void => {
      let isOver = false;
      proxy.intercept((request) => {
        if (isOver || !isWrite(request)) return undefined;
        isOver = true;
        return { type: 'refuse', code };
      });
    };

    it.each([
      ['because somebody else wrote first, looks again', 409] as const,
      ['for a moment, tries again', 500] as const,
    ])('%s', async (_, code) => {
      refuseFirst(code);
      await apply(world(), namespace, 'app', configMapTarget);
      await ready(world(), namespace, 'app');
      expect((await configMap(world(), namespace, 'app')).data).toMatchObject({ host: 'db.internal' });
    });

    it('because it may not, says so and goes on when it may', async () => {
      proxy.intercept((request) => (isWrite(request) ? { type: 'refuse', code: 403 } : undefined));
      await apply(world(), namespace, 'app', configMapTarget);
      expect(await failed(world(), namespace, 'app')).toContain('could not update resource: cannot patch configmaps');
      proxy.intercept(undefined);
      await ready(world(), namespace, 'app');
    });
  });

  describe('of a kind', () => {
    it('that has no namespace is refused', async () => {
      await start();
      await world().apply(clusterDefinition);
      await apply(world(), namespace, 'app', {
        manifest: { apiVersion: 'config.example.com/v1', kind: 'ClusterConfig' },
      });
      expect(await failed(world(), namespace, 'app')).toContain('has no namespace');
    });

    it('that does not exist fails, and works once it does', async () => {
      await start();
      const late = `late${crypto.randomUUID().slice(0, 8)}`;
      const manifest = { apiVersion: 'config.example.com/v1', kind: late };
      await apply(world(), namespace, 'app', { manifest });
      expect(await failed(world(), namespace, 'app')).toContain(`the cluster has no kind ${late}`);
      await world().apply(definition.replaceAll('appconfig', late).replaceAll('AppConfig', late));
      await eventually(async () => {
        await world().kube.mergePatch(externalSecrets, { namespace, name: 'app' }, annotation());
        await ready(world(), namespace, 'app', 'ResourceSynced', 500);
      });
    });

    it.each(['../../api/v1', 'a/b/c'])('in the apiVersion %j is refused', async (apiVersion) => {
      await start();
      await apply(world(), namespace, 'app', { manifest: { apiVersion, kind: 'ConfigMap' } });
      expect(await failed(world(), namespace, 'app')).toContain('invalid generic target');
    });
  });
});

const configMapTarget = { manifest: { apiVersion: 'v1', kind: 'ConfigMap' } };
const appConfigTarget = { manifest: { apiVersion: 'config.example.com/v1', kind: 'AppConfig' } };
const databaseTarget = {
  ...appConfigTarget,
  template: { templateFrom: [{ literal: 'host: {{ .host }}', target: 'spec.database' }] },
};
const bundleTarget = {
  ...appConfigTarget,
  template: { templateFrom: [{ literal: 'host: {{ .host }}', target: 'bundle' }] },
};
const emptyFind = { dataFrom: [{ find: { name: { regexp: '^host$' } } }] };

function store(values: Readonly<Record<string, string>>): string {
  const data = Object.entries(values).map(([key, value]) => `      - {key: ${key}, value: "${value}"}`);
  const all = `      - {key: all, value: '${JSON.stringify(values)}'}`;
  return `
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: {name: fake}
spec:
  provider:
    fake:
      data:
${[...data, all].join('\n')}
`;
}

function existing(spec: object): string {
  return JSON.stringify({ apiVersion: 'config.example.com/v1', kind: 'AppConfig', metadata: { name: 'app' }, spec });
}

async function apply(
  world: World,
  namespace: string,
  name: string,
  target: object,
  source: object = { dataFrom: [{ extract: { key: 'all' } }] },
): Promise<void> {
  const spec = { refreshInterval: '1h', secretStoreRef: { name: 'fake' }, target, ...source };
  const object = { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', metadata: { name }, spec };
  await world.applyObject(object, namespace);
}

function externalSecret(world: World, namespace: string, name: string): Promise<ExternalSecret> {
  return world.kube.get(externalSecrets, { namespace, name });
}

function configMap(world: World, namespace: string, name: string): Promise<ConfigMap> {
  return world.kube.get(configMaps, { namespace, name });
}

async function specOf(world: World, namespace: string, name: string): Promise<AppConfig['spec']> {
  return (await world.kube.get(appConfigs, { namespace, name })).spec;
}

function ready(
  world: World,
  namespace: string,
  name: string,
  reason = 'ResourceSynced',
  timeoutMs?: number,
): Promise<ExternalSecret> {
  return eventually(async () => {
    const object = await externalSecret(world, namespace, name);
    expect(object.status?.conditions).toMatchObject([{ type: 'Ready', status: 'True', reason }]);
    return object;
  }, timeoutMs);
}

/** @returns the condition's message */
function failed(world: World, namespace: string, name: string): Promise<string> {
  return eventually(async () => {
    const { status } = await externalSecret(world, namespace, name);
    expect(status?.conditions).toMatchObject([{ type: 'Ready', status: 'False', reason: 'ResourceSyncedError' }]);
    return status?.conditions?.[0]?.message ?? '';
  });
}

function annotation(): object {
  return { metadata: { annotations: { 'external-secrets.io/force-sync': crypto.randomUUID() } } };
}

/** Has it refreshed, and waits until it was. */
async function refresh(world: World, namespace: string, name: string): Promise<void> {
  const before = await externalSecret(world, namespace, name);
  await world.kube.mergePatch(externalSecrets, { namespace, name }, annotation());
  await eventually(async () => {
    const { status } = await externalSecret(world, namespace, name);
    expect(status?.syncedResourceVersion).not.toBe(before.status?.syncedResourceVersion);
  });
}

/** Waits until nobody has written it for a while: a moment after the last of the operator's writes. */
async function settled<T extends KubeObject>(
  world: World,
  namespace: string,
  resource: Resource<T>,
  name: string,
): Promise<T> {
  let last = '';
  let since = 0;
  return eventually(async () => {
    const target = await world.kube.get(resource, { namespace, name });
    const { resourceVersion = '' } = target.metadata;
    since = resourceVersion === last ? since + 1 : 0;
    last = resourceVersion;
    expect(since).toBeGreaterThan(15);
    return target;
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
