import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GcpServer } from '../../../test/support/gcp.ts';
import type { StoredSecret } from '../../../test/support/gcp-secrets.ts';
import type { PushRequest, SecretsClient, SecretsWriter } from '../../provider/provider.ts';
import { canary, providerRejection } from '../../provider/testing/rejection.ts';
import { connectByKey, project } from './testing/store.ts';

const never = new AbortController().signal;
const parent = `projects/${project}`;
const managed = { 'managed-by': 'external-secrets' };
const bytes = (text: string): Uint8Array => Buffer.from(text);
const metadata = (spec: object): object => ({
  apiVersion: 'kubernetes.external-secrets.io/v1alpha1',
  kind: 'PushSecretMetadata',
  spec,
});

let server: GcpServer;
const opened: SecretsClient[] = [];

beforeEach(async () => {
  server = await GcpServer.start();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((client) => client.close()));
  await server.stop();
});

/** With retries, as in the operator: a lost contest must not be one more attempt at the same. */
async function writer(spec: object = {}): Promise<SecretsWriter> {
  const { client } = await connectByKey(server, spec, { retry: { maxRetries: 2, retryIntervalMs: 1 } });
  opened.push(client);
  return client.writer!;
}

async function push(request: Partial<PushRequest>, spec: object = {}): Promise<StoredSecret> {
  await (await writer(spec)).push({ remoteKey: 'db', value: bytes('hunter2'), ...request }, never);
  return server.secrets.get(`${parent}/secrets/db`)!;
}

function put(value: string, labels: Record<string, string> = managed): StoredSecret {
  server.secrets.put(`${parent}/secrets/db`, bytes(value), labels);
  return server.secrets.get(`${parent}/secrets/db`)!;
}

function payloads({ versions }: StoredSecret): string[] {
  return versions.map(({ data }) => data.toString());
}

function writes(): Record<string, number> {
  const reads = new Set(['token', 'GetSecret', 'AccessSecretVersion', 'ListSecretVersions']);
  return Object.fromEntries(Object.entries(server.counts()).filter(([name]) => !reads.has(name)));
}

describe('pushing to Secret Manager', () => {
  it('makes a secret that says who manages it, and a version whose checksum is checked', async () => {
    const secret = await push({});
    expect(payloads(secret)).toEqual(['hunter2']);
    expect(secret).toMatchObject({ labels: managed, replication: { automatic: {} } });
    expect(writes()).toEqual({ CreateSecret: 1, AddSecretVersion: 1 });
  });

  it('writes nothing when nothing changed', async () => {
    await push({});
    const before = writes();
    await push({});
    expect(writes()).toEqual(before);
  });

  it('adds a version when the value changed', async () => {
    await push({});
    expect(payloads(await push({ value: bytes('hunter3') }))).toEqual(['hunter2', 'hunter3']);
  });

  it('adds a version when the latest one cannot be read', async () => {
    put('hunter2');
    const secret = put('another');
    secret.versions[1]!.state = 'DISABLED';
    await push({});
    expect(payloads(secret)).toEqual(['hunter2', 'another', 'hunter2']);
  });

  it('writes a whole Secret as one JSON object', async () => {
    const value = new Map([
      ['b', bytes('2 <&>')],
      ['a', bytes('1')],
    ]);
    expect(payloads(await push({ value }))).toEqual(['{"a":"1","b":"2 <&>"}']);
  });

  it('writes regional secrets into their region', async () => {
    await push({}, { location: 'europe-west3' });
    const secret = server.secrets.get(`${parent}/locations/europe-west3/secrets/db`)!;
    expect(payloads(secret)).toEqual(['hunter2']);
  });

  it('leaves a secret alone that somebody else manages', async () => {
    const secret = put('theirs', { team: 'a' });
    const error = await providerRejection(() => push({ value: bytes(canary) }));
    expect(error).toMatchObject({ kind: 'denied', message: 'the secret db is not managed by external-secrets' });
    expect(payloads(secret)).toEqual(['theirs']);
  });

  it('refuses keys that are no ids of secrets', async () => {
    for (const remoteKey of ['', 'a/b', '../x', 'a.b'])
      expect((await providerRejection(() => push({ remoteKey }))).kind).toBe('invalid');
    expect(server.calls).toEqual([]);
  });
});

describe('pushing a property', () => {
  it('edits the JSON object that is there, and takes the secret over', async () => {
    const secret = put('{"user":"app","nested":{"n":12345678901234567890}}', { team: 'a' });
    await push({ property: 'nested.password' });
    expect(payloads(secret).at(-1)).toBe('{"user":"app","nested":{"n":12345678901234567890,"password":"hunter2"}}');
    expect(secret.labels).toEqual({ ...managed, team: 'a' });
  });

  it('loses none of several that are pushed at the same time', async () => {
    const target = await writer();
    const names = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(
      names.map((property) => target.push({ remoteKey: 'db', property, value: bytes(property) }, never)),
    );
    const latest = payloads(server.secrets.get(`${parent}/secrets/db`)!).at(-1)!;
    expect(Object.keys(JSON.parse(latest) as object).sort()).toEqual(names);
  });

  it.each(['plain text', '["list"]', '7', '{"broken":'])('does not overwrite what is no object: %s', async (value) => {
    const secret = put(value);
    const error = await providerRejection(() => push({ property: 'password' }));
    expect(error).toMatchObject({ kind: 'invalid' });
    expect(payloads(secret)).toEqual([value]);
  });

  it('builds upon the newest version that can be read', async () => {
    put('{"user":"app"}');
    const secret = put('{"user":"wrong"}');
    secret.versions[1]!.state = 'DISABLED';
    await push({ property: 'password' });
    expect(payloads(secret).at(-1)).toBe('{"user":"app","password":"hunter2"}');
  });

  it('refuses a path that edits nothing, and metadata', async () => {
    put('{}');
    expect((await providerRejection(() => push({ property: 'a.#.b' }))).kind).toBe('invalid');
    expect((await providerRejection(() => push({ property: 'a', metadata: metadata({}) }))).kind).toBe('invalid');
  });
});

describe('pushing metadata', () => {
  it('makes the secret with labels, annotations, topics and replication', async () => {
    const topics = ['projects/p/topics/t'];
    const secret = await push({
      metadata: metadata({
        labels: { team: 'a' },
        annotations: { note: 'n' },
        topics,
        cmekKeyName: 'projects/p/locations/europe-west3/keyRings/r/cryptoKeys/k',
        replicationLocations: ['europe-west3', 'europe-west1'],
        replicationLocation: 'us-east1',
      }),
    });
    const customerManagedEncryption = { kmsKeyName: 'projects/p/locations/europe-west3/keyRings/r/cryptoKeys/k' };
    expect(secret).toMatchObject({
      labels: { ...managed, team: 'a' },
      annotations: { note: 'n' },
      topics: [{ name: topics[0] }],
      replication: {
        userManaged: {
          replicas: ['europe-west3', 'europe-west1'].map((location) => ({ location, customerManagedEncryption })),
        },
      },
    });
  });

  it('knows the older way to name one location, and encryption without any', async () => {
    const one = await push({ metadata: metadata({ replicationLocation: 'us-east1' }) });
    expect(one.replication).toEqual({ userManaged: { replicas: [{ location: 'us-east1' }] } });
    server.secrets.remove(`${parent}/secrets/db`);
    const encrypted = await push({ metadata: metadata({ cmekKeyName: 'key' }) });
    expect(encrypted.replication).toEqual({ automatic: { customerManagedEncryption: { kmsKeyName: 'key' } } });
    await push({ metadata: metadata({ cmekKeyName: 'key' }) }, { location: 'us-east1' });
    const regional = server.secrets.get(`${parent}/locations/us-east1/secrets/db`)!;
    expect(regional.customerManagedEncryption).toEqual({ kmsKeyName: 'key' });
  });

  it.each([
    ['Merge', { there: '1', both: 'given', given: '1' }],
    ['Replace', { both: 'given', given: '1' }],
    [undefined, { both: 'given', given: '1' }],
  ])('merges labels and annotations by mergePolicy %s', async (mergePolicy, expected) => {
    const secret = put('hunter2', { ...managed, there: '1', both: 'there' });
    secret.annotations = { there: '1', both: 'there' };
    const given = { given: '1', both: 'given' };
    await push({ metadata: metadata({ ...(mergePolicy && { mergePolicy }), labels: given, annotations: given }) });
    expect(secret.labels).toEqual({ ...managed, ...expected });
    expect(secret.annotations).toEqual(expected);
    expect(payloads(secret)).toEqual(['hunter2']);
  });

  it('leaves labels, annotations and topics alone where nothing is said about them', async () => {
    const secret = put('hunter2', { ...managed, there: '1' });
    secret.annotations = { note: 'n' };
    secret.topics = [{ name: 'projects/p/topics/t' }];
    await push({ value: bytes('hunter3') });
    expect(secret).toMatchObject({ labels: { ...managed, there: '1' }, annotations: { note: 'n' } });
    await push({ metadata: metadata({ labels: { there: '1' }, annotations: { note: 'n' } }) });
    expect(secret.topics).toEqual([{ name: 'projects/p/topics/t' }]);
    expect(writes()).toEqual({ AddSecretVersion: 2 });
  });

  it('changes topics, too', async () => {
    const secret = put('hunter2');
    await push({ metadata: metadata({ topics: ['projects/p/topics/new'] }) });
    expect(secret.topics).toEqual([{ name: 'projects/p/topics/new' }]);
  });

  it.each([
    [{ kind: 'PushSecretMetadata', spec: {} }, 'metadata.apiVersion'],
    [metadata({ unknown: 1 }), 'metadata.spec'],
    [metadata({ mergePolicy: 'Sometimes' }), 'metadata.spec.mergePolicy'],
  ])('refuses %j', async (given, reason) => {
    const error = await providerRejection(() => push({ metadata: given }));
    expect(error.kind).toBe('invalid');
    expect(error.message).toContain(reason);
  });

  it('says what the service does not take', async () => {
    const error = await providerRejection(() => push({ metadata: metadata({ labels: { 'Upper.Case': 'x' } }) }));
    expect(error.kind).toBe('invalid');
    expect(error.message).toContain('Upper.Case');
  });
});

describe('somebody else who writes at the same time', () => {
  it('is noticed by the etag, and everything is decided anew', async () => {
    const secret = put('hunter2', { ...managed, old: '1' });
    let raced = false;
    server.intercept = ({ name }) => {
      if (name === 'UpdateSecret' && !raced) {
        raced = true;
        secret.labels = { ...managed, theirs: '1' };
        secret.etag = '"changed"';
      }
      return undefined;
    };
    await push({ metadata: metadata({ mergePolicy: 'Merge', labels: { mine: '1' } }) });
    expect(secret.labels).toEqual({ ...managed, theirs: '1', mine: '1' });
  });

  it('may be the one who makes the secret', async () => {
    server.intercept = ({ name }) => {
      if (name === 'CreateSecret') server.secrets.put(`${parent}/secrets/db`, bytes('theirs'), managed);
      return undefined;
    };
    expect(payloads(await push({}))).toEqual(['theirs', 'hunter2']);
  });

  it('is given way to in the end', async () => {
    const secret = put('hunter2');
    server.intercept = ({ name }) => {
      if (name === 'UpdateSecret') secret.etag += 'x';
      return undefined;
    };
    const error = await providerRejection(() => push({ metadata: metadata({ labels: { a: 'b' } }) }));
    expect(error.kind).toBe('unavailable');
    expect(server.counts()['UpdateSecret']).toBe(5);
  });

  it('keeps a secret that was changed from being deleted unseen', async () => {
    const secret = put('hunter2');
    server.intercept = ({ name }) => {
      if (name === 'DeleteSecret') Object.assign(secret, { etag: '"changed"', labels: { taken: 'over' } });
      return undefined;
    };
    await (await writer()).delete({ remoteKey: 'db' }, never);
    expect(server.secrets.get(`${parent}/secrets/db`)).toBeDefined();
  });
});

describe('deleting what was pushed', () => {
  it('takes the secret away, with its last property or at once', async () => {
    put('{"user":"app","password":"hunter2"}');
    const target = await writer();
    await target.delete({ remoteKey: 'db', property: 'absent' }, never);
    await target.delete({ remoteKey: 'db', property: 'password' }, never);
    expect(payloads(server.secrets.get(`${parent}/secrets/db`)!).at(-1)).toBe('{"user":"app"}');
    await target.delete({ remoteKey: 'db', property: 'user' }, never);
    expect(server.secrets.get(`${parent}/secrets/db`)).toBeUndefined();
    put('whole');
    await target.delete({ remoteKey: 'db' }, never);
    expect(server.secrets.get(`${parent}/secrets/db`)).toBeUndefined();
  });

  it('leaves alone what somebody else manages, and what has no such property', async () => {
    const target = await writer();
    put('theirs', {});
    await target.delete({ remoteKey: 'db' }, never);
    expect(server.secrets.get(`${parent}/secrets/db`)).toBeDefined();
    server.secrets.remove(`${parent}/secrets/db`);
    put('plain text');
    await target.delete({ remoteKey: 'db', property: 'password' }, never);
    expect(writes()).toEqual({});
  });
});

describe('whether something is there', () => {
  it('is a question of what can be read', async () => {
    const target = await writer();
    const exists = (property?: string) => target.exists({ remoteKey: 'db', ...(property && { property }) }, never);
    expect(await exists()).toBe(false);
    const secret = put('{"user":"app"}');
    expect([await exists(), await exists('user'), await exists('password')]).toEqual([true, true, false]);
    put('plain text');
    expect([await exists(), await exists('user')]).toEqual([true, false]);
    secret.versions[1]!.state = 'DESTROYED';
    expect(await exists('user')).toBe(true);
    secret.versions[0]!.state = 'DISABLED';
    expect(await exists()).toBe(false);
  });

  it('is not answered when it cannot be looked', async () => {
    const target = await writer();
    server.identities.grants.clear();
    expect((await providerRejection(() => target.exists({ remoteKey: 'db' }, never))).kind).toBe('denied');
  });
});
