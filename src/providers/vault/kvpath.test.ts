import { describe, expect, it } from 'vitest';
import { dataPath, type KvPlace, keyOf, locate, metadataPath, normalPath } from './kvpath.ts';

const v2: KvPlace = { mount: 'secret', version: 'v2' };
const v1: KvPlace = { mount: 'secret', version: 'v1' };
const bare: KvPlace = { mount: undefined, version: 'v2' };

describe('paths in a KV engine', () => {
  it.each([
    [v2, 'app', 'secret/data/app'],
    [v2, 'team/app', 'secret/data/team/app'],
    [v2, '/team//app/', 'secret/data/team/app'],
    [v2, 'secret/app', 'secret/data/app'],
    [v2, 'secret/data/app', 'secret/data/app'],
    [v2, 'data/app', 'secret/data/data/app'],
    [v2, 'secrets/app', 'secret/data/secrets/app'],
    [{ ...v2, mount: 'team/kv' }, 'team/kv/app', 'team/kv/data/app'],
    [v1, 'team/app', 'secret/team/app'],
    [v1, 'secret/app', 'secret/app'],
    [v1, 'secret/data/app', 'secret/data/app'],
    [bare, 'secret/app', 'secret/data/app'],
    [bare, 'secret/data/app', 'secret/data/app'],
    [bare, 'team/kv/data/app', 'team/kv/data/app'],
    [{ ...bare, version: 'v1' } as const, 'secret/app', 'secret/app'],
    [{ ...bare, version: 'v1' } as const, 'secret/data/app', 'secret/data/app'],
  ])('%j with key %s: %s', (place, key, path) => {
    expect(dataPath(locate(place, key), place.version)).toBe(path);
  });

  it('of metadata stand beside those of data', () => {
    expect(metadataPath(locate(v2, 'team/app'), 'v2')).toBe('secret/metadata/team/app');
    expect(metadataPath(locate(v2, ''), 'v2')).toBe('secret/metadata');
    expect(metadataPath(locate(v1, 'team'), 'v1')).toBe('secret/team');
    expect(metadataPath(locate(bare, 'secret/data'), 'v2')).toBe('secret/metadata');
  });

  it.each([
    [v2, 'team/app'],
    [v1, 'team/app'],
    [bare, 'secret/team/app'],
    [bare, 'team/kv/data/app'],
  ])('lead back to the key: %j %s', (place, key) => {
    expect(keyOf(place, locate(place, key))).toBe(key);
  });

  it.each(['..', 'a/../b', './a', 'a/.'])('never lead elsewhere: %s', (path) => {
    expect(() => normalPath(path)).toThrow('is not a path');
  });
});
