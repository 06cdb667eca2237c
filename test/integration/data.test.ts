/** What an ExternalSecret reads, and what becomes of keys and values on their way into its Secret. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

const remote = {
  'database/main': { username: 'app', password: 'pw-123456', port: 5432, tls: { mode: 'require' }, none: null },
  'api/key': 'key-abcdef',
  'api/token': 'token-abcdef',
  größe: 'umlaut',
  'a.b': 'dotted',
  big: '{"id":12345678901234567890}',
  encoded: Buffer.from('plain text').toString('base64'),
  encodedUrl: 'Pz8-Pg==',
  zero: 'a\u0000b',
};

describeWorld('an ExternalSecret', (world) => {
  let space: Workspace;

  beforeAll(async () => {
    space = await Workspace.open(world());
    await space.applyStore(remote);
    await space.start();
  });

  afterAll(() => space.close());

  describe('with data', () => {
    it('takes whole values and properties of them', async () => {
      const data = [
        { secretKey: 'api', remoteRef: { key: 'api/key' } },
        { secretKey: 'user', remoteRef: { key: 'database/main', property: 'username' } },
        { secretKey: 'mode', remoteRef: { key: 'database/main', property: 'tls.mode' } },
        { secretKey: 'port', remoteRef: { key: 'database/main', property: 'port' } },
      ];
      expect(await space.sync({ data })).toEqual({ api: 'key-abcdef', user: 'app', mode: 'require', port: '5432' });
    });

    it('reads a remote secret once, whatever the number of entries', async () => {
      const { GetSecret: before = 0 } = await space.providerCalls();
      const entry = (property: string): object => ({
        secretKey: property,
        remoteRef: { key: 'database/main', property },
      });
      await space.applyExternalSecret('once', { data: ['username', 'password', 'port'].map(entry) });
      await space.ready('once');
      // Another test's read of a moment ago may even have served it.
      expect((await space.providerCalls())['GetSecret']).toBeLessThanOrEqual(before + 1);
    });

    it('keeps all digits of large integers', async () => {
      const data = [{ secretKey: 'id', remoteRef: { key: 'big', property: 'id' } }];
      expect(await space.sync({ data })).toEqual({ id: '12345678901234567890' });
    });
  });

  describe('with extract', () => {
    it('takes every member of a JSON object, each rendered as text', async () => {
      expect(await space.sync({ dataFrom: [{ extract: { key: 'database/main' } }] })).toEqual({
        username: 'app',
        password: 'pw-123456',
        port: '5432',
        tls: '{"mode":"require"}',
        none: '',
      });
    });

    it('takes the members of a property', async () => {
      const dataFrom = [{ extract: { key: 'database/main', property: 'tls' } }];
      expect(await space.sync({ dataFrom })).toEqual({ mode: 'require' });
    });

    it('fails when the value is no object', async () => {
      expect(await space.failure({ dataFrom: [{ extract: { key: 'api/key' } }] })).toMatch(
        /spec\.dataFrom\[0\]\.extract: .*api\/key is not a JSON object/,
      );
    });
  });

  describe('with find', () => {
    it('takes every secret whose name matches', async () => {
      expect(await space.sync({ dataFrom: [{ find: { name: { regexp: '^api/' } } }] })).toEqual({
        api_key: 'key-abcdef',
        api_token: 'token-abcdef',
      });
    });

    it('names characters that a key cannot have when the strategy is Unicode', async () => {
      const find = { name: { regexp: '^api/k' }, conversionStrategy: 'Unicode' };
      expect(await space.sync({ dataFrom: [{ find }] })).toEqual({ api_U002f_key: 'key-abcdef' });
    });

    it('fails when the expression is none', async () => {
      expect(await space.failure({ dataFrom: [{ find: { name: { regexp: '(' } } }] })).toContain(
        'spec.dataFrom[0].find',
      );
    });

    it('fails when the provider cannot find by tags, instead of finding nothing', async () => {
      expect(await space.failure({ dataFrom: [{ find: { tags: { a: 'b' } } }] })).toContain('by name only');
    });
  });

  describe('with several entries', () => {
    it('lets later ones win, and data over dataFrom wherever it stands', async () => {
      await space.applyStore({ ...remote, first: { a: '1', b: '1', c: '1' }, second: { b: '2', c: '2' } });
      await space.storeIs('Valid');
      const dataFrom = [{ extract: { key: 'first' } }, { extract: { key: 'second' } }];
      const data = [{ secretKey: 'c', remoteRef: { key: 'api/key' } }];
      expect(await space.sync({ data, dataFrom })).toEqual({ a: '1', b: '2', c: 'key-abcdef' });
    });
  });

  describe('decodes', () => {
    const spec = (key: string, decodingStrategy: string): object => ({
      data: [{ secretKey: 'value', remoteRef: { key, decodingStrategy } }],
    });

    it.each([
      ['Base64', 'encoded', 'plain text'],
      ['Base64URL', 'encodedUrl', '??>>'],
      ['Auto', 'encoded', 'plain text'],
      ['Auto', 'api/key', 'key-abcdef'],
      ['None', 'encoded', remote.encoded],
    ])('by %s the value of %s', async (strategy, key, value) => {
      expect(await space.sync(spec(key, strategy))).toEqual({ value });
    });

    it('nothing that is not encoded, and quotes no value when it says so', async () => {
      const message = await space.failure(spec('api/token', 'Base64'));
      expect(message).toContain('spec.data[0] (key: api/token)');
      expect(message).toContain('cannot be decoded as Base64');
      expect(message).not.toContain('token-abcdef');
    });
  });

  describe('with a null byte in a value', () => {
    const spec = (nullBytePolicy?: string): object => ({
      data: [{ secretKey: 'value', remoteRef: { key: 'zero', ...(nullBytePolicy && { nullBytePolicy }) } }],
    });

    it('keeps it unless it is told otherwise', async () => {
      expect(await space.sync(spec())).toEqual({ value: 'a\u0000b' });
      expect(await space.sync(spec('Ignore'))).toEqual({ value: 'a\u0000b' });
    });

    it('fails under nullBytePolicy Fail', async () => {
      expect(await space.failure(spec('Fail'))).toContain('the value of key "value" contains a null byte');
    });
  });
});
