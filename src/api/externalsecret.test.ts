import { describe, expect, expectTypeOf, it } from 'vitest';
import { ExternalSecretSpec } from './externalsecret.ts';
import type { CreationPolicy } from './target.ts';

describe('ExternalSecretSpec', () => {
  it('defaults the whole target as ESO does, and its parts when some are given', () => {
    expect(ExternalSecretSpec.parse({}).target).toEqual({ creationPolicy: 'Owner', deletionPolicy: 'Retain' });
    expect(ExternalSecretSpec.parse({ target: { creationPolicy: 'Orphan' } }).target).toEqual({
      creationPolicy: 'Orphan',
      deletionPolicy: 'Retain',
    });
  });

  it('defaults the merge of a rewrite', () => {
    const { dataFrom } = ExternalSecretSpec.parse({ dataFrom: [{ rewrite: [{ merge: {} }] }] });
    expect(dataFrom?.[0]?.rewrite?.[0]?.merge).toEqual({
      into: '',
      priorityPolicy: 'Strict',
      conflictPolicy: 'Error',
      strategy: 'Extract',
    });
  });

  it('leaves undefined what ESO 2.9 leaves undefined', () => {
    const entry = { secretKey: 'a', remoteRef: { key: 'b' } };
    const parsed = ExternalSecretSpec.parse({ data: [entry], dataFrom: [{ find: {} }] });
    expect(parsed.data).toEqual([entry]);
    expect(parsed.dataFrom).toEqual([{ find: {} }]);
    expect(parsed).not.toHaveProperty('refreshPolicy');
  });

  const windows: Record<string, boolean> = {
    '0 22 * * 1-5': true,
    '@daily': true,
    '@every 1h30m': true,
    '0 22 * *': false,
    '@reboot': false,
    '': false,
  };

  it.each(Object.entries(windows))('schedule "%s": %s', (schedule, good) => {
    const syncWindows = { kind: 'allow', windows: [{ schedule, duration: '1h' }] };
    expect(ExternalSecretSpec.safeParse({ syncWindows }).success).toBe(good);
  });

  it('is typed as the API server hands it out: defaulted, and not to be written to', () => {
    expectTypeOf<ExternalSecretSpec['refreshInterval']>().toEqualTypeOf<string>();
    expectTypeOf<ExternalSecretSpec['target']['creationPolicy']>().toEqualTypeOf<CreationPolicy>();
    expectTypeOf<Pick<ExternalSecretSpec, 'data'>>().toEqualTypeOf<{ readonly data?: ExternalSecretSpec['data'] }>();
    expectTypeOf<NonNullable<ExternalSecretSpec['data']>>().not.toExtend<unknown[]>();
  });
});
