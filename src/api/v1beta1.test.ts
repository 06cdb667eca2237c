import { describe, expect, it } from 'vitest';
import type { StructuralSchema } from './structural.ts';
import { toV1beta1 } from './v1beta1.ts';

function nested(path: readonly string[], leaf: StructuralSchema): StructuralSchema {
  const [segment, ...rest] = path;
  if (segment === undefined) return leaf;
  if (segment === '[]') return { type: 'array', items: nested(rest, leaf) };
  return { type: 'object', properties: { [segment]: nested(rest, leaf) } };
}

describe('toV1beta1', () => {
  it('adds the defaults that v1 gave up', () => {
    const path = ['spec', 'data', '[]', 'remoteRef', 'decodingStrategy'];
    const schema = nested(path, { type: 'string', enum: ['Auto', 'None'] });
    expect(toV1beta1('ExternalSecret', schema)).toEqual(
      nested(path, { type: 'string', enum: ['Auto', 'None'], default: 'None' }),
    );
  });

  it('takes away what v1 demands more', () => {
    const path = ['spec', 'provider', 'kubernetes', 'auth', 'cert'];
    const cert: StructuralSchema = { type: 'object', properties: { clientCert: { type: 'object' } } };
    const schema = nested(path, { ...cert, required: ['clientCert'] });
    expect(toV1beta1('SecretStore', schema)).toEqual(nested(path, cert));
    expect(toV1beta1('ClusterSecretStore', schema)).toEqual(nested(path, cert));
  });

  it('leaves a schema without these fields, and the one it was given, as they are', () => {
    const schema = nested(['spec', 'other'], { type: 'string' });
    const before = structuredClone(schema);
    for (const kind of ['ExternalSecret', 'SecretStore', 'PushSecret']) expect(toV1beta1(kind, schema)).toEqual(before);
    expect(schema).toEqual(before);
  });
});
