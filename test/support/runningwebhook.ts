/** The admission webhook inside the test's process. */
import { loadAll } from '../../src/provider/registry.ts';
import { providers } from '../../src/providers/registry.generated.ts';
import { realClock } from '../../src/runtime/clock.ts';
import { RecordingLogger } from '../../src/runtime/testing/recordinglogger.ts';
import { CertificateWatch } from '../../src/webhook/certificatewatch.ts';
import { serveWebhook, type WebhookServer } from '../../src/webhook/server.ts';
import { validatorsByPath } from '../../src/webhook/validators.ts';

export interface RunningWebhook {
  readonly server: WebhookServer;
  readonly watch: CertificateWatch;
  readonly log: RecordingLogger;
  /** HTTP statuses, by path. */
  readonly calls: { readonly path: string; readonly code: number }[];
  stop(): Promise<void>;
}

/** How often it looks for a new certificate. */
const checkIntervalMs = 100;

/** On 127.0.0.1, for the name `localhost`. */
export async function runWebhookFrom(folder: string): Promise<RunningWebhook> {
  const log = new RecordingLogger();
  const calls: { readonly path: string; readonly code: number }[] = [];
  const server = await serveWebhook({
    port: 0,
    host: '127.0.0.1',
    validators: validatorsByPath(await loadAll(providers)),
    onCall: ({ path, code }) => calls.push({ path, code }),
    log,
  });
  const watch = new CertificateWatch({
    folder,
    dnsName: 'localhost',
    minVersion: 'TLSv1.2',
    ciphers: [],
    checkIntervalMs,
    lookaheadMs: 0,
    onLoaded: (tls) => server.serveWith(tls),
    clock: realClock,
    log,
  });
  const stopping = new AbortController();
  const running = watch.run(stopping.signal);
  return {
    server,
    watch,
    log,
    calls,
    async stop() {
      stopping.abort();
      await running;
      await server.close();
    },
  };
}
