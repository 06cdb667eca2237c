/** The server and its certificate, over real TLS. */

import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Authority, createAuthority, type KeyPair } from '../kube/testing/certificates.ts';
import { FakeClock } from '../runtime/testing/fakeclock.ts';
import { RecordingLogger } from '../runtime/testing/recordinglogger.ts';
import { CertificateWatch } from './certificatewatch.ts';
import { serveWebhook, type WebhookServer } from './server.ts';
import type { Validator } from './validators.ts';

const review = {
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: { uid: 'u', operation: 'CREATE' },
};
const long = 'w'.repeat(1_000);

describe('the webhook', () => {
  let authority: Authority;
  let first: KeyPair;
  let second: KeyPair;
  let server: WebhookServer;
  let agent: Agent;
  let folder: string;
  let log: RecordingLogger;
  let clock: FakeClock;
  let watch: CertificateWatch;
  let codes: number[];

  beforeAll(async () => {
    authority = await createAuthority('authority');
    [first, second] = await Promise.all([authority.issue('first'), authority.issue('second')]);
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'external-secrets-webhook-'));
    log = new RecordingLogger();
    clock = new FakeClock(Date.now());
    codes = [];
    const validators = new Map<string, Validator>([
      ['/deny', () => ({ errors: ['no', 'never'], warnings: [] })],
      ['/warn', () => ({ errors: [], warnings: [long] })],
    ]);
    server = await serveWebhook({
      port: 0,
      host: '127.0.0.1',
      validators,
      onCall: ({ code }) => codes.push(code),
      log,
    });
    const options = {
      minVersion: 'TLSv1.2',
      ciphers: [],
      checkIntervalMs: 60_000,
      lookaheadMs: 0,
      clock,
      log,
    } as const;
    watch = new CertificateWatch({ folder, dnsName: 'first', ...options, onLoaded: (tls) => server.serveWith(tls) });
    agent = new Agent({ keepAlive: true, ca: authority.cert });
  });

  afterEach(async () => {
    agent.destroy();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  interface Answer {
    readonly status: number;
    readonly body: string;
  }

  function send(path: string, body: string, method = 'POST', headers: Record<string, number> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: server.port, path, method, agent, headers };
      const outgoing = request(options, (message) => {
        let text = '';
        message.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        message.on('end', () => resolve({ status: message.statusCode ?? 0, body: text }));
      });
      outgoing.on('error', reject);
      if (headers['content-length'] === undefined) outgoing.end(body);
      else outgoing.write(body);
    });
  }

  function servedName(): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: server.port, ca: authority.cert }, () => {
        resolve(String(socket.getPeerCertificate().subject.CN));
        socket.destroy();
      });
      socket.on('error', reject);
    });
  }

  it('shakes no hand before it has a certificate, and does from then on', async () => {
    await expect(send('/deny', '')).rejects.toThrow();
    server.serveWith(first);
    expect(await send('/deny', JSON.stringify(review))).toMatchObject({ status: 200 });
  });

  it('keeps connections while the certificate changes, and serves new ones with the new one', async () => {
    server.serveWith(first);
    await send('/deny', JSON.stringify(review));
    server.serveWith(second);
    expect(await send('/deny', JSON.stringify(review))).toMatchObject({ status: 200 });
    expect(await servedName()).toBe('second');
  });

  it('does not wait for a connection that never carried a call', async () => {
    server.serveWith(first);
    const reserve = connect({ host: '127.0.0.1', port: server.port, ca: authority.cert });
    await once(reserve, 'secureConnect');
    reserve.on('error', () => undefined); // It may end with a reset.
    const ended = new Promise((resolve) => reserve.resume().once('close', resolve));
    await server.close();
    await ended;
  });

  it('answers the calls that it has before it closes', async () => {
    server.serveWith(first);
    const body = JSON.stringify(review);
    const slow = request({ host: '127.0.0.1', port: server.port, path: '/deny', method: 'POST', agent });
    slow.write(body.slice(0, 10));
    const answer = once(slow, 'response') as Promise<[IncomingMessage]>;
    await vi.waitFor(() => expect(slow.socket?.bytesWritten).toBeGreaterThan(0));
    await send('/deny', body); // By then the server has the beginning of the slow one.
    const closed = server.close();
    slow.end(body.slice(10));
    const [message] = await answer;
    expect(message.statusCode).toBe(200);
    message.resume();
    await closed;
  });

  describe('answers', () => {
    beforeEach(() => server.serveWith(first));

    it('a refusal with all reasons, in the version that was asked in', async () => {
      const { body } = await send(
        '/deny?timeout=5s',
        JSON.stringify({ ...review, apiVersion: 'admission.k8s.io/v1beta1' }),
      );
      expect(JSON.parse(body)).toEqual({
        apiVersion: 'admission.k8s.io/v1beta1',
        kind: 'AdmissionReview',
        response: { uid: 'u', allowed: false, status: { code: 403, reason: 'Forbidden', message: 'no\nnever' } },
      });
    });

    it('a warning cut to what API servers pass on', async () => {
      const { body } = await send('/warn', JSON.stringify(review));
      expect(JSON.parse(body)).toMatchObject({ response: { allowed: true, warnings: [`${'w'.repeat(255)}…`] } });
    });

    it.each([
      ['another path', '/other', 'POST', '{}', 404],
      ['another method', '/deny', 'GET', '', 405],
      ['what is no JSON', '/deny', 'POST', '{', 400],
      ['what is no review', '/deny', 'POST', '{"kind":"Pod"}', 400],
    ])('%s with what is wrong', async (_, path, method, body, status) => {
      expect(await send(path, body, method)).toMatchObject({ status });
      expect(codes).toEqual([status]);
    });

    it('a body that is too large without reading it', async () => {
      expect(await send('/deny', '{', 'POST', { 'content-length': 8 * 1024 * 1024 })).toMatchObject({ status: 413 });
    });
  });

  describe('takes from its files', () => {
    const files = (pair: KeyPair, ca = authority.cert): Record<string, string> => ({
      'tls.crt': pair.cert,
      'tls.key': pair.key,
      'ca.crt': ca,
    });
    const write = async (contents: Readonly<Record<string, string>>): Promise<void> => {
      for (const [name, text] of Object.entries(contents)) await writeFile(join(folder, name), text);
    };
    const load = (): Promise<void> => watch.whenLoaded(0, new AbortController().signal);

    it.each<[string, () => Promise<Record<string, string>>, string]>([
      ['nothing', async () => ({}), 'cannot be read'],
      ['an empty Secret', async () => ({ 'tls.crt': '', 'tls.key': '', 'ca.crt': '' }), 'is empty'],
      ['no certificate', async () => ({ ...files(first), 'tls.crt': 'x' }), 'tls.crt cannot be read as PEM'],
      ['no key', async () => ({ ...files(first), 'tls.key': 'x' }), 'tls.key cannot be read as PEM'],
      ['the key of another', async () => ({ ...files(first), 'tls.key': second.key }), 'is not the key of tls.crt'],
      ['a certificate for another name', async () => files(second), 'is not for first'],
      ['another authority', async () => files(first, (await createAuthority('x')).cert), 'is not signed by its ca.crt'],
    ])('%s, and says what is wrong', async (_, contents, message) => {
      await write(await contents());
      await expect(load()).rejects.toThrow(message);
      expect(watch.problem).toContain(message);
      expect(JSON.stringify(log.lines)).not.toContain('PRIVATE KEY');
    });

    it('no certificate that has ended', async () => {
      await write(files(first));
      clock.advance(2 * 3_600_000);
      await expect(load()).rejects.toThrow('ended at');
    });

    it('a good certificate, until that ends', async () => {
      await write(files(first));
      await load();
      expect(await servedName()).toBe('first');
      expect(watch.problem).toBeUndefined();
      clock.advance(2 * 3_600_000);
      expect(watch.problem).toBe('the certificate has ended');
    });

    it('a renewed one in place of the old, and nothing bad in place of a good one', async () => {
      await write(files(first));
      await load();
      await write({ ...files(first), 'tls.key': 'half written' });
      await load();
      expect(watch.problem).toBeUndefined();
      const renewed = await authority.issue('first');
      await write(files(renewed));
      await load();
      expect(log.lines.filter(({ message }) => message === 'certificate loaded')).toHaveLength(2);
      expect(await send('/deny', JSON.stringify(review))).toMatchObject({ status: 200 });
    });
  });
});
