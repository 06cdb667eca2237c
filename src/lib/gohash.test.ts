import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOfData, hashOfMetadata, sha3Hex } from './gohash.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('ObjectHash', () => {
  // The vectors were taken from a running ESO 2.9.
  it('of a Secret’s data is what ESO computes', () => {
    const expected = '1502c667c51473986903f433f5b890c4894c7a52d989ccf189512419';
    expect(
      hashOfData(
        new Map([
          ['b', bytes('hi')],
          ['a', bytes('')],
        ]),
      ),
    ).toBe(expected);
    expect(
      hashOfData(
        new Map([
          ['a', bytes('')],
          ['b', bytes('hi')],
        ]),
      ),
    ).toBe(expected);
  });

  it('of no data is what ESO computes', () => {
    expect(hashOfData(new Map())).toBe('74a974446e359fb3e6baff9bd0058950e6edd0f040888d9989b0a11b');
  });

  it('of a string is what ESO computes', () => {
    expect(sha3Hex('default/my-es')).toBe('b8464376b5fe3535e690594280bfe59b60be2603cb6cbb6d6c8bcbb4');
  });

  it('of annotations and labels is what ESO computes', () => {
    const expected = 'ee72192f951cf36223a27456a332a773d0ff679ad46c926e6904e933';
    expect(hashOfMetadata({ annotations: { k: 'v' }, labels: {} })).toBe(expected);
    expect(hashOfMetadata({ annotations: { k: 'v' } })).toBe(expected);
  });

  it('sorts keys by their bytes, as Go does', () => {
    const data = new Map([
      ['\u{1f511}', bytes('x')],
      ['\uffee', bytes('y')],
      ['Z', bytes('1')],
      ['a', bytes('2')],
    ]);
    expect(hashOfData(data)).toBe(sha3Hex('map[Z:[49] a:[50] \uffee:[121] \u{1f511}:[120]]'));
  });

  it('does not depend on the order of the keys', () => {
    const entries = fc.uniqueArray(fc.tuple(fc.string(), fc.uint8Array()), { selector: ([key]) => key });
    fc.assert(
      fc.property(entries, (data) => {
        expect(hashOfData(new Map(data))).toBe(hashOfData(new Map([...data].reverse())));
      }),
    );
  });
});
