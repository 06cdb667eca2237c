/** The cert-controller inside the test's process, on the world's cluster. */
import { createCertController } from '../../src/cmd/certcontroller/certcontroller.ts';
import { type CertControllerConfig, certControllerConfig } from '../../src/config.ts';
import { defaultTiming, type RotationTiming } from '../../src/controllers/webhookcertificate/rotation.ts';
import { certControllerFlags } from '../../src/flags.ts';
import { defaultFlags } from '../../src/flagset.ts';
import { loadConnection } from '../../src/kube/config.ts';
import { realClock } from '../../src/runtime/clock.ts';
import { RecordingLogger } from '../../src/runtime/testing/recordinglogger.ts';
import type { World } from './world.ts';

export interface RunningCertController {
  /** Everything it logged. */
  readonly log: RecordingLogger;
  readinessProblems(): readonly string[];
  /** Ends it in order. */
  stop(): Promise<void>;
}

export interface RunningCertControllerOptions {
  /** Of Secret and Service, which are both called `hook`. */
  readonly namespace: string;
  readonly changed?: Partial<CertControllerConfig>;
  readonly timing?: Partial<RotationTiming>;
}

export async function runCertControllerIn(
  world: Pick<World, 'kubeconfigPath'>,
  { namespace, changed = {}, timing = {} }: RunningCertControllerOptions,
): Promise<RunningCertController> {
  const environment = { KUBECONFIG: world.kubeconfigPath };
  const names = { 'service-name': 'hook', 'service-namespace': namespace };
  const secret = { 'secret-name': 'hook', 'secret-namespace': namespace };
  const values = new Map([...defaultFlags(certControllerFlags), ...Object.entries({ ...names, ...secret })]);
  const log = new RecordingLogger();
  const controller = await createCertController({
    config: { ...certControllerConfig(values, environment), ...changed },
    connection: await loadConnection({ environment, clock: realClock }),
    clock: realClock,
    log,
    userAgent: 'external-secrets/test',
    identity: crypto.randomUUID(),
    timing: { ...defaultTiming, ...timing },
  });
  const stopping = new AbortController();
  const running = controller.run(stopping.signal);
  return {
    log,
    readinessProblems: () => controller.readinessProblems(),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
