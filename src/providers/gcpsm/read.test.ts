import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GcpServer } from '../../../test/support/gcp.ts';
import { GcpError, refusal } from '../../../test/support/gcp-error.ts';
import type { RemoteRef, RemoteSecret, SecretsClient } from '../../provider/provider.ts';
import { canary, providerRejection, textOf } from '../../provider/testing/rejection.ts';
import { connectByKey, project } from './testing/store.ts';

const never = new AbortController().signal;

let server: GcpServer;
const opened: SecretsClient[] = [];

beforeEach(async () => {
  server = await GcpServer.start();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((client) => client.close()));
  await server.stop();
});

async function connect(spec: object = {}): Promise<SecretsClient> {
  const { client } = await connectByKey(server, spec);
  opened.push(client);
  return client;
}

async function read(ref: RemoteRef, spec: object = {}): Promise<RemoteSecret> {
  return (await connect(spec)).read(ref, never);
}

function put(name: string, value: string, place = `projects/${project}`): void {
  server.secrets.put(`${place}/secrets/${name}`, Buffer.from(value));
}

function version(number: number) {
  return server.secrets.get(`projects/${project}/secrets/db`)!.versions[number - 1]!;
}

describe('reading a secret', () => {
  it('takes the latest version, one by its number, or one by its alias', async () => {
    put('db', 'old');
    put('db', 'new');
    server.secrets.get(`projects/${project}/secrets/db`)!.versionAliases = { stable: '1' };
    const client = await connect();
    const answers = await Promise.all(
      [undefined, '', 'latest', '1', 'stable'].map(async (name) => {
        const ref = name === undefined ? { key: 'db' } : { key: 'db', version: name };
        const secret = await client.read(ref, never);
        return `${secret.version} ${textOf(secret.value(undefined))}`;
      }),
    );
    expect(answers).toEqual(['2 new', '2 new', '2 new', '1 old', '1 old']);
  });

  it('reads regional secrets in their region', async () => {
    put('db', 'regional', `projects/${project}/locations/europe-west3`);
    expect(textOf((await read({ key: 'db' }, { location: 'europe-west3' })).value(undefined))).toBe('regional');
    const { url } = server.calls.at(-1)!;
    expect(url).toMatch(
      /^\/secretmanager\.europe-west3\.rep\.googleapis\.com\/v1\/projects\/test-project\/locations\//,
    );
  });

  it('tries a property as one key before it takes dots for a path', async () => {
    put('db', '{"tls.crt":"one key","tls":{"crt":"a path","key":"k"},"id":12345678901234567890,"none":null}');
    const secret = await read({ key: 'db' });
    const values = ['tls.crt', 'tls.key', 'id', 'none', 'tls'].map((name) => textOf(secret.value(name)));
    expect(values).toEqual(['one key', 'k', '12345678901234567890', '', '{"crt":"a path","key":"k"}']);
    expect([...secret.map('tls').keys()]).toEqual(['crt', 'key']);
    expect(() => secret.map('id')).toThrow('the property id of the secret db is not a JSON object');
  });

  it('hands the members of a map over as they are written', async () => {
    put('db', '{"text":"a","number":1.50,"nested":{"b": [1, 2]},"flag":true}');
    const members = Array.from((await read({ key: 'db' })).map(undefined), ([key, value]) => [key, textOf(value)]);
    expect(Object.fromEntries(members)).toEqual({ text: 'a', number: '1.50', nested: '{"b": [1, 2]}', flag: 'true' });
  });

  it('reads nothing but secrets, whatever the key, version, project or location is', async () => {
    const client = await connect();
    const keys = [
      '',
      '..',
      'a/b',
      'db?x',
      'db/versions/1:access',
      'projects/p/secrets/db',
      'ä',
      '%2e',
      'x'.repeat(256),
    ];
    for (const key of keys) expect((await providerRejection(() => client.read({ key }, never))).kind).toBe('invalid');
    for (const name of ['1/..', '1:destroy', ' ', 'x'.repeat(64)])
      expect((await providerRejection(() => client.read({ key: 'db', version: name }, never))).kind).toBe('invalid');
    for (const location of ['evil.example/', 'a.b', 'a/b', 'EU'])
      expect((await providerRejection(() => connect({ location }))).kind).toBe('invalid');
    for (const projectID of ['a/b', '../x', 'a?b', 'A'])
      expect((await providerRejection(() => connect({ projectID }))).kind).toBe('invalid');
    expect(server.calls).toEqual([]);
  });

  it('runs many reads side by side', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `secret-${index}`);
    for (const name of names) put(name, name);
    const client = await connect();
    await client.validate(never);
    const { promise: allThere, resolve } = Promise.withResolvers<void>();
    let inFlight = 0;
    server.intercept = async ({ name }) => {
      if (name === 'AccessSecretVersion' && (inFlight += 1) === names.length) resolve();
      await allThere;
      return undefined;
    };
    const values = await Promise.all(
      names.map(async (key) => textOf((await client.read({ key }, never)).value(undefined))),
    );
    expect(values).toEqual(names);
    expect(server.counts()).toEqual({ token: 1, AccessSecretVersion: 20 });
  });
});

describe('reading metadata', () => {
  beforeEach(() => {
    put('db', 'value');
    const secret = server.secrets.get(`projects/${project}/secrets/db`)!;
    secret.labels = { team: 'a', 'tier-1': 'yes' };
    secret.annotations = { 'example.com.note': 'with.dots', html: '<b>' };
  });

  it.each([
    ['labels', '{"team":"a","tier-1":"yes"}'],
    ['labels.team', 'a'],
    ['annotations.example.com.note', 'with.dots'],
    ['annotations', '{"example.com.note":"with.dots","html":"\\u003cb\\u003e"}'],
    [
      undefined,
      '{"annotations":{"example.com.note":"with.dots","html":"\\u003cb\\u003e"},"labels":{"team":"a","tier-1":"yes"}}',
    ],
  ])('%s', async (property, expected) => {
    const metadata = await read({ key: 'db', metadataPolicy: 'Fetch' });
    expect(textOf(metadata.value(property))).toBe(expected);
  });

  it('has nothing else, and no value of the secret', async () => {
    const metadata = await read({ key: 'db', metadataPolicy: 'Fetch' });
    for (const property of ['labels.none', 'topics', 'labels.', 'constructor', '__proto__.x'])
      expect(() => metadata.value(property)).toThrow(property);
    expect([...metadata.map(undefined).keys()]).toEqual(['annotations', 'labels']);
    expect(textOf(metadata.map('labels').get('team')!)).toBe('a');
    expect(() => metadata.map('labels.team')).toThrow('is not a JSON object');
    expect(server.counts()).toEqual({ token: 1, GetSecret: 1 });
  });

  it('is one read for all versions, and another than that of the value', async () => {
    const client = await connect();
    const key = (ref: Partial<RemoteRef>): string => client.readKey({ key: 'db', ...ref });
    expect(key({ metadataPolicy: 'Fetch', version: '1' })).toBe(key({ metadataPolicy: 'Fetch' }));
    expect(key({ metadataPolicy: 'Fetch' })).not.toBe(key({}));
    expect(key({ version: 'latest' })).toBe(key({}));
  });
});

describe('a version that is not enabled', () => {
  const latestOrFetch = { secretVersionSelectionPolicy: 'LatestOrFetch' };
  beforeEach(() => ['first', 'second', 'third'].forEach((value) => put('db', value)));

  it.each(['DISABLED', 'DESTROYED'] as const)('is refused when it is %s, and named', async (state) => {
    version(3).state = state;
    const error = await providerRejection(() => read({ key: 'db' }));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain(`secrets/db/versions/3] is in ${state} state`);
  });

  it.each(['DISABLED', 'DESTROYED'] as const)(
    'gives way to the newest enabled one under LatestOrFetch: %s',
    async (state) => {
      version(3).state = state;
      version(2).state = 'DISABLED';
      const secret = await read({ key: 'db' }, latestOrFetch);
      expect([secret.version, textOf(secret.value(undefined))]).toEqual(['1', 'first']);
    },
  );

  it('is not replaced where it was asked for by its number', async () => {
    version(3).state = 'DISABLED';
    expect((await providerRejection(() => read({ key: 'db', version: '3' }, latestOrFetch))).kind).toBe('denied');
  });

  it('is refused when no other is enabled either', async () => {
    for (const number of [1, 2, 3]) version(number).state = 'DISABLED';
    const error = await providerRejection(() => read({ key: 'db' }, latestOrFetch));
    expect(error.message).toContain('versions/3] is in DISABLED state');
  });

  it('costs no more requests while the latest is enabled', async () => {
    await read({ key: 'db' }, latestOrFetch);
    expect(server.counts()).toEqual({ token: 1, AccessSecretVersion: 1 });
  });

  it('is not looked for when something else is wrong', async () => {
    server.intercept = ({ name }) =>
      name === 'AccessSecretVersion' ? refusal(new GcpError('FAILED_PRECONDITION', 'The key is disabled.')) : undefined;
    const error = await providerRejection(() => read({ key: 'db' }, latestOrFetch));
    expect(error.message).toContain('The key is disabled.');
    expect(server.counts()['ListSecretVersions']).toBeUndefined();
  });
});

describe('an answer that is wrong', () => {
  beforeEach(() => put('db', canary));

  function answer(body: string, status = 200): void {
    server.intercept = ({ name }) => (name === 'AccessSecretVersion' ? { status, body } : undefined);
  }

  it('is not handed on when its checksum does not fit', async () => {
    const data = Buffer.from(canary).toString('base64');
    answer(JSON.stringify({ name: 'projects/1/secrets/db/versions/1', payload: { data, dataCrc32c: '1' } }));
    expect(await providerRejection(() => read({ key: 'db' }))).toMatchObject({ kind: 'unavailable' });
  });

  it.each([
    `{"name": "x", "payload": {"data": "${canary}`,
    canary,
    '',
    'null',
    '[]',
    `{"payload": {"data": {"${canary}": 1}}}`,
    `{"payload": "${canary}"}`,
    `{"name": {"${canary}": "x"}}`,
  ])('is unavailable, and not repeated: %j', async (body) => {
    answer(body);
    expect((await providerRejection(() => read({ key: 'db' }))).kind).toBe('unavailable');
  });

  it('is unavailable when a gateway answers', async () => {
    answer(`<html>${canary}</html>`, 502);
    expect(await providerRejection(() => read({ key: 'db' }))).toMatchObject({
      kind: 'unavailable',
      message: 'Google Secret Manager: HTTP status 502',
    });
  });
});

describe('a read that fails', () => {
  beforeEach(() => put('db', canary));

  it('says which permission is missing', async () => {
    server.identities.grants.clear();
    const client = await connect();
    server.identities.grants.clear();
    const error = await providerRejection(() => client.read({ key: 'db' }, never));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain("Permission 'secretmanager.versions.access' denied");
  });

  it('says timeout when the service gave up', async () => {
    server.intercept = ({ name }) =>
      name === 'AccessSecretVersion' ? refusal(new GcpError('DEADLINE_EXCEEDED', 'Deadline exceeded.')) : undefined;
    expect((await providerRejection(() => read({ key: 'db' }))).kind).toBe('timeout');
  });

  it('is made again as often as the store says, each attempt counted', async () => {
    let failures = 2;
    server.intercept = ({ name }) =>
      name === 'AccessSecretVersion' && (failures -= 1) >= 0
        ? refusal(new GcpError('UNAVAILABLE', 'Try again.'))
        : undefined;
    const { client, calls } = await connectByKey(server, {}, { retry: { maxRetries: 2, retryIntervalMs: 1 } });
    opened.push(client);
    expect(textOf((await client.read({ key: 'db' }, never)).value(undefined))).toBe(canary);
    expect(calls.map(({ backend, call, status }) => `${backend} ${call} ${status}`)).toEqual([
      'GCP/SecretManager GenerateAccessToken success',
      'GCP/SecretManager AccessSecretVersion error',
      'GCP/SecretManager AccessSecretVersion error',
      'GCP/SecretManager AccessSecretVersion success',
    ]);
  });

  it('says unavailable when the name of the service cannot be resolved', async () => {
    const environment = { ...server.environment(), GCP_SECRETMANAGER_ENDPOINT: 'http://secretmanager.invalid' };
    const { client } = await connectByKey(server, {}, { environment });
    opened.push(client);
    const error = await providerRejection(() => client.read({ key: 'db' }, never));
    expect(error.kind).toBe('unavailable');
    expect(error.message).toMatch(/^secretmanager\.invalid could not be reached: E/);
  });
});
