/** Encrypted connections, and certificates on both sides. */
import { beforeAll, expect, it } from 'vitest';
import { selfSignedCertificate } from '../../../devserver/certificate.ts';
import { MemoryObjects } from '../../../provider/testing/memoryobjects.ts';
import { providerRejection, textOf } from '../../../provider/testing/rejection.ts';
import { describeOn } from './suite.ts';
import { never, objectsWith, openStore, type StartWorld } from './world.ts';

const server = selfSignedCertificate(Date.now());
const client = selfSignedCertificate(Date.now());
const stranger = selfSignedCertificate(Date.now());

export function describeTls(start: StartWorld): void {
  const startTls = () => start({ tls: server });
  describeOn('an encrypted connection', startTls, (world) => {
    beforeAll(() => world().admin.write('secret/data/app', { data: { user: 'app' } }));

    async function read(spec: object, objects = objectsWith()): Promise<string> {
      await using store = await openStore(world(), { ...spec }, { objects });
      return textOf((await store.client.read({ key: 'app' }, never)).value('user'));
    }

    it('trusts the authorities of caBundle', async () => {
      expect(await read({ caBundle: Buffer.from(server.cert).toString('base64') })).toBe('app');
    });

    it('trusts the authorities that a Secret or ConfigMap holds', async () => {
      const objects = objectsWith();
      objects.putSecret('test/ca', { data: { 'ca.crt': server.cert } });
      objects.putConfigMap('test/ca', { 'ca.crt': server.cert });
      for (const type of ['Secret', 'ConfigMap'])
        expect(await read({ caProvider: { type, name: 'ca', key: 'ca.crt' } }, objects)).toBe('app');
    });

    it('is refused to a server that nobody vouches for', async () => {
      for (const spec of [{}, { caBundle: Buffer.from(stranger.cert).toString('base64') }]) {
        const error = await providerRejection(() => read(spec));
        expect(error.kind).toBe('unavailable');
        expect(error.message).toMatch(/could not be reached: [A-Z_]*(SELF_SIGNED|UNABLE)[A-Z_]*/);
      }
    });

    it('says invalid for a certificate that is none, without repeating it', async () => {
      const objects = objectsWith();
      const broken = '-----BEGIN CERTIFICATE-----\nc4n4ry\n-----END CERTIFICATE-----\n';
      objects.putSecret('test/tls', { data: { cert: broken, key: 'c4n4ry' } });
      const tls = { certSecretRef: { name: 'tls', key: 'cert' }, keySecretRef: { name: 'tls', key: 'key' } };
      const caBundle = Buffer.from(server.cert).toString('base64');
      expect((await providerRejection(() => read({ caBundle, tls }, objects))).kind).toBe('invalid');
    });
  });

  describeOn('a client certificate', startTls, (world) => {
    beforeAll(async () => {
      const { admin } = world();
      await admin.write('secret/data/app', { data: { user: 'app' } });
      await admin.policy('reader', { 'secret/data/app': ['read'] });
      await admin.write('sys/auth/cert', { type: 'cert' });
      await admin.write('auth/cert/certs/app', { certificate: client.cert, token_policies: ['reader'] });
    });

    async function read(auth: object, certificate = client): Promise<string> {
      const objects = new MemoryObjects();
      objects.putSecret('test/tls', { data: { cert: certificate.cert, key: certificate.key } });
      const caBundle = Buffer.from(server.cert).toString('base64');
      await using store = await openStore(world(), { caBundle, auth }, { objects });
      expect(await store.client.validate(never)).toBe('ready');
      return textOf((await store.client.read({ key: 'app' }, never)).value('user'));
    }

    const cert = { clientCert: { name: 'tls', key: 'cert' }, secretRef: { name: 'tls', key: 'key' } };

    it('says who it is, in any role or in one', async () => {
      expect(await read({ cert })).toBe('app');
      expect(await read({ cert: { ...cert, vaultRole: 'app' } })).toBe('app');
      expect((await providerRejection(() => read({ cert: { ...cert, vaultRole: 'other' } }))).kind).toBe('denied');
    });

    it('that nobody knows is refused', async () => {
      expect((await providerRejection(() => read({ cert }, stranger))).kind).toBe('denied');
    });
  });
}
