/** Several replicas of one operator: each ExternalSecret is the work of one, and never of none. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { externalSecrets } from '../../src/api/resources.ts';
import { ApiProxy } from '../support/apiproxy.ts';
import { type AwsServer, startAws } from '../support/aws.ts';
import { applyAwsStore } from '../support/awsstore.ts';
import { eventually } from '../support/eventually.ts';
import { Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

const names = Array.from({ length: 60 }, (_, index) => `app-${index}`);
/** As long as two may do the same work after a third came. */
const handoverMs = 2_500;
/** A dead replica's lease ends after 15 s, and is looked at every 5. */
const takeoverMs = 40_000;

interface Replica {
  readonly space: Workspace;
  readonly proxy: ApiProxy;
}

describeWorld('three replicas that share their work', (world) => {
  let space: Workspace;
  let aws: AwsServer;
  let replicas: Replica[];

  beforeEach(async () => {
    space = await Workspace.open(world());
    aws = await startAws();
    for (const name of names) aws.putSecret(name, 'first');
    await applyAwsStore(space);
    replicas = await Promise.all(names.slice(0, 3).map(startReplica));
    await eventually(async () => expect(await replicasSeen()).toEqual([3, 3, 3]), takeoverMs);
    await sleep(handoverMs);
    await space.storeIs('Valid');
  });

  afterEach(async () => {
    for (const replica of replicas) replica.proxy.intercept(undefined);
    await Promise.all(replicas.map((replica) => replica.space.stopOperator()));
    for (const { proxy } of replicas) await proxy.stop();
    await space.close();
    await aws.stop();
  });

  async function startReplica(): Promise<Replica> {
    const proxy = await ApiProxy.start(world());
    const own = Workspace.of(world(), space.namespace);
    await own.start({ environment: aws.env(), flags: { 'enable-work-sharing': true } }, proxy);
    return { space: own, proxy };
  }

  const replicasSeen = (): Promise<readonly (number | undefined)[]> =>
    Promise.all(
      replicas.map(async ({ space: { operator } }) => {
        const metric = operator.registry.getSingleMetric('external_secrets_sharing_replicas');
        return (await metric?.get())?.values[0]?.value;
      }),
    );

  /** Without an interval: every read is one that the test asked for. */
  const apply = (some: readonly string[], key: (name: string) => string): Promise<unknown> =>
    Promise.all(
      some.map((name) => {
        const data = [{ secretKey: 'value', remoteRef: { key: key(name) } }];
        return space.applyExternalSecret(name, { data, refreshInterval: '0s' });
      }),
    );

  async function allHold(value: string, some = names): Promise<void> {
    for (const name of some) await space.holds(name, { value }, takeoverMs);
    for (const name of some) await space.ready(name);
  }

  /** By replica. */
  const secretsCreated = (): readonly number[] =>
    replicas.map(({ proxy }) => proxy.writes.filter((write) => write === 'create secrets').length);

  it('write each Secret once, and read each remote secret once', async () => {
    await apply(names, (name) => name);
    await allHold('first');
    expect(secretsCreated().reduce((sum, created) => sum + created)).toBe(names.length);
    for (const created of secretsCreated()) expect(created).toBeGreaterThan(0);
    expect(aws.counts()['GetSecretValue']).toBe(names.length);
  });

  it('read once for all ExternalSecrets that read the same', async () => {
    // As many as are synced for certain while a read of a moment ago serves.
    const few = names.slice(0, 10);
    await apply(few, () => 'app-0');
    await allHold('first', few);
    expect(secretsCreated().filter((created) => created > 0)).toEqual([few.length]);
    expect(aws.counts()['GetSecretValue']).toBe(1);
  });

  it('take over from one that stops', async () => {
    await apply(names, (name) => name);
    await allHold('first');
    await replicas[1]?.space.stopOperator();
    for (const name of names) aws.putSecret(name, 'second');
    await Promise.all(names.map((name) => space.annotate(name)));
    await allHold('second');
  });

  it('take over from one that is cut off, what it had not done included', async () => {
    await apply(names, (name) => name);
    await allHold('first');
    replicas[1]?.proxy.intercept(() => ({ type: 'disconnect' }));
    replicas[1]?.proxy.dropWatches();
    for (const name of names) aws.putSecret(name, 'second');
    await Promise.all(names.map((name) => space.annotate(name)));
    await allHold('second');
  });

  it('miss no change of a template while one of them comes and another goes', async () => {
    const template = (text: string): Promise<void> => space.applyConfigMap('texts', { text });
    await template('old');
    const templateFrom = [{ configMap: { name: 'texts', items: [{ key: 'text' }] } }];
    const spec = (name: string): object => ({
      data: [{ secretKey: 'value', remoteRef: { key: name } }],
      target: { template: { templateFrom } },
    });
    await Promise.all(names.map((name) => space.applyExternalSecret(name, spec(name))));
    for (const name of names) await space.holds(name, { text: 'old' });
    replicas.push(await startReplica());
    await template('between');
    await replicas[0]?.space.stopOperator();
    await template('new');
    for (const name of names) await space.holds(name, { text: 'new' }, takeoverMs);
  });

  it('take the metrics of an ExternalSecret along', async () => {
    await apply(names, (name) => name);
    await allHold('first');
    await replicas[2]?.space.stopOperator();
    const conditions = async (name: string): Promise<number> => {
      const exported = await Promise.all(
        replicas.slice(0, 2).map(({ space: { operator } }) => operator.registry.metrics()),
      );
      const series = new RegExp(`externalsecret_status_condition.*name="${name}".*status="True"`, 'g');
      return exported.flatMap((text) => text.match(series) ?? []).length;
    };
    for (const name of names) await space.annotate(name);
    await eventually(async () => {
      for (const name of names) expect(await conditions(name), name).toBe(1);
    }, takeoverMs);
    await world().kube.delete(externalSecrets, { namespace: space.namespace, name: 'app-0' });
    await eventually(async () => expect(await conditions('app-0')).toBe(0));
  });
});
