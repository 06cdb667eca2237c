import { describe, expect, it } from 'vitest';
import { objectNameOf } from './objectname.ts';

describe('keys', () => {
  it.each([
    ['db', 'secret', 'db'],
    ['secret/db', 'secret', 'db'],
    ['cert/frontend-1', 'cert', 'frontend-1'],
    ['key/Signing', 'key', 'Signing'],
    ['secret/db/ignored', 'secret', 'db'],
  ])('%s means the %s %s', (key, kind, name) => {
    expect(objectNameOf(key)).toEqual({ kind, name });
  });

  it.each(['', 'secret/', 'a_b', 'a.b', 'a b', '..', '%2e', 'x'.repeat(128), 'certificate/x', 'secrets/x', '/x'])(
    '%j is refused before anybody is asked',
    (key) => {
      expect(() => objectNameOf(key)).toThrow(expect.objectContaining({ kind: 'invalid' }));
    },
  );
});
