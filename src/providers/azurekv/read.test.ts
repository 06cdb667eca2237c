import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createCertificate, pkcs12Of, type TestCertificate } from '../../../test/support/azure-certificate.ts';
import type { Jwk } from '../../../test/support/azure-keys.ts';
import type { RemoteRef, RemoteSecret } from '../../provider/provider.ts';
import { canary, providerRejection, textOf } from '../../provider/testing/rejection.ts';
import { AzureWorld, never } from './testing/world.ts';

let world: AzureWorld;
let certificate: TestCertificate;

beforeAll(async () => {
  certificate = await createCertificate('frontend');
  world = await AzureWorld.start();
});

afterEach(() => world.tidy());
afterAll(() => world.stop());

async function read(ref: RemoteRef): Promise<RemoteSecret> {
  return (await world.connect()).read(ref, never);
}

describe('properties of a secret', () => {
  it('are gjson paths first, then keys that have the dots themselves', async () => {
    world.server.putSecret('dots', JSON.stringify({ a: { b: 'path' }, 'a.b': 'key', 'tls.crt': 'dotted', big: 1 }));
    const secret = await read({ key: 'dots' });
    expect(textOf(secret.value('a.b'))).toBe('path');
    expect(textOf(secret.value('tls.crt'))).toBe('dotted');
    expect((await providerRejection(async () => secret.value('tls.key'))).message).toBe(
      'the secret dots has no property tls.key',
    );
  });

  it('keep every digit of large numbers', async () => {
    world.server.putSecret('numbers', '{"id":12345678901234567890,"price":1.50}');
    const secret = await read({ key: 'numbers' });
    expect(textOf(secret.value('id'))).toBe('12345678901234567890');
    const texts = Array.from(secret.map(undefined), ([key, value]) => [key, textOf(value)]);
    expect(Object.fromEntries(texts)).toEqual({ id: '12345678901234567890', price: '1.50' });
  });

  it('may be maps themselves', async () => {
    world.server.putSecret('nested', '{"db":{"user":"app"},"text":"x"}');
    const secret = await read({ key: 'secret/nested' });
    expect(textOf(secret.map('db').get('user') ?? new Uint8Array())).toBe('app');
    expect((await providerRejection(async () => secret.map('text'))).kind).toBe('invalid');
  });
});

describe('a certificate', () => {
  it('is its DER, in each of its versions', async () => {
    const other = await createCertificate('renewed');
    const version = world.server.putCertificate('frontend', { value: pkcs12Of(certificate).toString('base64') });
    world.server.putCertificate('frontend', { value: pkcs12Of(other).toString('base64') });
    expect(Buffer.from((await read({ key: 'cert/frontend' })).value(undefined)).equals(other.der)).toBe(true);
    const old = await read({ key: 'cert/frontend', version });
    expect(Buffer.from(old.value(undefined)).equals(certificate.der)).toBe(true);
    expect(old.version).toBe(version);
  });

  it('has neither properties nor keys, and the message says where its private key is', async () => {
    world.server.putCertificate('plain', { value: pkcs12Of(certificate).toString('base64') });
    const secret = await read({ key: 'cert/plain' });
    for (const attempt of [async () => secret.value('tls.key'), async () => secret.map(undefined)]) {
      const error = await providerRejection(attempt);
      expect(error.kind).toBe('invalid');
      expect(error.message).toContain('secret/plain');
    }
  });

  it('is, with its private key, the secret of its name', async () => {
    const archive = pkcs12Of(certificate).toString('base64');
    world.server.putCertificate('both', { value: archive });
    expect(textOf((await read({ key: 'both' })).value(undefined))).toBe(archive);
  });

  it('that is missing is named', async () => {
    const error = await providerRejection(() => read({ key: 'cert/absent' }));
    expect(error.kind).toBe('notFound');
    expect(error.message).toContain('absent');
  });
});

describe('a key', () => {
  it('is a JWK of its public half', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ format: 'jwk' }) as Jwk;
    const version = world.server.putKey('signing', rsa);
    const secret = await read({ key: 'key/signing' });
    expect(JSON.parse(textOf(secret.value(undefined)))).toEqual({
      kid: `${world.server.url}/keys/signing/${version}`,
      kty: 'RSA',
      key_ops: ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'],
      n: rsa['n'],
      e: 'AQAB',
    });
    expect(textOf(secret.value('e'))).toBe('AQAB');
    expect((await providerRejection(async () => secret.value('d'))).kind).toBe('invalid');
    expect((await providerRejection(async () => secret.map(undefined))).kind).toBe('invalid');
  });

  it('may be on a curve', async () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }) as Jwk;
    const version = world.server.putKey('curve', ec);
    const jwk = JSON.parse(textOf((await read({ key: 'key/curve', version })).value(undefined))) as Jwk;
    expect(jwk).toMatchObject({ kty: 'EC', crv: 'P-256', x: ec['x'], y: ec['y'] });
  });

  it('that is missing is named', async () => {
    expect((await providerRejection(() => read({ key: 'key/absent' }))).kind).toBe('notFound');
  });
});

describe('metadata', () => {
  const exp = Date.UTC(2030, 0, 1) / 1_000;
  const nbf = Date.UTC(2020, 0, 1) / 1_000;
  const tags = { team: 'a', 'config.size': 'L', json: '{"owner":{"name":"ops"}}' };

  it('is tags and dates, together or one by one', async () => {
    world.server.putSecret('db', canary, { tags, attributes: { exp, nbf } });
    const metadata = await read({ key: 'db', metadataPolicy: 'Fetch' });
    const all = JSON.parse(textOf(metadata.value(undefined))) as Record<string, string>;
    expect(all).toMatchObject({
      ...tags,
      'attribute.expires': '2030-01-01T00:00:00Z',
      'attribute.notBefore': '2020-01-01T00:00:00Z',
    });
    expect(all['attribute.created']).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(all['attribute.updated']).toBe(all['attribute.created']);
    expect(textOf(metadata.value('team'))).toBe('a');
    expect(textOf(metadata.value('config.size'))).toBe('L');
    expect(textOf(metadata.value('attribute.expires'))).toBe('2030-01-01T00:00:00Z');
    expect(textOf(metadata.value('json.owner.name'))).toBe('ops');
    expect(textOf(metadata.map('json').get('owner') ?? new Uint8Array())).toBe('{"name":"ops"}');
    expect([...metadata.map(undefined).keys()]).toEqual(expect.arrayContaining(['team', 'attribute.created']));
  });

  it('is there for certificates and keys as well', async () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }) as Jwk;
    world.server.putKey('tagged', ec, { tags: { team: 'k' } });
    world.server.putCertificate('tagged-cert', {
      value: pkcs12Of(certificate).toString('base64'),
      tags: { team: 'c' },
    });
    expect(textOf((await read({ key: 'key/tagged', metadataPolicy: 'Fetch' })).value('team'))).toBe('k');
    expect(textOf((await read({ key: 'cert/tagged-cert', metadataPolicy: 'Fetch' })).value('team'))).toBe('c');
  });

  it('that is missing is refused, and named', async () => {
    world.server.putSecret('bare', canary);
    const metadata = await read({ key: 'bare', metadataPolicy: 'Fetch' });
    const error = await providerRejection(async () => metadata.value('team'));
    expect(error).toMatchObject({ kind: 'invalid', message: 'bare has no tag or attribute team' });
  });

  it('and value are read by two different reads', async () => {
    const client = await world.connect();
    const keys = [
      { key: 'db' },
      { key: 'secret/db' },
      { key: 'db', metadataPolicy: 'Fetch' as const },
      { key: 'cert/db' },
    ];
    const readKeys = keys.map((ref) => client.readKey(ref));
    expect(readKeys[0]).toBe(readKeys[1]);
    expect(new Set(readKeys).size).toBe(3);
  });
});
