import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FindQuery, SecretsClient } from '../../provider/provider.ts';
import { canary, providerRejection, textOf } from '../../provider/testing/rejection.ts';
import { AzureWorld, never } from './testing/world.ts';

let world: AzureWorld;

beforeAll(async () => {
  world = await AzureWorld.start();
  // Three pages of the service's 25.
  for (let index = 0; index < 60; index += 1) {
    world.server.putSecret(`app-${index}`, `value ${index}`, { tags: { even: String(index % 2 === 0) } });
  }
});

afterEach(() => world.tidy());
afterAll(() => world.stop());

async function find(client: SecretsClient, query: FindQuery): Promise<Record<string, string>> {
  const found = (await client.find?.(query, never)) ?? new Map<string, Uint8Array>();
  return Object.fromEntries(Array.from(found, ([name, value]) => [name, textOf(value)]));
}

describe('finding secrets', () => {
  it('reads all pages of the list, and the values of those that match', async () => {
    const client = await world.connect();
    expect(Object.keys(await find(client, { nameRegexp: '^app-' }))).toHaveLength(60);
    expect(await find(client, { nameRegexp: '^app-5[789]$' })).toEqual({
      'app-57': 'value 57',
      'app-58': 'value 58',
      'app-59': 'value 59',
    });
    expect(world.server.counts()).toMatchObject({ GetSecrets: 6, GetSecret: 63, GetToken: 1, Challenge: 1 });
  });

  it('asks for name and tags both, and for nothing else', async () => {
    const client = await world.connect();
    const query = { nameRegexp: '^app-1.$', tags: { even: 'true' }, path: 'means/nothing' };
    expect(Object.keys(await find(client, query))).toEqual(['app-10', 'app-12', 'app-14', 'app-16', 'app-18']);
  });

  it('leaves disabled secrets out', async () => {
    world.server.putSecret('off-1', canary, { attributes: { enabled: false } });
    world.server.putSecret('off-2', 'here');
    expect(await find(await world.connect(), { nameRegexp: '^off-' })).toEqual({ 'off-2': 'here' });
  });

  it('leaves out what is deleted between list and read', async () => {
    world.server.putSecret('gone-1', canary);
    world.server.putSecret('gone-2', 'here');
    const client = await world.connect(world.spec(), { retry: { maxRetries: 1, retryIntervalMs: 1 } });
    world.server.faults.add({ kind: 'hang', operation: 'GetSecret' });
    const finding = find(client, { nameRegexp: '^gone-' });
    await until(() => world.server.counts()['GetSecret'] === 2);
    world.server.vault.secrets.objects.remove('gone-1');
    // Lets go of both, which are then tried once more.
    world.server.faults.heal();
    expect(await finding).toEqual({ 'gone-2': 'here' });
  });

  it.each(['unavailable', 'cutShort', 'hang'] as const)(
    'leaves none out when a later page says %s at first',
    async (kind) => {
      const retry = { maxRetries: 1, retryIntervalMs: 1 };
      const client = await world.connect(world.spec(), { retry, attemptTimeoutMs: 1_000 });
      world.server.faults.add({ kind, operation: 'GetSecrets', after: 1, times: 1 });
      expect(Object.keys(await find(client, { nameRegexp: '^app-' }))).toHaveLength(60);
    },
  );

  it('fails as a whole when a value may not be read', async () => {
    const client = await world.connect();
    world.server.faults.add({ kind: 'deny', operation: 'GetSecret', times: 1 });
    expect((await providerRejection(() => find(client, { nameRegexp: '^app-1' }))).kind).toBe('denied');
  });

  it('says so when the list may not be read', async () => {
    const client = await world.connect();
    world.server.faults.add({ kind: 'deny', operation: 'GetSecrets' });
    const error = await providerRejection(() => find(client, { nameRegexp: '^app-1' }));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain('GET secrets with 403');
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}
