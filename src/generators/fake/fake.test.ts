import { describe, expect, it } from 'vitest';
import { testContext } from '../../provider/testing/connect.ts';
import { generator } from './index.ts';

describe('the Fake generator', () => {
  it('answers with its data', async () => {
    const { values, state } = await generator.generate(
      { data: { user: 'app', password: 'pässwörd\n' } },
      testContext().context,
    );
    expect(Array.from(values, ([key, value]) => [key, Buffer.from(value).toString()])).toEqual([
      ['user', 'app'],
      ['password', 'pässwörd\n'],
    ]);
    expect(state).toBeUndefined();
  });

  it('answers with nothing when it has no data', async () => {
    expect((await generator.generate(generator.Spec.parse({}), testContext().context)).values.size).toBe(0);
  });
});
