import { GcpServer } from '../../../test/support/gcp.ts';
import { jsonAnswer } from '../../../test/support/gcp-error.ts';
import type { ContractBackend, JsonMember } from '../../provider/testing/backend.ts';
import { describeProviderContract } from '../../provider/testing/contract.ts';
import { type CannedAnswer, FaultProxy } from '../../provider/testing/faultproxy.ts';
import { provider } from './index.ts';
import { keyAuth, keyOptions, project } from './testing/store.ts';

async function startBackend(): Promise<ContractBackend> {
  const server = await GcpServer.start();
  const proxy = await FaultProxy.start(`http://${server.host}`);
  const put = (name: string, value: Uint8Array, labels?: Readonly<Record<string, string>>): number =>
    server.secrets.put(`projects/${project}/secrets/${name}`, value, labels);
  return {
    provider,
    spec: { projectID: project, auth: keyAuth },
    connect: keyOptions(server, new URL(proxy.url).host),
    async put(name, value, labels) {
      put(name, value, labels);
      return { ref: { key: name } };
    },
    async putMap(name, members: Readonly<Record<string, JsonMember>>) {
      put(name, Buffer.from(JSON.stringify(members)));
      return { key: name };
    },
    missing: (name) => ({ key: `${name}-missing` }),
    versions: {
      put: async (name, values) => values.map((value) => ({ ref: { key: name, version: String(put(name, value)) } })),
      missing: (ref) => ({ ...ref, version: '77' }),
    },
    underPath: { path: 'team-a', name: (name) => `team-a-${name}` },
    faults: proxy.faults({
      denied: refused(403, 'PERMISSION_DENIED'),
      throttled: refused(429, 'RESOURCE_EXHAUSTED'),
      failed: refused(500, 'INTERNAL'),
    }),
    async stop() {
      await proxy.stop();
      await server.stop();
    },
  };
}

function refused(code: number, status: string): CannedAnswer {
  return jsonAnswer({ error: { code, status, message: status } }, code);
}

describeProviderContract({
  name: 'gcpsm',
  can: {
    bytes: 'any',
    emptyValues: false,
    missingVersion: 'notFound',
    find: ['name', 'tags', 'path'],
    push: true,
    faults: ['deny', 'throttle', 'fail', 'refuse', 'hang', 'cutShort'],
    hintsRetryAfter: true,
  },
  start: startBackend,
});
