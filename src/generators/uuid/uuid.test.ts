import { describe, expect, it } from 'vitest';
import { testContext } from '../../provider/testing/connect.ts';
import { generator } from './index.ts';

async function generate(): Promise<string> {
  const { values } = await generator.generate(generator.Spec.parse({}), testContext().context);
  return Buffer.from(values.get('uuid') ?? []).toString();
}

describe('the UUID generator', () => {
  it('makes a random UUID under one key', async () => {
    expect(await generate()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('makes another one each time', async () => {
    const made = await Promise.all(Array.from({ length: 100 }, generate));
    expect(new Set(made).size).toBe(100);
  });
});
