import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { extensionSchemas } from './extensions.ts';
import { localGeneratorKinds } from './generator.ts';
import { structuralSchema } from './structural.ts';

describe('extensionSchemas', () => {
  it('knows the 43 providers of ESO 2.9, two that only v1beta1 had, and all generators', async () => {
    const { providers, generators } = await extensionSchemas({ providers: {}, generators: {} });
    expect(Object.keys(providers)).toHaveLength(45);
    expect(Object.keys(generators).toSorted()).toEqual(localGeneratorKinds.toSorted());
  });

  it('writes named shapes out', async () => {
    const { providers } = await extensionSchemas({ providers: {}, generators: {} });
    const token = structuralSchema(providers['doppler']!).properties?.['auth']?.properties?.['secretRef'];
    expect(token?.properties?.['dopplerToken']?.properties).toHaveProperty('namespace.maxLength', 63);
  });

  it('prefers what is built', async () => {
    const aws = z.object({ region: z.string() });
    const MFA = z.object({ secret: z.string() });
    const { providers, generators } = await extensionSchemas({ providers: { aws }, generators: { MFA } });
    expect(providers['aws']).toBe(aws);
    expect(generators.MFA).toBe(MFA);
    expect(Object.keys(providers)).toHaveLength(45);
  });

  it('takes a provider that ESO does not have', async () => {
    const custom = z.object({});
    const { providers } = await extensionSchemas({ providers: { custom }, generators: {} });
    expect(providers['custom']).toBe(custom);
  });
});
