import type { AzureServer } from '../../../test/support/azure.ts';
import type { ContractBackend, ContractFaults } from '../../provider/testing/backend.ts';
import { describeProviderContract } from '../../provider/testing/contract.ts';
import { provider } from './index.ts';
import { AzureWorld } from './testing/world.ts';

async function startBackend(): Promise<ContractBackend> {
  const world = await AzureWorld.start();
  const { server, objects } = world;
  return {
    provider,
    spec: world.spec(),
    connect: { objects, environment: { AZURE_AUTHORITY_HOST: server.url } },
    async put(name, value, tags) {
      server.putSecret(name, Buffer.from(value).toString('utf8'), { tags });
      return { ref: { key: name } };
    },
    async putMap(name, members) {
      server.putSecret(name, JSON.stringify(members));
      return { key: name };
    },
    missing: (name) => ({ key: name }),
    versions: {
      async put(name, values) {
        const versions = values.map((value) => server.putSecret(name, Buffer.from(value).toString('utf8')));
        return versions.map((version) => ({ ref: { key: name, version } }));
      },
      missing: (ref) => ({ ...ref, version: 'f'.repeat(32) }),
    },
    faults: faultsOf(server),
    stop: () => world.stop(),
  };
}

function faultsOf(server: AzureServer): ContractFaults {
  return {
    deny: () => server.faults.add({ kind: 'deny' }),
    throttle: (retryAfterMs) => server.faults.add({ kind: 'throttle', retryAfterMs }),
    fail: () => server.faults.add({ kind: 'fail' }),
    refuse: () => server.goAway(),
    hang: () => server.faults.add({ kind: 'hang' }),
    cutShort: () => server.faults.add({ kind: 'cutShort' }),
    async heal() {
      server.faults.heal();
      await server.listenAgain();
    },
  };
}

describeProviderContract({
  name: 'azurekv',
  can: {
    bytes: 'text',
    // A vault takes no more than 25 KiB.
    maxBytes: 25_600,
    missingVersion: 'notFound',
    find: ['name', 'tags'],
    push: true,
    faults: ['deny', 'throttle', 'fail', 'refuse', 'hang', 'cutShort'],
    hintsRetryAfter: true,
  },
  start: startBackend,
});
