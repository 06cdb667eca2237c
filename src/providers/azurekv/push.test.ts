import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createCertificate, pkcs12Of, type TestCertificate } from '../../../test/support/azure-certificate.ts';
import type { PushRequest, SecretsWriter } from '../../provider/provider.ts';
import { canary, providerRejection } from '../../provider/testing/rejection.ts';
import { AzureWorld, never } from './testing/world.ts';

const managed = { 'managed-by': 'external-secrets' };

let world: AzureWorld;
let certificate: TestCertificate;
let renewed: TestCertificate;
let names = 0;

beforeAll(async () => {
  certificate = await createCertificate('frontend');
  renewed = await createCertificate('frontend');
  world = await AzureWorld.start();
});

afterEach(() => world.tidy());
afterAll(() => world.stop());

/** Soft-deleted names stay taken: each test has its own. */
function newName(): string {
  names += 1;
  return `pushed-${names}`;
}

async function writer(options = {}): Promise<SecretsWriter> {
  const client = await world.connect(world.spec(), options);
  if (client.writer === undefined) throw new Error('no writer');
  return client.writer;
}

async function push(remoteKey: string, value: PushRequest['value'] | string, more: Partial<PushRequest> = {}) {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  await (await writer()).push({ remoteKey, value: bytes, ...more }, never);
}

const metadata = (spec: object): object => ({
  apiVersion: 'kubernetes.external-secrets.io/v1alpha1',
  kind: 'PushSecretMetadata',
  spec,
});

describe('pushing a secret', () => {
  it('makes it, with the mark by which it is known again', async () => {
    const name = newName();
    await push(name, 'hunter2');
    expect(world.server.secret(name)).toMatchObject({
      content: { value: 'hunter2' },
      tags: managed,
      attributes: { enabled: true },
    });
  });

  it('gives it tags, a content type and an end', async () => {
    const name = newName();
    const spec = { tags: { team: 'a' }, contentType: 'text/plain', expirationDate: '2030-01-01T01:00:00+01:00' };
    await push(`secret/${name}`, 'hunter2', { metadata: metadata(spec) });
    expect(world.server.secret(name)).toMatchObject({
      content: { contentType: 'text/plain' },
      tags: { ...managed, team: 'a' },
      attributes: { exp: Date.UTC(2030, 0, 1) / 1_000 },
    });
  });

  it('writes nothing when nothing changes, and something when only its metadata does', async () => {
    const name = newName();
    const same = { metadata: metadata({ tags: { team: 'a' }, expirationDate: '2030-01-01T00:00:00Z' }) };
    await push(name, 'hunter2', same);
    world.server.reset();
    await push(name, 'hunter2', same);
    expect(world.server.counts()).not.toHaveProperty('SetSecret');
    await push(name, 'hunter2', {
      metadata: metadata({ tags: { team: 'b' }, expirationDate: '2030-01-01T00:00:00Z' }),
    });
    expect(world.server.secret(name)?.tags).toEqual({ ...managed, team: 'b' });
    await push(name, 'hunter2', {
      metadata: metadata({ tags: { team: 'b' }, expirationDate: '2031-01-01T00:00:00Z' }),
    });
    expect(world.server.secret(name)?.attributes.exp).toBe(Date.UTC(2031, 0, 1) / 1_000);
    expect(world.server.counts()).toMatchObject({ SetSecret: 2 });
  });

  it('keeps the content type that nobody speaks of', async () => {
    const name = newName();
    world.server.putSecret(name, 'old', { tags: managed, contentType: 'application/json' });
    await push(name, 'new');
    expect(world.server.secret(name)?.content).toMatchObject({ value: 'new', contentType: 'application/json' });
  });

  it('puts a whole Secret as one JSON object', async () => {
    const name = newName();
    const whole = new Map([
      ['b', Buffer.from('2')],
      ['a', Buffer.from('1')],
    ]);
    await push(name, whole);
    expect(world.server.secret(name)?.content.value).toBe('{"a":"1","b":"2"}');
  });

  it('leaves what is not its own alone', async () => {
    const name = newName();
    world.server.putSecret(name, 'theirs', { tags: { 'managed-by': 'somebody' } });
    const target = await writer();
    for (const attempt of [
      () => push(name, 'mine'),
      () => target.delete({ remoteKey: name }, never),
      () => target.delete({ remoteKey: name, property: 'x' }, never),
    ]) {
      const error = await providerRejection(attempt);
      expect(error.kind).toBe('denied');
      expect(error.message).toContain(`secret/${name} is not managed by external-secrets`);
    }
    expect(world.server.secret(name)?.content.value).toBe('theirs');
  });

  it('refuses bytes that are no text, without repeating them', async () => {
    const name = newName();
    const error = await providerRejection(() => push(name, Buffer.concat([Buffer.from(canary), Buffer.of(0xff)])));
    expect(error.kind).toBe('invalid');
    expect(world.server.secret(name)).toBeUndefined();
  });

  it('says so when the value is too large for a vault', async () => {
    const error = await providerRejection(() => push(newName(), canary.repeat(1_000)));
    expect(error.kind).toBe('invalid');
    expect(error.message).toContain('400 BadParameter');
  });

  it('refuses a property that cannot be written', async () => {
    expect((await providerRejection(() => push(newName(), 'x', { property: 'a.*' }))).kind).toBe('invalid');
  });

  it.each([
    [metadata({ unknown: 1 }), 'metadata.spec'],
    [metadata({ expirationDate: 'tomorrow' }), 'metadata.spec.expirationDate'],
    [metadata({ tags: { team: 1 } }), 'metadata.spec.tags.team'],
    ['text', 'metadata'],
  ])('refuses the metadata %j', async (given, message) => {
    const error = await providerRejection(() => push(newName(), 'x', { metadata: given }));
    expect(error.kind).toBe('invalid');
    expect(error.message).toContain(message);
  });

  it('says denied when the permission is missing', async () => {
    const name = newName();
    world.server.faults.add({ kind: 'deny', operation: 'SetSecret' });
    const error = await providerRejection(() => push(name, canary));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain(`PUT secrets/${name}`);
  });
});

describe('deleting a secret', () => {
  it('takes it away, and with its last property', async () => {
    const [one, two] = [newName(), newName()];
    const target = await writer();
    await push(one, 'hunter2');
    await target.delete({ remoteKey: one }, never);
    expect(world.server.secret(one)).toBeUndefined();
    await push(two, 'x', { property: 'only' });
    await target.delete({ remoteKey: two, property: 'absent' }, never);
    expect(world.server.secret(two)).toBeDefined();
    await target.delete({ remoteKey: two, property: 'only' }, never);
    expect(world.server.secret(two)).toBeUndefined();
  });

  it('does not mind that it is gone, nor that the deleted may not be looked at', async () => {
    const name = newName();
    const target = await writer();
    await target.delete({ remoteKey: name }, never);
    await push(name, 'hunter2');
    world.server.faults.add({ kind: 'deny', operation: 'GetDeletedSecret' });
    await target.delete({ remoteKey: name }, never);
    expect(world.server.secret(name)).toBeUndefined();
  });

  it('and pushing it again recovers it first', async () => {
    const name = newName();
    const target = await writer();
    await push(name, 'first');
    await target.delete({ remoteKey: name }, never);
    const error = await providerRejection(() => push(name, 'second'));
    expect(error.kind).toBe('unavailable');
    expect(error.message).toContain('is being recovered');
    await push(name, 'second');
    expect(world.server.secret(name)?.content.value).toBe('second');
  });

  it('of somebody else keeps the name taken', async () => {
    const name = newName();
    world.server.putSecret(name, 'theirs');
    world.server.vault.secrets.objects.remove(name);
    const error = await providerRejection(() => push(name, 'mine'));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain('its name is taken until it is purged');
    expect(world.server.counts()).not.toHaveProperty('RecoverDeletedSecret');
  });
});

describe('pushing a certificate', () => {
  it.each([
    ['PEM', () => Buffer.from(`${certificate.key}${certificate.cert}`), 'application/x-pem-file'],
    ['PKCS#12', () => pkcs12Of(certificate), 'application/x-pkcs12'],
    ['a whole kubernetes.io/tls Secret', () => tlsSecret(certificate), 'application/x-pem-file'],
  ])('takes %s', async (_, value, contentType) => {
    const name = newName();
    await push(`cert/${name}`, value(), { metadata: metadata({ tags: { team: 'a' } }) });
    const stored = world.server.certificate(name);
    expect(stored).toMatchObject({ content: { contentType }, tags: { ...managed, team: 'a' } });
    expect(stored?.content.der.equals(certificate.der)).toBe(true);
    const writing = await writer();
    expect(await writing.exists({ remoteKey: `cert/${name}` }, never)).toBe(true);
    await writing.delete({ remoteKey: `cert/${name}` }, never);
    expect(world.server.certificate(name)).toBeUndefined();
  });

  it('makes a PKCS#1 key what a vault takes', async () => {
    const name = newName();
    const pkcs1 = createPrivateKey(certificate.key).export({ type: 'pkcs1', format: 'pem' }).toString();
    await push(`cert/${name}`, `${certificate.cert}${pkcs1}`);
    expect(world.server.certificate(name)?.content.der.equals(certificate.der)).toBe(true);
  });

  it('imports nothing while it stays the same', async () => {
    const name = `cert/${newName()}`;
    await push(name, pkcs12Of(certificate));
    world.server.reset();
    await push(name, tlsSecret(certificate));
    expect(world.server.counts()).not.toHaveProperty('ImportCertificate');
    await push(name, pkcs12Of(renewed));
    expect(world.server.counts()).toMatchObject({ ImportCertificate: 1 });
  });

  it.each([
    ['no certificate', () => Buffer.from(canary)],
    ['PEM without a key', () => Buffer.from(certificate.cert)],
    ['PEM without a certificate', () => Buffer.from(certificate.key)],
    ['a Secret without tls.crt', () => new Map([['tls.key', Buffer.from(certificate.key)]])],
  ])('refuses %s', async (_, value) => {
    expect((await providerRejection(() => push(`cert/${newName()}`, value()))).kind).toBe('invalid');
    expect(world.server.counts()).toEqual({});
  });

  it('leaves what is not its own alone', async () => {
    const name = newName();
    world.server.putCertificate(name, { value: pkcs12Of(certificate).toString('base64') });
    const target = await writer();
    for (const attempt of [
      () => push(`cert/${name}`, pkcs12Of(renewed)),
      () => target.delete({ remoteKey: `cert/${name}` }, never),
    ]) {
      expect((await providerRejection(attempt)).kind).toBe('denied');
    }
    expect(world.server.certificate(name)?.content.der.equals(certificate.der)).toBe(true);
  });
});

describe('pushing a key', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;

  it.each([
    ['RSA in PKCS#8', rsa.export({ type: 'pkcs8', format: 'pem' }), rsa],
    ['RSA in PKCS#1', rsa.export({ type: 'pkcs1', format: 'pem' }), rsa],
    ['EC in SEC 1', ec.export({ type: 'sec1', format: 'pem' }), ec],
    ['a JWK', JSON.stringify(ec.export({ format: 'jwk' })), ec],
  ])('takes %s', async (_, value, key) => {
    const name = newName();
    const spec = { tags: { team: 'a' }, expirationDate: '2030-01-01T00:00:00Z' };
    const request = { metadata: metadata(spec) };
    await push(`key/${name}`, String(value), request);
    const { n, e, x, y, crv } = key.export({ format: 'jwk' });
    const present = Object.entries({ n, e, x, y, crv }).filter(([, member]) => member !== undefined);
    expect(world.server.key(name)).toMatchObject({
      content: Object.fromEntries(present),
      tags: { ...managed, team: 'a' },
      attributes: { exp: Date.UTC(2030, 0, 1) / 1_000 },
    });
    world.server.reset();
    await push(`key/${name}`, String(value), request);
    expect(world.server.counts()).not.toHaveProperty('ImportKey');
    const target = await writer();
    expect(await target.exists({ remoteKey: `key/${name}` }, never)).toBe(true);
    await target.delete({ remoteKey: `key/${name}` }, never);
    expect(await target.exists({ remoteKey: `key/${name}` }, never)).toBe(false);
  });

  it('imports another key, and leaves what is not its own alone', async () => {
    const name = newName();
    await push(`key/${name}`, rsa.export({ type: 'pkcs8', format: 'pem' }));
    await push(`key/${name}`, ec.export({ type: 'pkcs8', format: 'pem' }));
    expect(world.server.key(name)?.content.kty).toBe('EC');
    const theirs = newName();
    world.server.putKey(theirs, { ...rsa.export({ format: 'jwk' }) });
    const target = await writer();
    for (const attempt of [
      () => push(`key/${theirs}`, ec.export({ type: 'pkcs8', format: 'pem' })),
      () => target.delete({ remoteKey: `key/${theirs}` }, never),
    ]) {
      expect((await providerRejection(attempt)).kind).toBe('denied');
    }
  });

  it.each([
    ['text', canary],
    ['broken JSON', `{"kty": "${canary}`],
    ['a JWK of nothing', '{"kty":"RSA","n":"AQAB"}'],
    ['a public key', rsaPublicPem()],
    [
      'a key of a kind that no vault takes',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
    ],
    ['a whole Secret', new Map([['a', Buffer.from('1')]])],
  ])('refuses %s', async (_, value) => {
    const error = await providerRejection(() => push(`key/${newName()}`, value));
    expect(error.kind).toBe('invalid');
    expect(world.server.counts()).toEqual({});
  });
});

function tlsSecret({ cert, key }: TestCertificate): Map<string, Uint8Array> {
  return new Map([
    ['tls.crt', Buffer.from(cert)],
    ['tls.key', Buffer.from(key)],
  ]);
}

function rsaPublicPem(): string {
  return generateKeyPairSync('rsa', { modulusLength: 2_048 })
    .publicKey.export({ type: 'spki', format: 'pem' })
    .toString();
}
