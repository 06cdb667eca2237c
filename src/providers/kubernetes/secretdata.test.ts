import { describe, expect, it } from 'vitest';
import type { Secret } from '../../kube/resources.ts';
import { ProviderError } from '../../provider/errors.ts';
import { textOf } from '../../provider/testing/rejection.ts';
import { SecretData } from './secretdata.ts';
import { SecretMetadata } from './secretmetadata.ts';

function secret(data: Record<string, string | Uint8Array>, metadata: object = {}): Secret {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value as string).toString('base64')]);
  return { metadata: { name: 'db', resourceVersion: '7', ...metadata }, data: Object.fromEntries(encoded) };
}

function texts(map: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  return Object.fromEntries(Array.from(map, ([key, value]) => [key, textOf(value)]));
}

describe('the data of a Secret', () => {
  const data = new SecretData(
    secret({
      'tls.crt': 'the file',
      tls: '{"crt":"the path","n":12345678901234567890,"deep":{"a":["x"]}}',
      zone: 'a<b>&c',
      bytes: Uint8Array.of(0xff, 0),
    }),
  );

  it.each([
    ['tls.crt', 'the file'],
    ['tls.n', '12345678901234567890'],
    ['tls.deep.a.0', 'x'],
    ['tls.deep.a.#', '1'],
    ['zone', 'a<b>&c'],
  ])('has %s as %s', (property, expected) => {
    expect(textOf(data.value(property))).toBe(expected);
  });

  it.each(['absent', 'tls.absent', 'zone.x', '.tls', 'tls.', '.'])('has no %s', (property) => {
    expect(() => data.value(property)).toThrow(ProviderError);
    expect(() => data.value(property)).toThrow(property);
  });

  it('is one JSON object of strings, keys sorted, without HTML escapes', () => {
    expect(textOf(data.value(undefined))).toBe(
      '{"bytes":"\ufffd\\u0000","tls":"{\\"crt\\":\\"the path\\",\\"n\\":12345678901234567890,\\"deep\\":{\\"a\\":[\\"x\\"]}}","tls.crt":"the file","zone":"a<b>&c"}',
    );
  });

  it('is a map of its keys, or of the members of one of them', () => {
    expect([...data.map(undefined).keys()]).toEqual(['tls.crt', 'tls', 'zone', 'bytes']);
    expect(Buffer.from(data.map(undefined).get('bytes') ?? []).equals(Uint8Array.of(0xff, 0))).toBe(true);
    expect(texts(data.map('tls'))).toEqual({ crt: 'the path', n: '12345678901234567890', deep: '{"a":["x"]}' });
    expect(() => data.map('zone')).toThrow('the property zone of the Secret db is not a JSON object');
    expect(() => data.map('tls.deep.a')).toThrow('is not a JSON object');
  });

  it('has a version and a size, and may be empty', () => {
    expect(data.version).toBe('7');
    expect(data.sizeBytes).toBeGreaterThan(80);
    expect(textOf(new SecretData({ metadata: { name: 'empty' } }).value(undefined))).toBe('{}');
  });

  it('gives a map of its own to everyone who asks', () => {
    data.map(undefined).clear();
    expect(data.map(undefined).size).toBe(4);
  });
});

describe('the metadata of a Secret', () => {
  const metadata = new SecretMetadata(
    secret(
      {},
      {
        labels: { 'app.kubernetes.io/name': 'shop', team: 'a' },
        annotations: { config: '{"size":{"max":3}}', 'x.y/z': 'plain' },
      },
    ),
  );

  it.each([
    ['labels', '{"app.kubernetes.io/name":"shop","team":"a"}'],
    ['labels.team', 'a'],
    ['labels.app.kubernetes.io/name', 'shop'],
    ['annotations.x.y/z', 'plain'],
    ['annotations.config', '{"size":{"max":3}}'],
    ['annotations.config.size.max', '3'],
    [
      undefined,
      '{"annotations":{"config":"{\\"size\\":{\\"max\\":3}}","x.y/z":"plain"},"labels":{"app.kubernetes.io/name":"shop","team":"a"}}',
    ],
  ])('has %s as %s', (property, expected) => {
    expect(textOf(metadata.value(property))).toBe(expected);
  });

  it.each([
    'data',
    'labels.absent',
    'labels.',
    'annotations.config.absent',
    'annotations.x.y/z.w',
    'constructor',
    '__proto__.x',
  ])('has no %s', (property) => {
    expect(() => metadata.value(property)).toThrow(ProviderError);
  });

  it('is a map of two, or of what one of them holds', () => {
    expect([...metadata.map(undefined).keys()]).toEqual(['annotations', 'labels']);
    expect(texts(metadata.map('labels'))).toEqual({ 'app.kubernetes.io/name': 'shop', team: 'a' });
    expect(texts(metadata.map('annotations.config'))).toEqual({ size: '{"max":3}' });
  });
});
