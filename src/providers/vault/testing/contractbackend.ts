/** Vault as the contract suite wants it: one KV mount of each version, through a proxy that breaks on demand. */
import type { Abilities, ContractBackend } from '../../../provider/testing/backend.ts';
import { type CannedAnswer, FaultProxy } from '../../../provider/testing/faultproxy.ts';
import { provider } from '../index.ts';
import { objectsWith, type StartWorld, tokenAuth } from './world.ts';

export const abilities: Readonly<Record<'v1' | 'v2', Abilities>> = {
  v1: {
    bytes: 'text',
    plainValues: false,
    find: ['name', 'path'],
    push: true,
    faults: ['deny', 'throttle', 'fail', 'refuse', 'hang', 'cutShort'],
    hintsRetryAfter: true,
  },
  v2: {
    bytes: 'text',
    plainValues: false,
    missingVersion: 'notFound',
    find: ['name', 'tags', 'path'],
    push: true,
    faults: ['deny', 'throttle', 'fail', 'refuse', 'hang', 'cutShort'],
    hintsRetryAfter: true,
  },
};

export async function startContractBackend(version: 'v1' | 'v2', start: StartWorld): Promise<ContractBackend> {
  const world = await start();
  const { url, admin } = world;
  const mount = version === 'v1' ? 'kv1' : 'secret';
  if (version === 'v1') await admin.write('sys/mounts/kv1', { type: 'kv', options: { version: '1' } });
  const proxy = await FaultProxy.start(url);
  const put = async (name: string, json: string): Promise<void> => {
    if (version === 'v1') await admin.write(`${mount}/${name}`, json);
    else await admin.write(`${mount}/data/${name}`, `{"data":${json}}`);
  };
  const putValue = async (name: string, value: Uint8Array): Promise<void> =>
    put(name, JSON.stringify({ value: Buffer.from(value).toString('utf8') }));
  return {
    provider,
    spec: { server: proxy.url, path: mount, version, auth: tokenAuth },
    connect: { objects: objectsWith() },
    async put(name, value, tags) {
      await putValue(name, value);
      if (tags !== undefined) await admin.write(`${mount}/metadata/${name}`, { custom_metadata: tags });
      return { ref: { key: name }, property: 'value' };
    },
    async putMap(name, members) {
      await put(name, JSON.stringify(members));
      return { key: name };
    },
    missing: (name) => ({ key: `${name}-missing` }),
    versions: {
      async put(name, values) {
        for (const value of values) await putValue(name, value);
        return values.map((_, index) => ({ ref: { key: name, version: String(index + 1) }, property: 'value' }));
      },
      missing: (ref) => ({ ...ref, version: '77' }),
    },
    underPath: { path: 'team/a', name: (name) => `team/a/${name}` },
    faults: proxy.faults({
      denied: refusal(403, 'permission denied'),
      throttled: refusal(429, 'request path "secret/": rate limit quota exceeded'),
      failed: refusal(500, 'internal error'),
    }),
    async stop() {
      await proxy.stop();
      await world.stop();
    },
  };
}

function refusal(status: number, ...errors: readonly string[]): CannedAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ errors }) };
}
