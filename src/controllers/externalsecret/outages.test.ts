import { describe, expect, it } from 'vitest';
import { Outages } from './outages.ts';

describe('outages', () => {
  it('let a single dependent probe every quarter of a minute', () => {
    expect(new Outages().failed(['store'], 'ns/a')).toBe(15_000);
  });

  it('keep the probes of many dependents at one a second together', () => {
    const outages = new Outages();
    for (let index = 0; index < 299; index += 1) outages.failed(['store'], `ns/${index}`);
    expect(outages.failed(['store'], 'ns/last')).toBe(300_000);
  });

  it('count a dependent once, however often it fails', () => {
    const outages = new Outages({ leastCapMs: 0 });
    outages.failed(['store'], 'ns/a');
    expect(outages.failed(['store'], 'ns/a')).toBe(1_000);
  });

  it('wake all who wait for a store as soon as one gets through, and each only once', () => {
    const outages = new Outages();
    outages.failed(['one', 'two'], 'ns/a');
    outages.failed(['one'], 'ns/b');
    outages.failed(['three'], 'ns/c');
    expect(outages.succeeded(['one', 'two'], 'ns/x')).toEqual(['ns/a', 'ns/b']);
    expect(outages.succeeded(['one'], 'ns/x')).toEqual([]);
  });

  it('do not wake who got through', () => {
    const outages = new Outages();
    outages.failed(['one'], 'ns/a');
    expect(outages.succeeded(['one'], 'ns/a')).toEqual([]);
  });

  it('forget who is gone', () => {
    const outages = new Outages();
    outages.failed(['one'], 'ns/a');
    outages.forget('ns/a');
    expect(outages.succeeded(['one'], 'ns/x')).toEqual([]);
  });
});
