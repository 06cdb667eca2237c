import { describeProviderContract } from '../../provider/testing/contract.ts';
import { abilities, startContractBackend } from './testing/contractbackend.ts';
import { startFakeWorld } from './testing/world.ts';

for (const version of ['v1', 'v2'] as const) {
  describeProviderContract({
    name: `vault, KV ${version}`,
    can: abilities[version],
    start: () => startContractBackend(version, startFakeWorld),
  });
}
