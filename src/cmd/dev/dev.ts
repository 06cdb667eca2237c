/** `external-secrets dev`: a cluster in this process, the operator on it, and what became of the manifests. */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pino } from 'pino';
import { controllerConfig, processEnvironment } from '../../config.ts';
import { controllerFlags } from '../../flags.ts';
import { defaultFlags } from '../../flagset.ts';
import { loadConnection } from '../../kube/config.ts';
import { openKubeClient } from '../../kube/open.ts';
import { whenAborted } from '../../lib/abort.ts';
import { createLogger } from '../../observability/logger.ts';
import { realClock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { userAgent } from '../../version.ts';
import { createOperator } from '../operator/operator.ts';
import { shutdownSignal } from '../shutdownsignal.ts';
import { startCluster } from './cluster.ts';
import { ManifestLoader } from './loader.ts';
import { watchManifests } from './manifests.ts';
import type { DevOptions } from './options.ts';
import { Overview, resourceOf } from './overview.ts';
import { Screen } from './screen.ts';
import { SecretFiles } from './secretfiles.ts';

/** @returns the exit code */
export async function runDev(options: DevOptions): Promise<number> {
  const clock = realClock;
  const screen = new Screen(process.stdout);
  const cluster = await startCluster({ clock, port: options.port, kubeconfigPath: options.kubeconfig });
  const logPath = join(cluster.folder, 'operator.log');
  const log = createLogger(
    { level: options.loglevel, timeEncoding: 'iso8601' },
    pino.destination({ dest: logPath, sync: true }),
  );
  screen.say(`kubectl --kubeconfig ${cluster.kubeconfigPath} get externalsecrets,secrets -A`);
  screen.say(`log: ${logPath}`);
  const files = options.out === undefined ? undefined : new SecretFiles(options.out);
  const stop = shutdownSignal(log);
  const environment = { ...processEnvironment(), KUBECONFIG: cluster.kubeconfigPath };
  const connection = await loadConnection({ environment, clock });
  const kube = await openKubeClient({ connection, clock, userAgent });
  const overview = new Overview({ kube, clock, log, screen, files });
  const loader = new ManifestLoader({ server: cluster.server, kube, resourceOf, say: (line) => screen.say(line) });
  const done = new AbortController();
  const ended = AbortSignal.any([stop, done.signal]);
  const watching = overview.run(ended);
  const operating = operate(environment, log, ended);
  try {
    await loader.load(options.file);
    if (options.once) return await settled(overview, options.timeout * 1000, ended, screen);
    const unwatch = watchManifests(options.file, () => void reload(loader, options.file, screen));
    await whenAborted(ended);
    unwatch();
    return 0;
  } finally {
    done.abort();
    await Promise.all([watching, operating]);
    await files?.settle();
    await kube.close();
    await cluster.stop();
  }
}

/** The operator as it always is, without its endpoints. */
async function operate(
  environment: Readonly<Record<string, string | undefined>>,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const config = controllerConfig(defaultFlags(controllerFlags), environment);
  const connection = await loadConnection({ environment, clock: realClock });
  const identity = `dev_${randomUUID()}`;
  const operator = await createOperator({ config, connection, clock: realClock, log, userAgent, identity });
  await operator.run(signal);
}

async function reload(loader: ManifestLoader, paths: readonly string[], screen: Screen): Promise<void> {
  try {
    await loader.load(paths);
  } catch (error) {
    screen.say(`cannot read the manifests: ${error instanceof Error ? error.message : 'unknown reason'}`);
  }
}

/** `--once`: 0 when all are ready, 1 when one failed or time is up. */
async function settled(overview: Overview, timeoutMs: number, signal: AbortSignal, screen: Screen): Promise<number> {
  const verdict = await overview.settled(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
  if (verdict === undefined) screen.say('gave up: not everything was dealt with in time');
  return verdict === true ? 0 : 1;
}
