import { describe, expect, it } from 'vitest';
import { humanDuration } from './age.ts';
import { compileJsonPath } from './jsonpath.ts';
import { decodeProtobuf } from './protobuf.ts';
import { formOf } from './representation.ts';
import { resourcePath } from './route.ts';

describe('a path', () => {
  it.each([
    ['/api/v1/namespaces', { plural: 'namespaces' }],
    ['/api/v1/namespaces/a', { plural: 'namespaces', name: 'a' }],
    ['/api/v1/namespaces/a/status', { plural: 'namespaces', name: 'a', subresource: 'status' }],
    ['/api/v1/namespaces/a/secrets', { plural: 'secrets', namespace: 'a' }],
    ['/api/v1/namespaces/a/secrets/b', { plural: 'secrets', namespace: 'a', name: 'b' }],
    [
      '/api/v1/namespaces/a/serviceaccounts/b/token',
      { plural: 'serviceaccounts', namespace: 'a', name: 'b', subresource: 'token' },
    ],
    ['/api/v1/secrets', { plural: 'secrets' }],
    ['/apis/g/v2/things', { group: 'g', version: 'v2', plural: 'things' }],
    ['/apis/g/v2/things/a/status', { group: 'g', version: 'v2', plural: 'things', name: 'a', subresource: 'status' }],
    ['/apis/g/v2/namespaces/a/things/b', { group: 'g', version: 'v2', plural: 'things', namespace: 'a', name: 'b' }],
    ['/apis/g/v1/roles/system%3Aadmin', { group: 'g', plural: 'roles', name: 'system:admin' }],
  ])('%s names a resource', (path, expected) => {
    const whole = { group: '', version: 'v1', namespace: undefined, name: undefined, subresource: undefined };
    expect(resourcePath(path)).toEqual({ ...whole, ...expected });
  });

  it.each(['/', '/api', '/api/v1', '/apis/g/v1', '/metrics', '/api/v1//a', '/api/v1/a/b/c/d', '/api/v1/secrets/'])(
    '%s names none',
    (path) => {
      expect(resourcePath(path)).toBeUndefined();
    },
  );
});

describe('the media types that are accepted', () => {
  it.each([
    [undefined, 'object'],
    ['*/*', 'object'],
    ['application/json', 'object'],
    ['application/json;as=Table;v=v1;g=meta.k8s.io,application/json', 'table'],
    ['application/json; as=PartialObjectMetadataList; v=v1; g=meta.k8s.io', 'metadata'],
    ['application/vnd.kubernetes.protobuf,application/json', 'object'],
    ['application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json', 'object'],
  ])('%s ask for one form', (accept, form) => {
    expect(formOf(accept)).toBe(form);
  });

  it('are refused when there is no such form', () => {
    expect(() => formOf('text/html')).toThrow('only the following media types are accepted');
  });
});

describe('a JSON path', () => {
  const object = {
    spec: { name: 'n', list: ['a', 'b'], 'a.b': 1 },
    status: {
      conditions: [
        { type: 'Ready', status: 'True' },
        { type: 'Other', status: 'False' },
      ],
    },
  };

  it.each([
    ['.spec.name', 'n'],
    ['.spec.list[1]', 'b'],
    ['.spec.list[*]', 'a'],
    ['.spec.a\\.b', 1],
    [".spec['a.b']", 1],
    ['.status.conditions[?(@.type=="Ready")].status', 'True'],
    ['.status.conditions[?(@.type=="Missing")].status', undefined],
    ['.spec.missing.deeper', undefined],
    ['.spec.toString', undefined],
    ['.spec[(1+1)]', undefined],
  ])('%s finds', (path, expected) => {
    expect(compileJsonPath(path)(object)).toBe(expected);
  });
});

describe('an age', () => {
  it.each([
    [0, '0s'],
    [119_000, '119s'],
    [125_000, '2m5s'],
    [11 * 60_000, '11m'],
    [3 * 3_600_000 + 60_000, '3h1m'],
    [30 * 3_600_000, '30h'],
    [3 * 86_400_000 + 3_600_000, '3d1h'],
    [100 * 86_400_000, '100d'],
    [3 * 365 * 86_400_000, '3y'],
    [9 * 365 * 86_400_000, '9y'],
    [-500, '0s'],
    [-5_000, '<invalid>'],
  ])('of %d ms is %s', (durationMs, expected) => {
    expect(humanDuration(durationMs)).toBe(expected);
  });
});

describe('protobuf', () => {
  /** A field of bytes or text. */
  const field = (number: number, content: string | Uint8Array): Buffer => {
    const bytes = Buffer.from(content);
    return Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes]);
  };
  const enveloped = (kind: string, message: Uint8Array): Buffer => {
    const type = Buffer.concat([field(1, 'v1'), field(2, kind)]);
    return Buffer.concat([Buffer.from('k8s\0'), field(1, type), field(2, message)]);
  };
  const entry = (key: string, value: string | Uint8Array): Buffer => Buffer.concat([field(1, key), field(2, value)]);

  it('of a Secret is read', () => {
    const meta = Buffer.concat([field(1, 'a'), field(11, entry('app', 'web')), field(14, 'x'), field(14, 'y')]);
    const message = Buffer.concat([
      field(1, meta),
      field(2, entry('k', Buffer.from([0, 255]))),
      field(2, entry('__proto__', 'z')),
      field(3, 'Opaque'),
      Buffer.from([5 * 8, 1]),
    ]);
    expect(JSON.stringify(decodeProtobuf(enveloped('Secret', message)))).toBe(
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'a', labels: { app: 'web' }, finalizers: ['x', 'y'] },
        data: { k: 'AP8=', ['__proto__']: 'eg==' },
        type: 'Opaque',
        immutable: true,
      }),
    );
  });

  it('passes over what it does not know', () => {
    const message = Buffer.concat([
      Buffer.from([9 * 8, 0xac, 0x02]),
      field(1, field(1, 'a')),
      Buffer.from([8 * 8 + 5, 1, 2, 3, 4]),
    ]);
    expect(decodeProtobuf(enveloped('ServiceAccount', message))).toMatchObject({ metadata: { name: 'a' } });
  });

  it('of other kinds is not read', () => {
    expect(decodeProtobuf(enveloped('Node', Buffer.alloc(0)))).toBeUndefined();
    expect(decodeProtobuf(Buffer.from('{}'))).toBeUndefined();
  });

  it('that is cut off is refused', () => {
    const whole = enveloped('Secret', field(3, 'Opaque'));
    expect(() => decodeProtobuf(whole.subarray(0, -2))).toThrow('cut off');
  });
});
