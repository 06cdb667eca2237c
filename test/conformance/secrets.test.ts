/** What is particular to Secrets and ConfigMaps. */
import { expect, it } from 'vitest';
import { isInvalid } from '../../src/kube/errors.ts';
import { configMaps, secrets } from '../../src/kube/resources.ts';
import { textAt } from '../support/rawclient.ts';
import { describeWorld } from '../support/world.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describeWorld('Secrets', (world) => {
  it('take text and give bytes', async () => {
    const namespace = await world().createNamespace();
    const body = { metadata: { name: 'a' }, data: { a: base64('old'), b: base64('b') }, stringData: { a: 'new' } };
    await world().raw.send(`/api/v1/namespaces/${namespace}/secrets`, { method: 'POST', body });
    const read = await world().kube.get(secrets, { namespace, name: 'a' });
    expect(read.data).toEqual({ a: base64('new'), b: base64('b') });
    expect(read).not.toHaveProperty('stringData');
  });

  it('can have any key, also one that means something in JavaScript', async () => {
    const namespace = await world().createNamespace();
    const data = JSON.parse('{"__proto__":"YQ==","constructor":"Yg=="}');
    await world().kube.create(secrets, { metadata: { namespace, name: 'a' }, data });
    await world().kube.mergePatch(secrets, { namespace, name: 'a' }, { data: JSON.parse('{"__proto__":"Yw=="}') });
    const read = await world().kube.get(secrets, { namespace, name: 'a' });
    expect(Object.entries(read.data ?? {})).toEqual([
      ['__proto__', 'Yw=='],
      ['constructor', 'Yg=='],
    ]);
  });

  it('keep their type', async () => {
    const namespace = await world().createNamespace();
    const metadata = { namespace, name: 'a' };
    await world().kube.create(secrets, { metadata, type: 'example.com/mine' });
    const change = world().kube.replace(secrets, { metadata, type: 'Opaque' });
    await expect(change).rejects.toSatisfy(isInvalid);
    await expect(change).rejects.toThrow('type: Invalid value: "Opaque": field is immutable');
  });

  it('stay as they are once they are immutable', async () => {
    const namespace = await world().createNamespace();
    const metadata = { namespace, name: 'a' };
    const { kube } = world();
    await kube.create(secrets, { metadata, immutable: true, data: { a: 'YQ==' } });
    const change = kube.replace(secrets, { metadata, immutable: true, data: { a: 'Yg==' } });
    await expect(change).rejects.toThrow('data: Forbidden: field is immutable when `immutable` is set');
    const lift = kube.replace(secrets, { metadata, immutable: false, data: { a: 'YQ==' } });
    await expect(lift).rejects.toThrow('immutable: Forbidden: field is immutable when `immutable` is set');
    await kube.mergePatch(secrets, metadata, { metadata: { labels: { still: 'possible' } } });
  });

  it.each([
    ['kubernetes.io/tls', {}, 'data[tls.crt]: Required value'],
    ['kubernetes.io/dockerconfigjson', {}, 'data[.dockerconfigjson]: Required value'],
    [
      'kubernetes.io/dockerconfigjson',
      { '.dockerconfigjson': base64('no json') },
      'data[.dockerconfigjson]: Invalid value',
    ],
    ['kubernetes.io/basic-auth', {}, 'data[username]: Required value'],
    ['kubernetes.io/ssh-auth', {}, 'data[ssh-privatekey]: Required value'],
    ['Opaque', { 'a b': '' }, 'data[a b]: Invalid value: "a b": a valid config key must consist of'],
    ['Opaque', { '..': '' }, "must not be '..'"],
  ])('of type %s with %j are refused', async (type, data, message) => {
    const attempt = world().kube.create(secrets, { metadata: { namespace: 'default', name: 'a' }, type, data });
    await expect(attempt).rejects.toSatisfy(isInvalid);
    await expect(attempt).rejects.toThrow(message);
  });

  it('hold up to a mebibyte', async () => {
    const namespace = await world().createNamespace();
    const data = (bytes: number) => ({ a: Buffer.alloc(bytes).toString('base64') });
    await world().kube.create(secrets, { metadata: { namespace, name: 'full' }, data: data(1_048_576) });
    const over = world().kube.create(secrets, { metadata: { namespace, name: 'over' }, data: data(1_048_577) });
    await expect(over).rejects.toThrow('data: Too long: may not be more than 1048576 bytes');
  });

  it('do not give away values in refusals', async () => {
    const body = { metadata: { name: 'a' }, data: { key: 'not-base64!' } };
    const answer = await world().raw.send('/api/v1/namespaces/default/secrets', { method: 'POST', body });
    expect(answer.status).toBe(400);
    expect(textAt(answer.body, 'message')).not.toContain('not-base64');
  });

  it('have canonical base64', async () => {
    const namespace = await world().createNamespace();
    const body = { metadata: { name: 'a' }, data: { a: 'YW\nJj' } };
    await world().raw.send(`/api/v1/namespaces/${namespace}/secrets`, { method: 'POST', body });
    expect((await world().kube.get(secrets, { namespace, name: 'a' })).data).toEqual({ a: 'YWJj' });
  });
});

describeWorld('ConfigMaps', (world) => {
  it('stay as they are once they are immutable', async () => {
    const namespace = await world().createNamespace();
    const metadata = { namespace, name: 'a' };
    await world().kube.create(configMaps, { metadata, immutable: true, data: { a: '1' } });
    const change = world().kube.replace(configMaps, { metadata, immutable: true, data: { a: '2' } });
    await expect(change).rejects.toThrow('data: Forbidden: field is immutable when `immutable` is set');
  });

  it('hold text and bytes', async () => {
    const namespace = await world().createNamespace();
    const metadata = { namespace, name: 'a' };
    await world().kube.create(configMaps, { metadata, data: { a: 'text' }, binaryData: { b: 'AAE=' } });
    expect(await world().kube.get(configMaps, metadata)).toMatchObject({
      data: { a: 'text' },
      binaryData: { b: 'AAE=' },
    });
  });

  it('refuse values that are no text', async () => {
    const body = { metadata: { name: 'a' }, data: { key: 5 } };
    const answer = await world().raw.send('/api/v1/namespaces/default/configmaps', { method: 'POST', body });
    expect(answer.status).toBe(400);
  });
});
