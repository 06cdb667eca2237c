import type { ContractBackend, JsonMember } from '../../provider/testing/backend.ts';
import { describeProviderContract } from '../../provider/testing/contract.ts';
import { type CannedAnswer, FaultProxy } from '../../provider/testing/faultproxy.ts';
import { MemoryObjects } from '../../provider/testing/memoryobjects.ts';
import { provider } from './index.ts';
import { TestApiServer } from './testing/apiserver.ts';

const namespace = 'shared';

async function startBackend(): Promise<ContractBackend> {
  const server = await TestApiServer.start();
  const proxy = await FaultProxy.start(server.url);
  const objects = new MemoryObjects();
  objects.putSecret('test/credentials', { data: { token: 'a-token' } });
  const put = (name: string, data: Record<string, string>, labels: Readonly<Record<string, string>> = {}): void => {
    server.put({ metadata: { namespace, name, labels }, data });
  };
  return {
    provider,
    spec: {
      server: { url: proxy.url },
      remoteNamespace: namespace,
      auth: { token: { bearerToken: { name: 'credentials', key: 'token' } } },
    },
    connect: { objects },
    async put(name, value, labels) {
      put(name, { value: Buffer.from(value).toString('base64') }, labels);
      return { ref: { key: name }, property: 'value' };
    },
    async putMap(name, members) {
      put(name, Object.fromEntries(Object.entries(members).map(([key, member]) => [key, base64(member)])));
      return { key: name };
    },
    missing: (name) => ({ key: name }),
    faults: proxy.faults({
      denied: status(403, 'Forbidden'),
      throttled: status(429, 'TooManyRequests'),
      failed: status(500, 'InternalError'),
    }),
    async stop() {
      await proxy.stop();
      await server.stop();
    },
  };
}

function base64(member: JsonMember): string {
  return Buffer.from(typeof member === 'string' ? member : JSON.stringify(member)).toString('base64');
}

function status(code: number, reason: string): CannedAnswer {
  return {
    status: code,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'Status', code, reason, message: reason }),
  };
}

describeProviderContract({
  name: 'kubernetes',
  can: {
    bytes: 'any',
    plainValues: false,
    find: ['name', 'tags'],
    push: true,
    faults: ['deny', 'throttle', 'fail', 'refuse', 'hang', 'cutShort'],
    hintsRetryAfter: true,
  },
  start: startBackend,
});
