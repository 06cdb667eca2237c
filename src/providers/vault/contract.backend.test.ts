import { describe } from 'vitest';
import { lacksVault } from '../../../test/support/vaultbinary.ts';
import { describeProviderContract } from '../../provider/testing/contract.ts';
import { abilities, startContractBackend } from './testing/contractbackend.ts';
import { startRealWorld } from './testing/world.ts';

describe.skipIf(await lacksVault())('on a real Vault', () => {
  for (const version of ['v1', 'v2'] as const) {
    describeProviderContract({
      name: `vault, KV ${version}`,
      can: abilities[version],
      start: () => startContractBackend(version, startRealWorld),
    });
  }
});
