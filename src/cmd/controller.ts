/** `external-secrets` without a sub-command: the controller, with ESO's flags. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Command } from 'commander';
import type { Registry } from 'prom-client';
import { type AdmissionConfig, type ControllerConfig, controllerConfig, processEnvironment } from '../config.ts';
import { controllerFlags } from '../flags.ts';
import { addFlags, readFlags } from '../flagset.ts';
import { loadConnection } from '../kube/config.ts';
import { createLogger } from '../observability/logger.ts';
import { realClock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import { userAgent, version } from '../version.ts';
import { openEndpoints } from './endpoints.ts';
import { boundHeap } from './heapbounds.ts';
import { createOperator } from './operator/operator.ts';
import { shutdownSignal } from './shutdownsignal.ts';
import { runTogether } from './together.ts';
import type { OpenWebhook } from './webhookserver.ts';

/** Makes `command` the controller. */
export function addController(command: Command): void {
  addFlags(command, controllerFlags);
  command.action(async () => {
    await runController(controllerConfig(readFlags(command, controllerFlags), processEnvironment()));
  });
}

/** Loaded by those alone who are the webhook as well: admission needs the schemas of every provider. */
async function openAdmission({ webhook }: AdmissionConfig, registry: Registry, log: Logger): Promise<OpenWebhook> {
  const { openWebhook } = await import('./webhookserver.ts');
  return openWebhook({ config: webhook, registry, clock: realClock, log });
}

/** Runs until SIGTERM or SIGINT. @throws when there is no cluster, an address is taken, or the lease is lost */
async function runController(config: ControllerConfig): Promise<void> {
  boundHeap();
  const clock = realClock;
  const log = createLogger(config.log);
  const connection = await loadConnection({ environment: config.environment, clock });
  const identity = `${hostname()}_${randomUUID()}`;
  log.info({ version, server: connection.server.href, namespace: config.namespace ?? 'all' }, 'starting');
  const operator = await createOperator({ config, connection, clock, log, userAgent, identity });
  const webhook = config.admission && (await openAdmission(config.admission, operator.registry, log));
  const endpoints = await openEndpoints(config, operator, webhook);
  const parts = [(signal: AbortSignal) => operator.run(signal)];
  if (webhook !== undefined) parts.push((signal) => webhook.run(signal));
  try {
    await runTogether(shutdownSignal(log), parts);
  } finally {
    // Calls are answered until the operator has stopped.
    await Promise.all([webhook?.close(), endpoints.close()]);
  }
  log.info({}, 'stopped');
}
