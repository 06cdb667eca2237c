/** The whole operator inside the test's process, on the world's cluster. */

import type { Registry } from 'prom-client';
import { createOperator } from '../../src/cmd/operator/operator.ts';
import { controllerConfig } from '../../src/config.ts';
import { controllerFlags } from '../../src/flags.ts';
import { defaultFlags, type FlagValue } from '../../src/flagset.ts';
import { loadConnection } from '../../src/kube/config.ts';
import { realClock } from '../../src/runtime/clock.ts';
import { RecordingLogger } from '../../src/runtime/testing/recordinglogger.ts';
import type { World } from './world.ts';

export interface RunningOperator {
  /** Everything it logged. */
  readonly log: RecordingLogger;
  readonly registry: Registry;
  /** Why it is not ready; empty once its caches are filled. */
  readinessProblems(): readonly string[];
  /** Ends it in order. */
  stop(): Promise<void>;
}

export interface RunningOperatorOptions {
  /** Absent: it looks at all namespaces, also those of other tests. */
  readonly namespace?: string;
  /** That differ from the defaults, by name. */
  readonly flags?: Readonly<Record<string, FlagValue>>;
  /** What providers read of the environment, such as endpoints. */
  readonly environment?: Readonly<Record<string, string>>;
}

export async function runOperator(
  world: Pick<World, 'kubeconfigPath'>,
  { namespace, flags = {}, environment: forProviders = {} }: RunningOperatorOptions,
): Promise<RunningOperator> {
  const environment = { ...forProviders, KUBECONFIG: world.kubeconfigPath };
  const changed = { ...flags, ...(namespace !== undefined && { namespace }) };
  const values = new Map([...defaultFlags(controllerFlags), ...Object.entries(changed)]);
  const log = new RecordingLogger();
  const operator = await createOperator({
    config: controllerConfig(values, environment),
    connection: await loadConnection({ environment, clock: realClock }),
    clock: realClock,
    log,
    userAgent: 'external-secrets/test',
    identity: crypto.randomUUID(),
  });
  const stopping = new AbortController();
  const running = operator.run(stopping.signal);
  return {
    log,
    registry: operator.registry,
    readinessProblems: () => operator.readinessProblems(),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
