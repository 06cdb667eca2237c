/** A backend that denies, throttles, hangs, answers half or goes away: the last good Secret stays, and all is well after. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AwsServer, startAws } from '../support/aws.ts';
import type { AwsFaultRule } from '../support/aws-faults.ts';
import { parsePolicy } from '../support/aws-iam.ts';
import { applyAwsStore } from '../support/awsstore.ts';
import { eventually } from '../support/eventually.ts';
import { quietFor } from '../support/quiet.ts';
import { Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

const data = [{ secretKey: 'password', remoteRef: { key: 'db', property: 'password' } }];
const value = (password: string): string => JSON.stringify({ password });

describeWorld('while a backend', (world) => {
  let space: Workspace;
  let aws: AwsServer;

  beforeEach(async () => {
    aws = await startAws();
    aws.putSecret('db', value('pw-first'));
    space = await Workspace.open(world());
    await applyAwsStore(space);
    await space.start({ environment: aws.env() });
    await space.storeIs('Valid');
  });

  afterEach(async () => {
    await space.close();
    await aws.stop();
  });

  async function apply(spec: object = {}): Promise<void> {
    await space.applyExternalSecret('app', { data, ...spec });
    await space.holds('app', { password: 'pw-first' });
    await space.ready('app');
  }

  const reads = (): number => aws.counts()['GetSecretValue'] ?? 0;

  /** What happens, how it is switched on, what the condition says, and how many reads a second of it may cost. */
  const faults: readonly (readonly [title: string, fault: AwsFaultRule | 'away', cause: RegExp])[] = [
    ['denies', { kind: 'deny' }, /not authorized|AccessDenied/],
    ['throttles', { kind: 'throttle' }, /Rate exceeded|throttl/i],
    ['answers 500', { kind: 'fail' }, /error occurred on the server side|InternalServiceError/],
    ['answers 503', { kind: 'unavailable' }, /unable to handle|unavailable/i],
    ['answers half', { kind: 'cutShort' }, /could not be reached/],
    ['breaks connections', { kind: 'reset' }, /could not be reached/],
    ['answers with a page of a proxy', { kind: 'notJson' }, /AWS|answer|JSON/],
    ['is gone', 'away', /AWS|ECONNREFUSED|connect/],
  ];

  describe.each(faults)('%s', (_, fault, cause) => {
    const begin = (): Promise<void> | void => (fault === 'away' ? aws.goAway() : aws.faults.add(fault));
    const end = (): Promise<void> | void => (fault === 'away' ? aws.listenAgain() : aws.faults.heal());

    it('the condition says why, the last good Secret stays, nobody presses, and it follows afterwards', async () => {
      await apply();
      await begin();
      aws.putSecret('db', value('pw-second'));
      await space.annotate('app');
      const message = await space.failed('app', cause);
      expect(message).toMatch(
        /^could not get secret data from provider: error processing spec\.data\[0\] \(key: db\): /,
      );
      expect(await space.data('app')).toEqual({ password: 'pw-first' });
      const before = reads();
      await quietFor(1_500);
      expect(reads() - before).toBeLessThan(6);
      await end();
      // Who mended it says so, rather than wait for the next attempt.
      await space.annotate('app');
      await space.holds('app', { password: 'pw-second' });
      await space.ready('app');
    });
  });

  it('gives no answer at all, others go on, and it follows afterwards', async () => {
    await apply();
    await space.applyStore({ a: '1' }, { name: 'other' });
    aws.faults.add({ kind: 'hang', operation: 'GetSecretValue' });
    aws.putSecret('db', value('pw-second'));
    await space.annotate('app');
    await eventually(() => expect(aws.counts()['GetSecretValue']).toBeGreaterThan(1));
    const entries = [{ secretKey: 'a', remoteRef: { key: 'a' } }];
    await space.applyExternalSecret('bystander', { data: entries, secretStoreRef: { name: 'other' } });
    await space.holds('bystander', { a: '1' });
    expect(await space.data('app')).toEqual({ password: 'pw-first' });
    aws.faults.heal();
    await space.holds('app', { password: 'pw-second' });
  });

  it('fails, it is tried again as often as the store says, before anybody hears of it', async () => {
    await applyAwsStore(space, { spec: { retrySettings: { maxRetries: 4, retryInterval: '10ms' } } });
    await space.storeIs('Valid');
    aws.faults.add({ kind: 'fail', operation: 'GetSecretValue', times: 4 });
    await apply();
    expect(reads()).toBe(5);
    expect((await space.events('app')).filter(({ type }) => type === 'Warning')).toEqual([]);
  });

  it('is away, its dependents go on by themselves as soon as one of them gets through', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `app-${index}`);
    await aws.goAway();
    for (const name of names) await space.applyExternalSecret(name, { data });
    for (const name of names) await space.failed(name);
    await aws.listenAgain();
    for (const name of names) await space.holds(name, { password: 'pw-first' });
  });

  it('refuses sessions that have expired, new ones are made without a failure', async () => {
    await applyAwsStore(space, { aws: { role: 'arn:aws:iam::123456789012:role/reader' } });
    await space.storeIs('Valid');
    await apply();
    aws.expireSessions();
    aws.putSecret('db', value('pw-second'));
    await space.refresh('app');
    expect(await space.data('app')).toEqual({ password: 'pw-second' });
    expect((await space.events('app')).filter(({ type }) => type === 'Warning')).toEqual([]);
  });

  it('allows less than is asked for, the condition names what is missing', async () => {
    const statement = {
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue'],
      Resource: 'arn:aws:secretsmanager:*:ACCOUNT-ID:secret:app/*',
    };
    aws.setPolicy(parsePolicy(JSON.stringify({ Statement: [statement] }), aws.accountId));
    aws.putSecret('app/db', value('pw-allowed'));
    await space.applyExternalSecret('app', { data });
    expect(await space.failed('app')).toMatch(/secretsmanager:GetSecretValue.*db/);
    const allowed = [{ secretKey: 'password', remoteRef: { key: 'app/db', property: 'password' } }];
    await space.applyExternalSecret('app', { data: allowed });
    await space.holds('app', { password: 'pw-allowed' });
  });

  it('does not answer, an ExternalSecret that is deleted meanwhile leaves no Secret behind', async () => {
    aws.faults.add({ kind: 'hang', operation: 'GetSecretValue' });
    await space.applyExternalSecret('app', { data });
    await eventually(() => expect(reads()).toBeGreaterThan(0));
    const path = `/apis/external-secrets.io/v1/namespaces/${space.namespace}/externalsecrets/app`;
    await world().raw.send(path, { method: 'DELETE' });
    aws.faults.heal();
    await quietFor(2_000);
    await space.isGone('app');
  });
});
