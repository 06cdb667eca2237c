/** What changes in the middle of a sync, or is replaced by another of the same name: the last state wins. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { externalSecrets, secretStores } from '../../src/api/resources.ts';
import { secrets } from '../../src/kube/resources.ts';
import { type AwsServer, startAws } from '../support/aws.ts';
import { applyAwsKey, applyAwsStore } from '../support/awsstore.ts';
import { eventually } from '../support/eventually.ts';
import { SourceNamespace } from '../support/sourcenamespace.ts';
import { Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

const read = (key: string): object => ({ data: [{ secretKey: 'value', remoteRef: { key } }] });

describeWorld('an ExternalSecret', (world) => {
  let space: Workspace;

  beforeEach(async () => {
    space = await Workspace.open(world());
  });

  afterEach(() => space.close());

  const remove = (resource: typeof externalSecrets | typeof secretStores, name: string): Promise<void> =>
    world().kube.delete(resource, { namespace: space.namespace, name });

  describe('whose provider takes its time', () => {
    let aws: AwsServer;

    beforeEach(async () => {
      aws = await startAws({ latencyMs: 700 });
      for (const key of ['first', 'second']) aws.putSecret(key, key);
      await applyAwsStore(space);
      await space.start({ environment: aws.env() });
      await space.storeIs('Valid');
    });

    afterEach(() => aws.stop());

    /** Applied, and being read. */
    async function inTheMiddle(spec: object): Promise<void> {
      await space.applyExternalSecret('app', spec);
      await eventually(() => expect(aws.counts()['GetSecretValue']).toBe(1));
    }

    it('and that is edited meanwhile follows the edit', async () => {
      await inTheMiddle(read('first'));
      await space.applyExternalSecret('app', read('second'));
      await space.holds('app', { value: 'second' });
      await space.ready('app');
    });

    it.each(['Owner', 'Orphan'])(
      'and that is replaced meanwhile by another with its name follows that (%s)',
      async (creationPolicy) => {
        await inTheMiddle({ ...read('first'), target: { creationPolicy } });
        await remove(externalSecrets, 'app');
        await space.applyExternalSecret('app', { ...read('second'), target: { creationPolicy } });
        await space.holds('app', { value: 'second' });
        await space.ready('app');
      },
    );

    it('and whose template changes meanwhile follows it', async () => {
      await space.applyConfigMap('texts', { text: 'old {{ .value }}' });
      const templateFrom = [{ configMap: { name: 'texts', items: [{ key: 'text' }] } }];
      await space.applyExternalSecret('app', { ...read('first'), target: { template: { templateFrom } } });
      await space.holds('app', { text: 'old first' });
      const before = aws.counts()['GetSecretValue'] ?? 0;
      await space.annotate('app');
      await eventually(() => expect(aws.counts()['GetSecretValue']).toBeGreaterThan(before));
      await space.applyConfigMap('texts', { text: 'new {{ .value }}' });
      await space.holds('app', { text: 'new first' });
    });

    it('and whose Secret is deleted meanwhile has it again', async () => {
      await space.applyExternalSecret('app', read('first'));
      await space.holds('app', { value: 'first' });
      const before = aws.counts()['GetSecretValue'] ?? 0;
      await space.annotate('app');
      await eventually(() => expect(aws.counts()['GetSecretValue']).toBeGreaterThan(before));
      await world().kube.delete(secrets, { namespace: space.namespace, name: 'app' });
      await space.holds('app', { value: 'first' });
    });
  });

  describe('whose store', () => {
    it('is replaced by another with its name reads that', async () => {
      await space.applyStore({ key: 'old' });
      await space.start();
      await space.applyExternalSecret('app', read('key'));
      await space.holds('app', { value: 'old' });
      await remove(secretStores, 'store');
      await space.applyStore({ key: 'new' });
      await space.holds('app', { value: 'new' });
    });

    it('gets other credentials goes on at once when it could not before', async () => {
      const aws = await startAws();
      aws.putSecret('first', 'first');
      await applyAwsStore(space, { secretAccessKey: 'wrong' });
      await space.start({ environment: aws.env() });
      await space.applyExternalSecret('app', read('first'));
      await space.failed('app', /signature/);
      await applyAwsKey(space);
      await space.holds('app', { value: 'first' });
      await aws.stop();
    });
  });

  describe('whose remote secret is missing', () => {
    it('is tried again no less often than it would be refreshed', async () => {
      const source = await SourceNamespace.create(world());
      await space.applySecret('token', { token: await source.token() });
      await space.applyStoreOf(source.providerWithToken('token'));
      await space.start();
      const data = [{ secretKey: 'value', remoteRef: { key: 'late', property: 'a' } }];
      await space.applyExternalSecret('app', { data, refreshInterval: '1s' });
      await space.failed('app', /late/);
      await source.put('late', { a: 'here' });
      await space.holds('app', { value: 'here' });
    });
  });
});
