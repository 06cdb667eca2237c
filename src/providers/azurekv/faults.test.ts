import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testTenant } from '../../../test/support/azure.ts';
import { createCertificate } from '../../../test/support/azure-certificate.ts';
import type { SecretsClient } from '../../provider/provider.ts';
import { canary, providerRejection, textOf } from '../../provider/testing/rejection.ts';
import { AzureWorld, never } from './testing/world.ts';

const otherTenant = '99999999-9999-4999-8999-999999999999';

let world: AzureWorld;

beforeAll(async () => {
  world = await AzureWorld.start();
  world.server.putSecret('db', canary);
});

afterEach(async () => {
  world.server.vaultTenantId = testTenant;
  world.server.vaultResource = 'https://vault.azure.net';
  world.server.skewMs = 0;
  await world.tidy();
});

afterAll(() => world.stop());

async function read(client: SecretsClient, key = 'db'): Promise<string> {
  return textOf((await client.read({ key }, never)).value(undefined));
}

describe('a vault of another tenant', () => {
  it('is named as the cause, and no token is sent there', async () => {
    world.server.vaultTenantId = otherTenant;
    const client = await world.connect();
    expect(await providerRejection(() => read(client))).toMatchObject({
      kind: 'invalid',
      message: `the vault belongs to tenant ${otherTenant}, but the store logs in to tenant ${testTenant}`,
    });
    expect(world.server.counts()).not.toHaveProperty('GetSecret');
  });

  it('is read again when it has come back, by the same client', async () => {
    world.server.vaultTenantId = otherTenant;
    const client = await world.connect();
    await providerRejection(() => read(client));
    world.server.vaultTenantId = testTenant;
    expect(await read(client)).toBe(canary);
  });

  it('is noticed also when it moves while the store is in use', async () => {
    const client = await world.connect();
    await read(client);
    world.server.vaultTenantId = otherTenant;
    expect((await providerRejection(() => read(client))).message).toContain(`belongs to tenant ${otherTenant}`);
  });
});

describe('a server that asks for tokens of something else', () => {
  it('gets none', async () => {
    world.server.vaultResource = 'https://management.azure.com';
    const client = await world.connect();
    const error = await providerRejection(() => read(client));
    expect(error.kind).toBe('invalid');
    expect(error.message).toContain('wants a token for https://management.azure.com/.default');
    expect(world.server.counts()).not.toHaveProperty('GetSecret');
  });

  it('is served when the store says that this is its cloud', async () => {
    world.server.vaultResource = 'https://vault.azure.cn';
    const customCloudConfig = { activeDirectoryEndpoint: `${world.server.url}/` };
    const china = await world.connect(world.spec({ environmentType: 'ChinaCloud', customCloudConfig }));
    expect(await read(china)).toBe(canary);
    const keyVaultEndpoint = 'https://vault.azure.cn/';
    const stack = { environmentType: 'AzureStackCloud', customCloudConfig: { ...customCloudConfig, keyVaultEndpoint } };
    expect(await read(await world.connect(world.spec(stack)))).toBe(canary);
    const bySuffix = { ...customCloudConfig, keyVaultDNSSuffix: '.vault.azure.cn' };
    expect(await read(await world.connect(world.spec({ customCloudConfig: bySuffix })))).toBe(canary);
  });
});

describe('a secret', () => {
  it('that is disabled is denied, and the message says why', async () => {
    world.server.putSecret('off', canary, { attributes: { enabled: false } });
    const client = await world.connect();
    expect(await providerRejection(() => read(client, 'off'))).toMatchObject({
      kind: 'denied',
      message:
        'Key Vault refused GET secrets/off with 403 Forbidden, SecretDisabled: Operation get is not allowed on a disabled secret.',
    });
  });

  it('that is deleted softly counts as missing', async () => {
    world.server.putSecret('gone', canary);
    world.server.vault.secrets.objects.remove('gone');
    const client = await world.connect();
    const error = await providerRejection(() => read(client, 'gone'));
    expect(error.kind).toBe('notFound');
    expect(error.message).toContain('404 SecretNotFound: A secret with (name/id) gone was not found');
  });

  it('that may not be read is denied, and the message names who asked for what', async () => {
    const client = await world.connect();
    world.server.vault.permissions.set('22222222-2222-4222-8222-222222222222', ['GetSecrets']);
    const error = await providerRejection(() => read(client));
    world.server.vault.permissions.clear();
    expect(error.kind).toBe('denied');
    expect(error.message).toContain('ForbiddenByRbac');
    expect(error.message).toContain("appid=22222222-2222-4222-8222-222222222222; Action: 'GetSecret'");
  });
});

describe('throttling', () => {
  it('of the vault slows the store for as long as it says', async () => {
    const client = await world.connect();
    await read(client);
    world.server.faults.add({ kind: 'throttle', operation: 'GetSecret', times: 1, retryAfterMs: 9_000 });
    expect(await providerRejection(() => read(client))).toMatchObject({ kind: 'throttled', retryAfterMs: 9_000 });
    const calls = world.server.counts()['GetSecret'];
    const held = await providerRejection(() => read(client));
    expect(held.kind).toBe('throttled');
    expect(held.retryAfterMs).toBeGreaterThan(5_000);
    expect(world.server.counts()['GetSecret']).toBe(calls);
  });

  it('for a moment is waited out, by the retries of the store and no others', async () => {
    const retry = { maxRetries: 2, retryIntervalMs: 1 };
    const { client, calls } = await world.open(world.spec(), { retry });
    world.server.faults.add({ kind: 'throttle', operation: 'GetSecret', times: 1, retryAfterMs: 0 });
    world.server.faults.add({ kind: 'unavailable', operation: 'GetSecret', times: 1 });
    expect(await read(client)).toBe(canary);
    const attempts = calls.filter(({ call }) => call === 'GetSecret').map(({ status }) => status);
    expect(attempts).toEqual(['error', 'error', 'success']);
  });

  it('by somebody on the way is throttling as well', async () => {
    const client = await world.connect();
    await read(client);
    world.server.faults.add({ kind: 'gatewayThrottle', operation: 'GetSecret' });
    expect(await providerRejection(() => read(client))).toMatchObject({ kind: 'throttled', retryAfterMs: 3_000 });
  });

  it('of Entra ID is throttling as well', async () => {
    world.server.faults.add({ kind: 'throttle', operation: 'GetToken', retryAfterMs: 8_000 });
    const client = await world.connect();
    expect(await providerRejection(() => client.validate(never))).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 8_000,
    });
    expect(world.server.counts()['GetToken']).toBe(1);
  });
});

describe('Entra ID', () => {
  it.each([
    ['fail', 'unavailable'],
    ['unavailable', 'unavailable'],
    ['cutShort', 'unavailable'],
    ['notJson', 'unavailable'],
    ['reset', 'unavailable'],
    ['deny', 'denied'],
    ['hang', 'timeout'],
  ] as const)('that does %s leaves the store %s, until it is well again', async (kind, expected) => {
    world.server.faults.add({ kind, operation: 'GetToken' });
    const client = await world.connect(world.spec(), { attemptTimeoutMs: 1_000 });
    expect((await providerRejection(() => read(client))).kind).toBe(expected);
    world.server.faults.heal();
    expect(await read(client)).toBe(canary);
  });

  it('is not needed while a token holds', async () => {
    const client = await world.connect();
    await read(client);
    world.server.faults.add({ kind: 'fail', operation: 'GetToken' });
    world.server.faults.add({ kind: 'fail', operation: 'GetOpenIdConfiguration' });
    expect(await read(client)).toBe(canary);
  });
});

describe('the vault', () => {
  it.each(['notJson', 'cutShort', 'reset'] as const)(
    'that answers with %s is unavailable, and nothing of it leaks',
    async (kind) => {
      const client = await world.connect();
      await read(client);
      world.server.faults.add({ kind, operation: 'GetSecret' });
      expect((await providerRejection(() => read(client))).kind).toBe('unavailable');
    },
  );

  it('that cannot be found by name is unavailable, and the name is in the message', async () => {
    const client = await world.connect(world.spec({ vaultUrl: 'https://no-such-vault.invalid' }));
    const error = await providerRejection(() => read(client));
    expect(error.kind).toBe('unavailable');
    expect(error.message).toContain('no-such-vault.invalid');
  });

  it('whose certificate nobody vouches for is unavailable', async () => {
    const world2 = await AzureWorld.start();
    const spec = world2.spec({ vaultUrl: world2.server.url });
    const client = await world2.connect(spec);
    await world2.stop();
    expect((await providerRejection(() => read(client))).kind).toBe('unavailable');
  });
});

describe('clocks that differ', () => {
  it('are named when a certificate is refused for it', async () => {
    const { cert, key } = await createCertificate('an application');
    const skewed = await AzureWorld.start({ apps: { app: { certificates: [cert] } } });
    skewed.objects.putSecret('test/certificate', { data: { id: 'app', pem: `${key}${cert}` } });
    skewed.server.skewMs = 3_600_000;
    const authSecretRef = {
      clientId: { name: 'certificate', key: 'id' },
      clientCertificate: { name: 'certificate', key: 'pem' },
    };
    const client = await skewed.connect({ ...skewed.bareSpec(), authSecretRef });
    const error = await providerRejection(() => client.validate(never));
    await skewed.stop();
    expect(error.kind).toBe('denied');
    expect(error.message).toContain('AADSTS700024: Client assertion is not within its valid time range');
  });

  it('do no harm when the vault takes a token for expired', async () => {
    const client = await world.connect();
    await read(client);
    world.server.skewMs = 3_700_000;
    expect(await read(client)).toBe(canary);
    expect(world.server.counts()).toMatchObject({ GetToken: 2 });
  });
});
