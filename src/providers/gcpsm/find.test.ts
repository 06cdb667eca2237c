import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GcpServer } from '../../../test/support/gcp.ts';
import type { FindQuery, SecretsClient } from '../../provider/provider.ts';
import { providerRejection, textOf } from '../../provider/testing/rejection.ts';
import { connectByKey, project } from './testing/store.ts';

const never = new AbortController().signal;
const parent = `projects/${project}`;

let server: GcpServer;
const opened: SecretsClient[] = [];

beforeEach(async () => {
  server = await GcpServer.start();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((client) => client.close()));
  await server.stop();
});

function put(name: string, labels: Record<string, string> = {}, place = parent): void {
  server.secrets.put(`${place}/secrets/${name}`, Buffer.from(`value of ${name}`), labels);
}

async function find(query: FindQuery, spec: object = {}): Promise<Record<string, string>> {
  const { client } = await connectByKey(server, spec);
  opened.push(client);
  const found = (await client.find?.(query, never)) ?? new Map<string, Uint8Array>();
  return Object.fromEntries(Array.from(found, ([key, value]) => [key, textOf(value)]));
}

describe('finding secrets', () => {
  it('goes through all pages', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `app-${index}`);
    for (const name of [...names, 'other']) put(name);
    const found = await find({ nameRegexp: '^app-' });
    expect(Object.keys(found).sort()).toEqual(names);
    expect(found['app-3']).toBe('value of app-3');
    expect(server.counts()).toMatchObject({ token: 1, ListSecrets: 3, AccessSecretVersion: 8 });
  });

  it('reads a bounded number at the same time', async () => {
    for (let index = 0; index < 30; index += 1) put(`app-${index}`);
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    let inFlight = 0;
    let most = 0;
    server.intercept = async ({ name }) => {
      if (name !== 'AccessSecretVersion') return undefined;
      inFlight += 1;
      most = Math.max(most, inFlight);
      // Whoever comes while the eight are held is one too many.
      if (inFlight === 8) setTimeout(open, 20);
      await gate;
      inFlight -= 1;
      return undefined;
    };
    expect(Object.keys(await find({ nameRegexp: '' }))).toHaveLength(30);
    expect(most).toBe(8);
  });

  it('takes a path for the beginning of names, and lets the server choose as far as it can', async () => {
    for (const name of ['team-a-db', 'team-a-web', 'x-team-a', 'team-b']) put(name);
    expect(Object.keys(await find({ path: 'team-a', nameRegexp: 'db|x' }))).toEqual(['team-a-db']);
    expect(filters()).toEqual(['name:"team-a"']);
  });

  it('finds labels in the region of the store, unlike ESO 2.9', async () => {
    put('global', { team: 'a' });
    put('regional', { team: 'a' }, `${parent}/locations/europe-west3`);
    expect(Object.keys(await find({ tags: { team: 'a' } }, { location: 'europe-west3' }))).toEqual(['regional']);
    expect(Object.keys(await find({ tags: { team: 'a' } }))).toEqual(['global']);
  });

  it('takes a name before labels, as ESO does, and labels together with a path', async () => {
    put('one', { team: 'a' });
    put('two', { team: 'b' });
    put('three', { team: 'a' });
    expect(Object.keys(await find({ nameRegexp: 't', tags: { team: 'a' } })).sort()).toEqual(['three', 'two']);
    expect(Object.keys(await find({ path: 'th', tags: { team: 'a' } }))).toEqual(['three']);
    expect(filters().at(-1)).toBe('labels."team"="a" AND name:"th"');
  });

  it('does not let what is looked for become more than that', async () => {
    put('mine', { team: 'a' });
    put('theirs', { team: 'b' });
    expect(await find({ tags: { team: 'a" OR labels.team="b' } })).toEqual({});
    expect(await find({ tags: { 'team="a" OR x': 'b' } })).toEqual({});
    expect(await find({ path: 'nothing" OR name:"', tags: {} })).toEqual({});
  });

  it('passes over a secret that has no version, or is gone by now', async () => {
    put('there');
    put('empty');
    server.secrets.get(`${parent}/secrets/empty`)!.versions.length = 0;
    put('gone');
    server.intercept = ({ name }) => {
      if (name === 'AccessSecretVersion') server.secrets.remove(`${parent}/secrets/gone`);
      return undefined;
    };
    const found = await find({ nameRegexp: 'there|empty|gone' });
    expect(found['there']).toBe('value of there');
    expect(found['empty']).toBeUndefined();
  });

  it('fails for a version that is disabled, and names it; the policy of the store holds here, too', async () => {
    for (const _ of [1, 2]) put('app');
    server.secrets.get(`${parent}/secrets/app`)!.versions[1]!.state = 'DISABLED';
    const error = await providerRejection(() => find({ nameRegexp: 'app' }));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain('secrets/app/versions/2] is in DISABLED state');
    const policy = { secretVersionSelectionPolicy: 'LatestOrFetch' };
    expect(await find({ nameRegexp: 'app' }, policy)).toEqual({ app: 'value of app' });
  });

  it('needs a name or tags', async () => {
    expect((await providerRejection(() => find({ path: 'a' }))).kind).toBe('invalid');
    expect(server.calls).toEqual([]);
  });
});

function filters(): (string | null)[] {
  return server.calls
    .filter(({ name }) => name === 'ListSecrets')
    .map(({ url }) => new URL(url, 'http://google').searchParams.get('filter'));
}
