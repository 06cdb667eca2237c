import { describe, expect, it } from 'vitest';
import { defaultRetrySettings, retrySettingsOf } from './retrysettings.ts';

describe('the retry settings of a store', () => {
  it.each([
    [undefined, defaultRetrySettings],
    [{}, defaultRetrySettings],
    [
      { maxRetries: 5, retryInterval: '10s' },
      { maxRetries: 5, retryIntervalMs: 10_000 },
    ],
    [{ maxRetries: 0 }, { ...defaultRetrySettings, maxRetries: 0 }],
    [{ maxRetries: -1, retryInterval: '-5s' }, defaultRetrySettings],
    [{ retryInterval: 'soon' }, defaultRetrySettings],
    [{ retryInterval: '0' }, { ...defaultRetrySettings, retryIntervalMs: 0 }],
  ])('%j are %j', (written, expected) => {
    expect(retrySettingsOf(written)).toEqual(expected);
  });
});
