/** Webhook and cert-controller as pods run them: how they start, how they end, and who takes over. */
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuthority, issueServerCertificate } from '../../src/controllers/webhookcertificate/issue.ts';
import { leases, secrets } from '../../src/kube/resources.ts';
import { ChildOperator, type ChildOperatorOptions } from '../support/childoperator.ts';
import { freePorts } from '../support/controlplane.ts';
import { eventually } from '../support/eventually.ts';
import { createWebhookFiles, type WebhookFiles } from '../support/webhookfiles.ts';
import { describeWorld } from '../support/world.ts';

const dnsName = 'hook.release.svc';

describeWorld('a process', (world) => {
  let running: ChildOperator[] = [];

  afterEach(async () => {
    for (const process of running) if (!process.hasExited) await process.end('SIGKILL');
    running = [];
  });

  async function start(options: ChildOperatorOptions): Promise<ChildOperator> {
    const process = await ChildOperator.start(world(), options);
    running.push(process);
    return process;
  }

  describe('that is the webhook', () => {
    let files: WebhookFiles;
    let port: number;
    let webhook: ChildOperator;

    beforeEach(async () => {
      files = await createWebhookFiles();
      [port = 0] = await freePorts(1);
      const flags = [`--port=${port}`, `--cert-dir=${files.folder}`, `--dns-name=${dnsName}`, '--check-interval=1s'];
      webhook = await start({ command: 'webhook', flags });
    });

    afterEach(() => files.remove());

    /** An authority and a certificate of it. */
    async function certificate(nowMs = Date.now()): Promise<Readonly<Record<string, string>>> {
      const authority = await createAuthority(nowMs);
      const { cert, key } = await issueServerCertificate(authority, dnsName, nowMs);
      return { 'ca.crt': authority.cert, 'tls.crt': cert, 'tls.key': key };
    }

    /** @returns the status of an answer, which only a certificate of this authority may give */
    function call(ca: string | undefined, holdMs = 0): Promise<number | undefined> {
      return new Promise((resolve, reject) => {
        const path = '/validate-external-secrets-io-v1-externalsecret';
        const target = { host: '127.0.0.1', port, path, method: 'POST', ca, servername: dnsName, agent: false };
        const outgoing = request(target, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        outgoing.on('error', reject);
        const [head, tail] = [review.slice(0, 20), review.slice(20)];
        outgoing.write(head);
        setTimeout(() => outgoing.end(tail), holdMs);
      });
    }

    it('is alive without a certificate, says why it is not ready, and is once there is one', async () => {
      await eventually(async () => expect((await webhook.healthz()).status).toBe(200));
      expect(await webhook.readyz()).toMatchObject({ status: 500, body: expect.stringMatching(/webhook: .*tls\.crt/) });
      const good = await certificate();
      await files.write(good);
      await webhook.ready();
      expect(await call(good['ca.crt'])).toBe(200);
    });

    it('takes no certificate that has ended, and a renewed one of another authority without a restart', async () => {
      await files.write(await certificate(Date.now() - 11 * 365 * 24 * 3_600_000));
      await eventually(async () => expect((await webhook.readyz()).body).toMatch(/webhook: .* ended at /));
      for (const next of [await certificate(), await certificate()]) {
        await files.write(next);
        await eventually(async () => expect(await call(next['ca.crt'])).toBe(200));
      }
      await webhook.ready();
    });

    it('answers the calls that it has and those that still come when it is told to stop, and ends', async () => {
      const good = await certificate();
      await files.write(good);
      await webhook.ready();
      const begun = [1, 2, 3].map(() => call(good['ca.crt'], 1_500));
      await sleep(200);
      const end = webhook.end();
      await eventually(async () => expect((await webhook.readyz()).body).toContain('shutting down'));
      const late = await Promise.all([1, 2, 3].map(() => call(good['ca.crt'])));
      expect([...(await Promise.all(begun)), ...late]).toEqual([200, 200, 200, 200, 200, 200]);
      expect(await end).toBe(0);
      await expect(call(good['ca.crt'])).rejects.toThrow('ECONNREFUSED');
    });
  });

  describe('that keeps the certificate, beside another', () => {
    let namespace: string;

    beforeEach(async () => {
      // Both take the lease in the namespace that their kubeconfig names.
      await world()
        .kube.delete(leases, { namespace: 'default', name: 'crd-certs-controller' })
        .catch(() => undefined);
      namespace = await world().createNamespace('hook');
      await world().kube.create(secrets, { metadata: { namespace, name: 'hook' } });
    });

    const startOne = (): Promise<ChildOperator> =>
      start({
        command: 'certcontroller',
        flags: [
          '--enable-leader-election',
          '--service-name=hook',
          `--service-namespace=${namespace}`,
          '--secret-name=hook',
          `--secret-namespace=${namespace}`,
        ],
      });
    const isLeading = async (process: ChildOperator): Promise<boolean> =>
      (await process.metrics()).body.includes('leader_election_master_status{name="crd-certs-controller"} 1');
    const certificate = async (): Promise<string | undefined> =>
      (await world().kube.get(secrets, { namespace, name: 'hook' })).data?.['tls.crt'];
    const emptied = (): Promise<unknown> =>
      world().kube.mergePatch(secrets, { namespace, name: 'hook' }, { data: null });

    /** @returns the one that leads, then the one that waits */
    async function startTwo(): Promise<readonly [ChildOperator, ChildOperator]> {
      const first = await startOne();
      await eventually(async () => expect(await isLeading(first)).toBe(true));
      await eventually(async () => expect(await certificate()).toBeDefined());
      const second = await startOne();
      await second.ready();
      expect(await isLeading(second)).toBe(false);
      return [first, second];
    }

    it('gives the lease back when it ends, and the other goes on at once', async () => {
      const [first, second] = await startTwo();
      const before = await certificate();
      expect(await first.end()).toBe(0);
      await eventually(async () => expect(await isLeading(second)).toBe(true));
      expect(await certificate()).toBe(before);
      await emptied();
      await eventually(async () => expect(await certificate()).toBeDefined());
    });

    it('is followed by the other when its lease has ended, if it is killed', async () => {
      const [first, second] = await startTwo();
      await first.end('SIGKILL');
      await eventually(async () => expect(await isLeading(second)).toBe(true), 40_000);
      await emptied();
      await eventually(async () => expect(await certificate()).toBeDefined());
    });
  });
});

/** Of an ExternalSecret that is as it should be. */
const review = JSON.stringify({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: 'uid',
    operation: 'CREATE',
    object: {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name: 'app', namespace: 'team' },
      spec: { secretStoreRef: { name: 'store' }, data: [{ secretKey: 'a', remoteRef: { key: 'a' } }] },
    },
  },
});
