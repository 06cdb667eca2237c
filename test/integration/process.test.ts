/** The operator as a process: its start, its endpoints, its end, and the hand-over to another. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiProxy } from '../support/apiproxy.ts';
import { startAws } from '../support/aws.ts';
import { applyAwsStore } from '../support/awsstore.ts';
import { ChildOperator } from '../support/childoperator.ts';
import { eventually } from '../support/eventually.ts';
import { Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

const data = [{ secretKey: 'a', remoteRef: { key: 'a' } }];

describeWorld('the process', (world) => {
  let space: Workspace;
  let running: ChildOperator[] = [];

  beforeEach(async () => {
    space = await Workspace.open(world());
    await space.applyStore({ a: '1' });
  });

  afterEach(async () => {
    for (const operator of running) if (!operator.hasExited) await operator.end('SIGKILL');
    running = [];
    await space.close();
  });

  async function start(
    flags: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
    through: { readonly kubeconfigPath: string } = world(),
  ): Promise<ChildOperator> {
    const scope = [`--namespace=${space.namespace}`, ...flags];
    const operator = await ChildOperator.start(through, { flags: scope, environment });
    running.push(operator);
    return operator;
  }

  describe('that starts', () => {
    it('works, answers on its endpoints, and logs JSON', async () => {
      const operator = await start();
      await operator.ready();
      await space.applyExternalSecret('app', { data });
      await space.holds('app', { a: '1' });
      expect(await operator.healthz()).toEqual({ status: 200, body: 'ok' });
      expect((await operator.metrics()).body).toContain(
        'controller_runtime_reconcile_total{controller="externalsecret"',
      );
      const lines = operator.output
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
      expect(lines.map(({ msg }) => msg)).toEqual(
        expect.arrayContaining(['starting', 'caches synced', 'controllers started']),
      );
    });

    it('is not ready, and says why, until it has seen everything', async () => {
      const proxy = await ApiProxy.start(world());
      proxy.intercept(({ resource }) => (resource === 'externalsecrets' ? { type: 'refuse', code: 403 } : undefined));
      const operator = await start([], {}, proxy);
      await eventually(async () => {
        const { status, body } = await operator.readyz();
        expect(status).toBe(500);
        expect(body).toContain('externalsecrets');
      });
      expect((await operator.healthz()).status).toBe(200);
      proxy.intercept(undefined);
      await operator.ready();
      await operator.end();
      await proxy.stop();
    });

    it('without a cluster ends and says where it looked', async () => {
      const operator = await start([], {}, { kubeconfigPath: '/nowhere/kubeconfig' });
      await eventually(() => expect(operator.hasExited).toBe(true));
      expect(operator.output).toContain('no cluster');
      expect(operator.output).toContain('/nowhere/kubeconfig');
    });

    it('with a flag that does not exist ends and names the nearest', async () => {
      const operator = await start(['--concurrnt=3']);
      await eventually(() => expect(operator.hasExited).toBe(true));
      expect(operator.output).toMatch(/concurrnt[\s\S]*--concurrent/);
    });
  });

  describe('that is told to end', () => {
    it('finishes what it has begun', async () => {
      const aws = await startAws({ latencyMs: 1_500 });
      aws.putSecret('db', 'slow');
      await applyAwsStore(space, { name: 'slow' });
      const operator = await start([], aws.env());
      const entries = [{ secretKey: 'a', remoteRef: { key: 'db' } }];
      await space.applyExternalSecret('app', { data: entries, secretStoreRef: { name: 'slow' } });
      await eventually(() => expect(aws.counts()['GetSecretValue']).toBe(1));
      expect(await operator.end()).toBe(0);
      expect(await space.data('app')).toEqual({ a: 'slow' });
      await space.ready('app');
      await aws.stop();
    });

    it('ends in order also while the API server is away', async () => {
      const proxy = await ApiProxy.start(world());
      const operator = await start([], {}, proxy);
      await operator.ready();
      proxy.intercept(() => ({ type: 'disconnect' }));
      proxy.dropWatches();
      await space.applyExternalSecret('app', { data });
      expect(await operator.end()).toBe(0);
      await proxy.stop();
    });
  });

  describe('with leader election', () => {
    const electing = (): readonly string[] => [
      '--enable-leader-election=true',
      `--leader-election-id=${space.namespace}`,
      '--leader-election-lease-duration=4s',
      '--leader-election-renew-deadline=3s',
      '--leader-election-retry-period=500ms',
    ];

    async function leads(operator: ChildOperator): Promise<boolean> {
      const { body } = await operator.metrics();
      return body.includes(`leader_election_master_status{name="${space.namespace}"} 1`);
    }

    async function pair(): Promise<readonly [leader: ChildOperator, standby: ChildOperator]> {
      const leader = await start(electing());
      await eventually(async () => expect(await leads(leader)).toBe(true));
      const standby = await start(electing());
      await standby.ready();
      expect(await leads(standby)).toBe(false);
      return [leader, standby];
    }

    it('hands over at once when the leader ends, and the other goes on', async () => {
      const [leader, standby] = await pair();
      await space.applyExternalSecret('app', { data });
      await space.holds('app', { a: '1' });
      expect(await leader.end()).toBe(0);
      await eventually(async () => expect(await leads(standby)).toBe(true));
      await space.applyStore({ a: '2' });
      await space.holds('app', { a: '2' });
    });

    it('takes over from a leader that was killed', async () => {
      const [leader, standby] = await pair();
      await leader.end('SIGKILL');
      await space.applyExternalSecret('app', { data });
      await space.holds('app', { a: '1' });
      expect(await leads(standby)).toBe(true);
    });

    it('ends the process that cannot renew its lease', async () => {
      const proxy = await ApiProxy.start(world());
      const operator = await start(electing(), {}, proxy);
      await eventually(async () => expect(await leads(operator)).toBe(true));
      proxy.intercept(({ resource }) => (resource === 'leases' ? { type: 'disconnect' } : undefined));
      await eventually(() => expect(operator.hasExited).toBe(true));
      expect(operator.output).toContain('lease');
      expect(await operator.end()).not.toBe(0);
      await proxy.stop();
    });
  });
});
