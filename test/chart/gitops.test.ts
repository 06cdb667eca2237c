/** What Flux and Argo CD make of our objects: judged by kstatus itself, and by the rule of docs/gitops.md in Lua. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { KubeObject } from '../../src/api/object.ts';
import type { Resource } from '../../src/api/resource.ts';
import { externalSecrets, secretStores } from '../../src/api/resources.ts';
import { findProgram } from '../support/debian.ts';
import { eventually } from '../support/eventually.ts';
import { buildGoBinary, NoGoError } from '../support/gobinary.ts';
import { type RunningOperator, runOperator } from '../support/runningoperator.ts';
import { startWorld, type World } from '../support/world.ts';

const kstatus = await buildGoBinary({
  name: 'kstatus',
  binary: 'kstatus',
  ldflags: '-s -w',
  duration: 'half a minute, once',
}).catch((error: unknown) => {
  if (error instanceof NoGoError && process.env['CI'] !== 'true') return undefined;
  throw error;
});
const lua = await findProgram('lua5.4', 'usr/bin/lua5.4');

const objects = `
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: { name: good }
spec: { provider: { fake: { data: [{ key: word, value: hello }] } } }
---
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: { name: bad }
spec: { provider: { fake: { data: [], validationResult: 2 } } }
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: good }
spec:
  secretStoreRef: { name: good, kind: SecretStore }
  data: [{ secretKey: word, remoteRef: { key: word } }]
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: bad }
spec:
  secretStoreRef: { name: good, kind: SecretStore }
  data: [{ secretKey: word, remoteRef: { key: missing } }]
`;

describe('an object', () => {
  let world: World;
  let operator: RunningOperator;
  let namespace: string;

  beforeAll(async () => {
    world = await startWorld();
    namespace = await world.createNamespace('gitops');
    await world.apply(objects, namespace);
    operator = await runOperator(world, { namespace });
    for (const [resource, name] of [
      [externalSecrets, 'good'],
      [externalSecrets, 'bad'],
      [secretStores, 'bad'],
    ] as const)
      await eventually(async () => expect((await read(resource, name))['status']).toBeDefined());
    await operator.stop();
    await world.apply(objects.slice(objects.lastIndexOf('---')).replace('name: bad', 'name: new'), namespace);
  });

  afterAll(() => world.stop());

  async function read(resource: Resource, name: string): Promise<Readonly<Record<string, unknown>>> {
    return (await world.kube.get(resource, { namespace, name })) as KubeObject & Readonly<Record<string, unknown>>;
  }

  const cases = [
    ['that is in step', externalSecrets, 'good', 'Current', 'Healthy'],
    ['that cannot be synced', externalSecrets, 'bad', 'InProgress', 'Degraded'],
    // Without conditions kstatus takes everything for current; docs/gitops.md says what to do about it.
    ['that nobody has looked at yet', externalSecrets, 'new', 'Current', 'Progressing'],
    ['that works, a store', secretStores, 'good', 'Current', 'Healthy'],
    ['that does not work, a store', secretStores, 'bad', 'InProgress', 'Degraded'],
  ] as const;

  describe.skipIf(kstatus === undefined)('is for Flux', () => {
    it.each(cases)('%s', async (_, resource, name, expected) => {
      expect(await fluxStatus(await read(resource, name))).toBe(expected);
    });
  });

  describe.skipIf(typeof lua === 'string')('is for Argo CD', () => {
    it.each(cases)('%s', async (_, resource, name, __, expected) => {
      expect(await argoHealth(await read(resource, name))).toBe(expected);
    });
  });

  it('keeps the spec that it was given: there is nothing to differ from Git', async () => {
    const { spec } = await read(externalSecrets, 'good');
    expect(spec).toMatchObject({ secretStoreRef: { name: 'good', kind: 'SecretStore' } });
    const { data } = spec as { readonly data: readonly { readonly secretKey: string }[] };
    expect(data.map(({ secretKey }) => secretKey)).toEqual(['word']);
    const { metadata } = await read(externalSecrets, 'good');
    expect(Object.keys((metadata as KubeObject['metadata']).annotations ?? {})).toEqual([]);
  });
});

function fluxStatus(object: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(kstatus ?? '', (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim());
      else reject(new Error(stderr));
    });
    child.stdin?.end(`${JSON.stringify(object)}\n`);
  });
}

async function argoHealth(object: object): Promise<string> {
  const page = await readFile(new URL('../../docs/gitops.md', import.meta.url), 'utf8');
  const [, yaml = ''] = /```yaml\n([^`]*argocd-cm.*?)```/s.exec(page) ?? [];
  const { data } = parse(yaml) as { readonly data: Readonly<Record<string, string>> };
  const rule = data['resource.customizations.health.external-secrets.io_ExternalSecret'] ?? '';
  const script = `obj = ${luaOf(object)}\nprint((function() ${rule} end)().status)`;
  if (typeof lua === 'string') throw new Error(lua);
  const { code, output } = await lua(['-'], script);
  expect(code, output).toBe(0);
  return output.trim();
}

/** JSON as Lua writes it. */
function luaOf(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map(luaOf).join(',')}}`;
  if (typeof value !== 'object' || value === null) return value === null ? 'nil' : JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, member]) => `[${JSON.stringify(key)}]=${luaOf(member)}`)
    .join(',')}}`;
}
