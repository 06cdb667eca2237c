/**
 * kube-apiserver calls the webhook over TLS. There is no Service network in tests: the configurations name a URL. The
 * dev server stores webhook configurations and calls nobody, so this suite needs a real control plane.
 */
import { X509Certificate } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, issueServerCertificate } from '../../src/controllers/webhookcertificate/issue.ts';
import { secrets } from '../../src/kube/resources.ts';
import { validatingWebhookConfigurations } from '../../src/kube/webhookresources.ts';
import { eventually } from '../support/eventually.ts';
import { type RawAnswer, textAt } from '../support/rawclient.ts';
import { type RunningCertController, runCertControllerIn } from '../support/runningcertcontroller.ts';
import { type RunningWebhook, runWebhookFrom } from '../support/runningwebhook.ts';
import { mountSecret } from '../support/secretvolume.ts';
import { bundlesOf, webhookConfiguration } from '../support/webhookconfiguration.ts';
import { createWebhookFiles, type WebhookFiles } from '../support/webhookfiles.ts';
import { describeWorld, type World } from '../support/world.ts';

describeWorld('admission by a real API server', (world) => {
  let namespace: string;
  let files: WebhookFiles;
  let webhook: RunningWebhook;

  beforeAll(async () => {
    namespace = await world().createNamespace('hook');
    files = await createWebhookFiles();
    webhook = await runWebhookFrom(files.folder);
  });

  afterAll(async () => {
    await webhook.stop();
    await files.remove();
  });

  const configure = (failurePolicy: 'Fail' | 'Ignore' = 'Fail', caBundle?: string): Promise<unknown> => {
    const trust = caBundle === undefined ? {} : { caBundle: Buffer.from(caBundle).toString('base64') };
    const clientConfig = (path: string) => ({ url: `https://localhost:${webhook.server.port}${path}`, ...trust });
    const configuration = webhookConfiguration({ namespace, clientConfig, failurePolicy });
    return world().kube.create(validatingWebhookConfigurations, configuration);
  };
  const unconfigure = (): Promise<void> =>
    world().kube.delete(validatingWebhookConfigurations, { name: `validate-${namespace}` });

  /** A write that is judged and not stored. */
  const write = (spec: object, version = 'v1', kind = 'ExternalSecret'): Promise<RawAnswer> =>
    world().raw.send(`/apis/external-secrets.io/${version}/namespaces/${namespace}/${kind.toLowerCase()}s?dryRun=All`, {
      method: 'POST',
      body: { apiVersion: `external-secrets.io/${version}`, kind, metadata: { name: 'app' }, spec },
    });
  const good = { secretStoreRef: { name: 'store' }, data: [{ secretKey: 'a', remoteRef: { key: 'a' } }] };
  const bad = { secretStoreRef: { name: 'store' } };

  /** How often the API server went on without the webhook's answer. */
  async function callsGivenUp(): Promise<number> {
    const counts = String((await world().raw.send('/metrics')).body).matchAll(
      /^apiserver_admission_webhook_fail_open_count\{.*\} (\d+)$/gm,
    );
    return Array.from(counts, ([, count]) => Number(count)).reduce((sum, count) => sum + count, 0);
  }

  describe('while there is no good certificate', () => {
    it('refuses writes under the policy Fail', async () => {
      await configure('Fail');
      await eventually(async () => expect((await write(good)).status).toBe(500));
      expect(textAt((await write(good)).body, 'message')).toContain('failed calling webhook');
      await unconfigure();
    });

    it('lets writes through under the policy Ignore', async () => {
      const before = await callsGivenUp();
      await configure('Ignore');
      await eventually(async () => {
        expect((await write(bad)).status).toBe(201);
        expect(await callsGivenUp()).toBeGreaterThan(before);
      });
      await unconfigure();
    });

    it('refuses a certificate that has ended', async () => {
      const longAgo = Date.now() - 11 * 365 * 24 * 3_600_000;
      const authority = await createAuthority(longAgo);
      const { cert, key } = await issueServerCertificate(authority, 'localhost', longAgo);
      webhook.server.serveWith({ cert, key });
      await configure('Fail', authority.cert);
      await eventually(async () => expect(textAt((await write(good)).body, 'message')).toContain('expired'));
      await unconfigure();
    });
  });

  describe('with the cert-controller', () => {
    let controller: RunningCertController;
    let unmount: () => Promise<void>;

    beforeAll(async () => {
      await world().kube.create(secrets, { metadata: { namespace, name: 'hook' } });
      await configure();
      const timing = { trustDelayMs: 2_000, retireDelayMs: 3_000 };
      const changed = { dnsName: 'localhost' };
      controller = await runCertControllerIn(world(), { namespace, changed, timing });
      unmount = mountSecret(world().kube, { namespace, name: 'hook' }, files);
      // Not what the server says before it knows of the configuration: that lets everything through.
      await eventually(async () => expect((await write(bad)).status).toBe(403));
    });

    afterAll(async () => {
      await unmount();
      await controller.stop();
      await unconfigure();
    });

    it('denies what the rules say, with all reasons', async () => {
      const spec = { ...bad, target: { deletionPolicy: 'Delete', creationPolicy: 'Merge' } };
      const { status, body } = await write(spec);
      expect(status).toBe(403);
      expect(textAt(body, 'message')).toContain('deletionPolicy=Delete must not be used with creationPolicy=Merge');
      expect(textAt(body, 'message')).toContain('either data or dataFrom must be set');
    });

    it('validates writes of v1beta1 too', async () => {
      expect(textAt((await write(bad, 'v1beta1')).body, 'message')).toContain('either data or dataFrom must be set');
      expect((await write(good, 'v1beta1')).status).toBe(201);
    });

    it('denies a store that its provider cannot use, and warns of one that is not for production', async () => {
      const provider = (data: readonly object[]) => ({ provider: { fake: { data } } });
      const denied = await write(provider([{ key: 'a', value: '' }]), 'v1', 'SecretStore');
      expect(denied.status).toBe(403);
      const warned = await write(provider([{ key: 'a', value: '1' }]), 'v1', 'SecretStore');
      expect(warned.status).toBe(201);
      expect(String(warned.headers['warning'])).toContain('is not maintained for production use');
    });

    it('keeps nobody from deleting', async () => {
      await unconfigure();
      await eventually(async () => expect((await write(bad)).status).toBe(201));
      await world().applyObject(
        {
          apiVersion: 'external-secrets.io/v1',
          kind: 'ExternalSecret',
          metadata: { name: 'bad' },
          spec: bad,
        } as never,
        namespace,
      );
      await configure();
      await eventually(async () => expect((await write(bad)).status).toBe(403));
      const path = `/apis/external-secrets.io/v1/namespaces/${namespace}/externalsecrets/bad`;
      expect((await world().raw.send(path, { method: 'DELETE' })).status).toBe(200);
    });

    it('refuses no write while the authority is replaced', async () => {
      const before = await bundle(world(), namespace);
      const load = startLoad(() => write(good));
      // Whose key is lost must be replaced; nothing says that what it signed is bad.
      await world().kube.mergePatch(secrets, { namespace, name: 'hook' }, { data: { 'ca.key': null } });
      await eventually(async () => {
        const now = await bundle(world(), namespace);
        expect(certificatesIn(now)).toHaveLength(1);
        expect(now).not.toBe(before);
      });
      const served = new X509Certificate(await certificateOf(world(), namespace));
      expect(served.verify(new X509Certificate(await bundle(world(), namespace)).publicKey)).toBe(true);
      const statuses = await load.stop();
      expect(statuses.length).toBeGreaterThan(50);
      expect(new Set(statuses)).toEqual(new Set([201]));
      expect((await write(good)).status).toBe(201);
      expect((await write(bad)).status).toBe(403);
    });
  });
});

async function bundle(world: World, namespace: string): Promise<string> {
  return (await bundlesOf(world.kube, namespace))[0] ?? '';
}

function certificatesIn(pem: string): readonly string[] {
  return pem.match(/BEGIN CERTIFICATE/g) ?? [];
}

async function certificateOf(world: World, namespace: string): Promise<string> {
  const { data = {} } = await world.kube.get(secrets, { namespace, name: 'hook' });
  return Buffer.from(data['tls.crt'] ?? '', 'base64').toString();
}

const maxWrites = 800;

/** Writes one after another, with a short pause, until it is stopped. */
function startLoad(write: () => Promise<RawAnswer>): { stop(): Promise<readonly number[]> } {
  const statuses: number[] = [];
  const stopping = new AbortController();
  async function run(): Promise<void> {
    while (!stopping.signal.aborted && statuses.length < maxWrites) {
      statuses.push((await write()).status);
      await wait(20);
    }
  }
  const running = Promise.all([run(), run()]);
  return {
    async stop() {
      stopping.abort();
      await running;
      return statuses;
    },
  };
}
