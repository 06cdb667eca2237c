import { describe, expect, it } from 'vitest';
import { externalSecretOwner, fieldManagerOf, ownerHashOf, syncedVersionOf } from './identity.ts';
import { externalSecretWith } from './testing/objects.ts';

describe('names and hashes that ESO 2.9 knows too', () => {
  it.each([
    ['a'.repeat(27), `externalsecrets.external-secrets.io/${'a'.repeat(27)}`],
    ['b'.repeat(28), /^externalsecrets\.external-secrets\.io\/sha3\/[0-9a-f]{56}$/],
  ])('the field manager of %s', (name, expected) => {
    expect(fieldManagerOf(name)).toMatch(expected);
  });

  it('the owner hash is that of namespace and name', () => {
    const object = { ...externalSecretWith({}), metadata: { name: 'my-es', namespace: 'default', uid: 'u' } };
    expect(ownerHashOf(object)).toBe('b8464376b5fe3535e690594280bfe59b60be2603cb6cbb6d6c8bcbb4');
  });

  it('the synced version holds generation, labels and annotations', () => {
    const object = externalSecretWith({}, { generation: 3, annotations: { k: 'v' } });
    expect(syncedVersionOf(object)).toBe('3-ee72192f951cf36223a27456a332a773d0ff679ad46c926e6904e933');
  });

  it('the owner reference names the object in v1, as controller', () => {
    expect(externalSecretOwner(externalSecretWith({}))).toEqual({
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      name: 'app',
      uid: 'uid-of-app',
      controller: true,
      blockOwnerDeletion: true,
    });
  });
});
