import { describe, expect, it } from 'vitest';
import { goMapText, hashText, objectHash } from './gohash.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('objectHash', () => {
  it('agrees with ESO on data with an empty value, whatever the order', () => {
    const expected = '1502c667c51473986903f433f5b890c4894c7a52d989ccf189512419';
    expect(objectHash(new Map([['b', bytes('hi')], ['a', bytes('')]]))).toBe(expected);
    expect(objectHash(new Map([['a', bytes('')], ['b', bytes('hi')]]))).toBe(expected);
  });

  it('agrees with ESO on no data', () => {
    expect(objectHash(new Map())).toBe('74a974446e359fb3e6baff9bd0058950e6edd0f040888d9989b0a11b');
  });
});

describe('hashText', () => {
  it('agrees with ESO on the created-by label', () => {
    expect(hashText('default/my-es')).toBe('b8464376b5fe3535e690594280bfe59b60be2603cb6cbb6d6c8bcbb4');
  });

  it('agrees with ESO on the metadata part of syncedResourceVersion', () => {
    const text = `{annotations:${goMapText({ k: 'v' })} labels:${goMapText({})}}`;
    expect(hashText(text)).toBe('ee72192f951cf36223a27456a332a773d0ff679ad46c926e6904e933');
  });
});
