import { type AwsServer, startAws } from '../../../test/support/aws.ts';
import type { Abilities, ContractBackend, ContractFaults } from '../../provider/testing/backend.ts';
import { describeProviderContract } from '../../provider/testing/contract.ts';
import { provider } from './index.ts';
import { keyAuth, keyObjects, region } from './testing/world.ts';

const role = 'arn:aws:iam::123456789012:role/reader';
const allFaults: Abilities['faults'] = ['deny', 'throttle', 'fail', 'refuse', 'hang', 'cutShort'];

function faultsOf(aws: AwsServer): ContractFaults {
  return {
    deny: () => aws.faults.add({ kind: 'deny' }),
    throttle: (retryAfterMs) => aws.faults.add({ kind: 'throttle', retryAfterMs }),
    fail: () => aws.faults.add({ kind: 'fail' }),
    refuse: () => aws.goAway(),
    hang: () => aws.faults.add({ kind: 'hang' }),
    cutShort: () => aws.faults.add({ kind: 'cutShort' }),
    async heal() {
      aws.faults.heal();
      await aws.listenAgain();
    },
  };
}

function commonOf(aws: AwsServer, service: string) {
  return {
    provider,
    // With a role, so that there is a session to be had before anything is read.
    spec: { service, region, auth: keyAuth, role },
    connect: { objects: keyObjects(), environment: aws.env() },
    missing: (name: string) => ({ key: `${name}-missing` }),
    faults: faultsOf(aws),
    stop: () => aws.stop(),
  };
}

async function startSecretsManager(): Promise<ContractBackend> {
  const aws = await startAws();
  const put = (name: string, value: Uint8Array, tags: Readonly<Record<string, string>> = {}): string => {
    const isText = Buffer.from(Buffer.from(value).toString('utf8')).equals(value);
    return aws.putSecret(name, isText ? Buffer.from(value).toString('utf8') : value, { tags });
  };
  return {
    ...commonOf(aws, 'SecretsManager'),
    async put(name, value, tags) {
      put(name, value, tags);
      return { ref: { key: name } };
    },
    async putMap(name, members) {
      put(name, Buffer.from(JSON.stringify(members)));
      return { key: name };
    },
    versions: {
      put: async (name, values) => values.map((value) => ({ ref: { key: name, version: `uuid/${put(name, value)}` } })),
      missing: (ref) => ({ ...ref, version: 'uuid/00000000-0000-4000-8000-000000000000' }),
    },
    underPath: { path: 'team-a/', name: (name) => `team-a/${name}` },
  };
}

async function startParameterStore(): Promise<ContractBackend> {
  const aws = await startAws();
  const put = (name: string, value: Uint8Array, tags: Readonly<Record<string, string>> = {}): number =>
    aws.putParameter(name, Buffer.from(value).toString('utf8'), { type: 'SecureString', tags });
  return {
    ...commonOf(aws, 'ParameterStore'),
    async put(name, value, tags) {
      put(name, value, tags);
      return { ref: { key: name } };
    },
    async putMap(name, members) {
      put(name, Buffer.from(JSON.stringify(members)));
      return { key: name };
    },
    versions: {
      put: async (name, values) => values.map((value) => ({ ref: { key: name, version: String(put(name, value)) } })),
      missing: (ref) => ({ ...ref, version: '77' }),
    },
    underPath: { path: '/team-a', name: (name) => `/team-a/${name}` },
  };
}

describeProviderContract({
  name: 'aws SecretsManager',
  can: {
    bytes: 'any',
    emptyValues: false,
    missingVersion: 'notFound',
    find: ['name', 'tags', 'path'],
    push: true,
    faults: allFaults,
    hintsRetryAfter: true,
  },
  start: startSecretsManager,
});

describeProviderContract({
  name: 'aws ParameterStore',
  can: {
    bytes: 'text',
    maxBytes: 4_096,
    emptyValues: false,
    missingVersion: 'invalid',
    find: ['name', 'tags', 'path'],
    push: true,
    faults: allFaults,
    hintsRetryAfter: true,
  },
  start: startParameterStore,
});
