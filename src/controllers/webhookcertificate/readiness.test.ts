import { describe, expect, it } from 'vitest';
import type { EndpointSlice } from '../../kube/webhookresources.ts';
import { WebhookReadiness } from './readiness.ts';

type Endpoints = NonNullable<EndpointSlice['endpoints']>;

function readiness(...slices: readonly Endpoints[]): WebhookReadiness {
  const objects = slices.map((endpoints) => ({ metadata: {}, endpoints }));
  return new WebhookReadiness({ values: () => objects.values() });
}

const ready: Endpoints = [{ addresses: ['10.0.0.1'], conditions: { ready: true } }];

describe('readiness', () => {
  it('waits for the first injection', async () => {
    const one = readiness(ready);
    expect(one.problems()).toEqual(['the certificate has not been injected yet']);
    await one.observe(async () => 'done');
    expect(one.problems()).toEqual([]);
  });

  it('says why the certificate cannot be kept good', async () => {
    const one = readiness(ready);
    const failing = one.observe(() => Promise.reject(new Error('Secret a/b does not exist')));
    await expect(failing).rejects.toThrow('does not exist');
    expect(one.problems()).toEqual(['Secret a/b does not exist']);
  });

  it.each<[string, readonly Endpoints[], boolean]>([
    ['there is no slice', [], false],
    ['no endpoint is ready', [[{ addresses: ['10.0.0.1'], conditions: { ready: false } }]], false],
    ['the endpoint has no address', [[{ addresses: [] }]], false],
    ['an endpoint of any slice is ready', [[], ready], true],
    ['an endpoint says nothing of its state', [[{ addresses: ['10.0.0.1'] }]], true],
  ])('looks for a webhook that answers: %s', async (_, slices, isReady) => {
    const one = readiness(...slices);
    await one.observe(async () => undefined);
    expect(one.problems()).toEqual(isReady ? [] : ['no webhook is ready to be called']);
  });
});
