/** Namespaces are a wall: whatever an ExternalSecret or a store refers to, nothing of another namespace is touched. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiProxy } from '../support/apiproxy.ts';
import { eventually } from '../support/eventually.ts';
import { type RunningOperator, runOperator } from '../support/runningoperator.ts';
import { Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

const treasure = 'of the other namespace';
/** Each kind of object of this name stands in the other namespace, and in no one else. */
const tempting = 'tempting';
const name = fc.constantFrom(tempting, 'own', 'missing');
const generatorKind = fc.constantFrom('Fake', 'Password', 'UUID');

const sourceRef = fc.oneof(
  fc.record({ storeRef: fc.record({ name, kind: fc.constantFrom('SecretStore', 'ClusterSecretStore') }) }),
  fc.record({ generatorRef: fc.record({ name, kind: generatorKind }) }),
);
const dataEntry = fc.record(
  { secretKey: fc.constantFrom('a', 'b'), remoteRef: fc.record({ key: name }), sourceRef },
  { requiredKeys: ['secretKey', 'remoteRef'] },
);
const dataFromEntry = fc.oneof(
  fc.record({ extract: fc.record({ key: name }) }),
  fc.record({ find: fc.constant({ name: { regexp: '.*' } }) }),
  fc.record({ sourceRef: fc.record({ generatorRef: fc.record({ name, kind: generatorKind }) }) }),
);
const items = fc.constant([{ key: 'text' }]);
const templateFrom = fc.oneof(
  fc.record({ configMap: fc.record({ name, items }) }),
  fc.record({ secret: fc.record({ name, items }) }),
);
const externalSecretSpec = fc.record({
  secretStoreRef: fc.record({ name }),
  data: fc.uniqueArray(dataEntry, { maxLength: 2, selector: ({ secretKey }) => secretKey }),
  dataFrom: fc.array(dataFromEntry, { maxLength: 2 }),
  target: fc.record(
    {
      name: fc.constantFrom(tempting, 'app', 'other-target'),
      creationPolicy: fc.constantFrom('Owner', 'Orphan', 'Merge', 'CreateOrMerge'),
      deletionPolicy: fc.constantFrom('Retain', 'Merge'),
      template: fc.record({ templateFrom: fc.array(templateFrom, { maxLength: 2 }) }),
    },
    { requiredKeys: ['name', 'creationPolicy', 'deletionPolicy'] },
  ),
});

describeWorld('an operator of all namespaces', (world) => {
  let inside: Workspace;
  let outside: Workspace;
  let proxy: ApiProxy;
  let operator: RunningOperator;

  beforeAll(async () => {
    [inside, outside] = [await Workspace.open(world()), await Workspace.open(world())];
    await inside.applyStore({ own: 'of its own' }, { name: 'own' });
    await inside.applyConfigMap('own', { text: 'own' });
    await furnish(outside);
    proxy = await ApiProxy.start(world());
    operator = await runOperator(proxy, {});
    await outside.storeIs('Valid', tempting);
    await inside.storeIs('Valid', 'own');
    // What the store outside says of itself is said.
    await eventually(async () => expect(await outside.events(tempting)).toHaveLength(2));
    proxy.forget();
  });

  afterAll(async () => {
    await operator.stop();
    await inside.close();
    await outside.close();
    await proxy.stop();
  });

  async function furnish(space: Workspace): Promise<void> {
    await space.applyStore({ [tempting]: treasure, own: treasure }, { name: tempting });
    await space.applySecret(tempting, { text: treasure, token: treasure, 'ca.crt': treasure });
    await space.applyConfigMap(tempting, { text: treasure, 'ca.crt': treasure });
    await space.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: tempting } });
    const apiVersion = 'generators.external-secrets.io/v1alpha1';
    await space.apply({ apiVersion, kind: 'Fake', metadata: { name: tempting }, spec: { data: { a: treasure } } });
    await space.apply({
      apiVersion,
      kind: 'Password',
      metadata: { name: tempting },
      spec: { length: 20, noUpper: false, allowRepeat: true },
    });
    await space.apply({ apiVersion, kind: 'UUID', metadata: { name: tempting }, spec: {} });
  }

  /** Requests about the other namespace; watches see all of them. */
  const reachingOut = (): readonly unknown[] =>
    proxy.requests.filter(({ namespace }) => namespace === outside.namespace);

  async function stolen(): Promise<readonly string[]> {
    const path = `/api/v1/namespaces/${inside.namespace}/secrets`;
    const { body } = await world().raw.send(path);
    const text = JSON.stringify(body);
    return [treasure, Buffer.from(treasure).toString('base64')].filter((form) => text.includes(form));
  }

  it('touches nothing outside for an ExternalSecret, whatever it refers to', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(externalSecretSpec, async (spec) => {
        count += 1;
        const each = `app-${count}`;
        await inside.applyExternalSecret(each, spec);
        await eventually(async () => expect((await inside.externalSecret(each)).status?.conditions).toHaveLength(1));
        expect(reachingOut()).toEqual([]);
        expect(await stolen()).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('touches nothing outside for a SecretStore, whatever it names', async () => {
    const namespace = fc.constantFrom(outside.namespace, inside.namespace, undefined);
    const selector = fc.record({ name, namespace, key: fc.constantFrom('token', 'text') });
    const auth = fc.oneof(
      fc.record({ token: fc.record({ bearerToken: selector }) }),
      fc.record({ serviceAccount: fc.record({ name, namespace }) }),
      fc.record({ cert: fc.record({ clientCert: selector, clientKey: selector }) }),
    );
    const caProvider = fc.record({
      type: fc.constantFrom('Secret', 'ConfigMap'),
      name,
      namespace,
      key: fc.constant('ca.crt'),
    });
    const kubernetes = fc.record({
      auth,
      server: fc.record({ url: fc.constant(world().url), caProvider }, { requiredKeys: ['url'] }),
    });
    const secretRef = fc.record({ accessKeyIDSecretRef: selector, secretAccessKeySecretRef: selector });
    const jwt = fc.record({ serviceAccountRef: fc.record({ name, namespace }) });
    const aws = fc.record({
      service: fc.constant('SecretsManager'),
      region: fc.constant('us-east-1'),
      auth: fc.oneof(fc.record({ secretRef }), fc.record({ jwt })),
    });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.record({ kubernetes }), fc.record({ aws })), async (provider) => {
        count += 1;
        const each = `store-${count}`;
        await inside.applyStoreOf(provider, { name: each });
        await eventually(async () => expect((await inside.store(each)).status?.conditions).toHaveLength(1));
        expect(reachingOut()).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves everything outside as it was', async () => {
    expect(await outside.data(tempting)).toEqual({ text: treasure, token: treasure, 'ca.crt': treasure });
    const { metadata } = await outside.secret(tempting);
    expect(metadata.labels).toBeUndefined();
    expect(metadata.ownerReferences).toBeUndefined();
  });
});
