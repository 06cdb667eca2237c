import { describe, expect, it } from 'vitest';
import { lacksVault } from '../../../test/support/vaultbinary.ts';
import { providerRejection } from '../../provider/testing/rejection.ts';
import { never, openStore, startRealWorld } from './testing/world.ts';

describe.skipIf(await lacksVault())('a real Vault', () => {
  it('is unavailable once it is sealed', async () => {
    const world = await startRealWorld();
    await world.admin.write('secret/data/app', { data: { user: 'app' } });
    {
      await using store = await openStore(world);
      await store.client.read({ key: 'app' }, never);
      await world.admin.write('sys/seal');
      const error = await providerRejection(() => store.client.read({ key: 'app' }, never));
      expect(error.kind).toBe('unavailable');
      expect(error.message).toContain('Vault is sealed (503)');
    }
    await world.stop();
  });

  it('is unavailable once it is gone', async () => {
    const world = await startRealWorld();
    await using store = await openStore(world);
    await world.stop();
    expect((await providerRejection(() => store.client.read({ key: 'app' }, never))).kind).toBe('unavailable');
  });
});
