/** The cert-controller, from an empty Secret to a webhook that can be called. */
import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secrets } from '../../src/kube/resources.ts';
import { endpointSlices, validatingWebhookConfigurations } from '../../src/kube/webhookresources.ts';
import { eventually } from '../support/eventually.ts';
import { type RunningCertController, runCertControllerIn } from '../support/runningcertcontroller.ts';
import { bundlesOf, webhookConfiguration } from '../support/webhookconfiguration.ts';
import { describeWorld } from '../support/world.ts';

describeWorld('the cert-controller', (world) => {
  let namespace: string;
  let controller: RunningCertController | undefined;

  beforeEach(async () => {
    namespace = await world().createNamespace('hook');
    const service = (path: string) => ({ service: { namespace: 'elsewhere', name: 'other', path } });
    await world().kube.create(
      validatingWebhookConfigurations,
      webhookConfiguration({ namespace, clientConfig: service }),
    );
  });

  afterEach(async () => {
    await controller?.stop();
    controller = undefined;
    await world().kube.delete(validatingWebhookConfigurations, { name: `validate-${namespace}` });
  });

  const createSecret = (): Promise<unknown> =>
    world().kube.create(secrets, { metadata: { namespace, name: 'hook' }, data: { other: 'a2VwdA==' } });

  async function start(): Promise<void> {
    controller = await runCertControllerIn(world(), { namespace });
  }

  async function data(): Promise<Readonly<Record<string, string>>> {
    const secret = await world().kube.get(secrets, { namespace, name: 'hook' });
    const entries = Object.entries(secret.data ?? {});
    return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
  }

  /** Waits until there is a certificate, and both webhooks trust its authority. */
  function injected(): Promise<Readonly<Record<string, string>>> {
    return eventually(async () => {
      const files = await data();
      expect(files['ca.crt']).toContain('BEGIN CERTIFICATE');
      expect(await bundlesOf(world().kube, namespace)).toEqual([files['ca.crt'], files['ca.crt']]);
      return files;
    });
  }

  it('fills an empty Secret and leaves its other keys alone', async () => {
    await createSecret();
    await start();
    const files = await injected();
    const server = new X509Certificate(files['tls.crt'] ?? '');
    expect(server.checkHost(`hook.${namespace}.svc`)).toBeDefined();
    expect(server.verify(new X509Certificate(files['ca.crt'] ?? '').publicKey)).toBe(true);
    expect(files['tls.key']).toContain('BEGIN RSA PRIVATE KEY');
    expect(files['ca.key']).toContain('BEGIN RSA PRIVATE KEY');
    expect(files['other']).toBe('kept');
  });

  it('says whom to call, and keeps the path', async () => {
    await createSecret();
    await start();
    await injected();
    const { webhooks } = await world().kube.get(validatingWebhookConfigurations, { name: `validate-${namespace}` });
    const path = '/validate-external-secrets-io-v1-externalsecret';
    expect(webhooks?.[0]).toMatchObject({ clientConfig: { service: { namespace, name: 'hook', path } } });
  });

  it('makes no second certificate when it starts again', async () => {
    await createSecret();
    await start();
    const before = await injected();
    await controller?.stop();
    await start();
    await eventually(() => expect(controller?.readinessProblems()).toEqual(['no webhook is ready to be called']));
    expect(await data()).toEqual(before);
  });

  describe('repairs at once', () => {
    beforeEach(async () => {
      await createSecret();
      await start();
    });

    it('a configuration that lost its authority', async () => {
      await injected();
      const service = (path: string) => ({ service: { namespace: 'elsewhere', name: 'other', path } });
      const { webhooks } = webhookConfiguration({ namespace, clientConfig: service });
      await world().kube.mergePatch(validatingWebhookConfigurations, { name: `validate-${namespace}` }, { webhooks });
      await injected();
    });

    it('a Secret that was emptied', async () => {
      const before = await injected();
      const empty = { 'ca.crt': null, 'ca.key': null, 'tls.crt': null, 'tls.key': null };
      await world().kube.mergePatch(secrets, { namespace, name: 'hook' }, { data: empty });
      await eventually(async () => expect((await data())['ca.crt']).toContain('BEGIN CERTIFICATE'));
      expect((await injected())['ca.crt']).not.toBe(before['ca.crt']);
    });
  });

  it('says which Secret is missing, and goes on when it is there', async () => {
    await start();
    const missing = `Secret ${namespace}/hook does not exist: create it empty, it is filled then`;
    await eventually(() => expect(controller?.readinessProblems()).toContain(missing));
    await createSecret();
    await injected();
  });

  it('is ready when somebody answers for the webhook', async () => {
    await createSecret();
    await start();
    await injected();
    const problem = 'no webhook is ready to be called';
    await eventually(() => expect(controller?.readinessProblems()).toEqual([problem]));
    const slice = {
      metadata: { namespace, name: 'hook-1', labels: { 'kubernetes.io/service-name': 'hook' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready: true } }],
    };
    await world().kube.create(endpointSlices, slice);
    await eventually(() => expect(controller?.readinessProblems()).toEqual([]));
  });

  it('never logs a key', async () => {
    await createSecret();
    await start();
    const files = await injected();
    const logged = JSON.stringify(controller?.log.lines);
    expect(logged).toContain('certificate renewed');
    for (const name of ['ca.key', 'tls.key']) expect(logged).not.toContain(files[name]?.split('\n')[1]);
  });
});
