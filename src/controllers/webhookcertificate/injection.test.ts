import { describe, expect, it } from 'vitest';
import type { CustomResourceDefinition } from '../../kube/webhookresources.ts';
import { configurationPatch, definitionPatch } from './injection.ts';

const injection = { service: { namespace: 'eso', name: 'hook' }, caBundle: 'Y2E=' };
const metadata = { name: 'secretstore-validate', resourceVersion: '7' };
const ours = { caBundle: 'Y2E=', service: { namespace: 'eso', name: 'hook', path: '/validate', port: 443 } };

describe('injection', () => {
  it('says whom to call and whom to trust, and keeps the rest', () => {
    const webhook = {
      name: 'validate.example.com',
      failurePolicy: 'Fail',
      clientConfig: { service: { namespace: 'default', name: 'x', path: '/validate', port: 443 } },
    };
    expect(configurationPatch({ metadata, webhooks: [webhook] }, injection)).toEqual({
      metadata: { resourceVersion: '7' },
      webhooks: [{ ...webhook, clientConfig: ours }],
    });
  });

  it('keeps a URL, and has it trusted', () => {
    const webhooks = [{ name: 'a', clientConfig: { url: 'https://127.0.0.1:1/validate' } }];
    expect(configurationPatch({ metadata, webhooks }, injection)).toMatchObject({
      webhooks: [{ name: 'a', clientConfig: { url: 'https://127.0.0.1:1/validate', caBundle: 'Y2E=' } }],
    });
  });

  it('writes nothing when all is there', () => {
    expect(configurationPatch({ metadata, webhooks: [{ name: 'a', clientConfig: ours }] }, injection)).toBeUndefined();
    expect(configurationPatch({ metadata }, injection)).toBeUndefined();
  });

  const definition = (conversion: CustomResourceDefinition['spec']['conversion'] | undefined) => ({
    metadata,
    spec: conversion === undefined ? {} : { conversion },
  });

  it('tells a CRD that is converted by a webhook', () => {
    const webhook = { clientConfig: { service: { namespace: 'x', name: 'y', path: '/convert' } } };
    expect(definitionPatch(definition({ strategy: 'Webhook', webhook }), injection)).toEqual({
      metadata: { resourceVersion: '7' },
      spec: {
        conversion: {
          webhook: {
            clientConfig: { caBundle: 'Y2E=', service: { namespace: 'eso', name: 'hook', path: '/convert' } },
          },
        },
      },
    });
  });

  it.each([
    ['is not converted', definition(undefined)],
    ['is converted by the API server', definition({ strategy: 'None' })],
    ['says all already', definition({ strategy: 'Webhook', webhook: { clientConfig: ours } })],
  ])('leaves a CRD alone that %s', (_, object) => {
    expect(definitionPatch(object, injection)).toBeUndefined();
  });
});
