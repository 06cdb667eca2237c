/** Everything that a measurement needs around the operator: a control plane, an AWS endpoint, the store. */
import { join } from 'node:path';
import type { KubeClient } from '../../src/kube/client.ts';
import { loadConnection } from '../../src/kube/config.ts';
import { openKubeClient } from '../../src/kube/open.ts';
import { realClock } from '../../src/runtime/clock.ts';
import { Applier } from '../support/applier.ts';
import { type ControlPlaneState, freePorts, startControlPlane, stopControlPlane } from '../support/controlplane.ts';
import { readDefinitions } from '../support/definitions.ts';
import { RawClient } from '../support/rawclient.ts';
import { MeasuredProcess } from './childprocess.ts';
import { createStore } from './load.ts';

export interface Stage {
  readonly kube: KubeClient;
  readonly raw: RawClient;
  /** @param flags besides those that every run has */
  startOperator(flags?: readonly string[]): Promise<Operator>;
  /** Calls of the AWS endpoint by operation since the last reset. */
  awsCalls(): Promise<Readonly<Record<string, number>>>;
  resetAwsCalls(): Promise<void>;
  stop(): Promise<void>;
}

export interface Operator {
  readonly process: MeasuredProcess;
  readonly metricsUrl: string;
  readonly readyUrl: string;
}

/** @param main the bundle's entry: measured is what users run */
export async function openStage(main: string): Promise<Stage> {
  const state = await startControlPlane();
  const aws = new MeasuredProcess([join(import.meta.dirname, 'awsstub.ts')], {}, join(state.folder, 'aws.log'));
  const awsUrl = `http://127.0.0.1:${await aws.firstLine()}`;
  const { kube, raw } = await clientsOf(state);
  await installDefinitions(raw);
  await createStore(kube);
  const operators: MeasuredProcess[] = [];
  return {
    kube,
    raw,
    async startOperator(flags = []) {
      const operator = await startOperator({ state, awsUrl, main, number: operators.length }, flags);
      operators.push(operator.process);
      return operator;
    },
    awsCalls: async () => (await (await fetch(`${awsUrl}/stats`)).json()) as Record<string, number>,
    async resetAwsCalls() {
      await fetch(`${awsUrl}/reset`, { method: 'POST' });
    },
    async stop() {
      for (const operator of operators) await operator.stop();
      await aws.stop();
      await kube.close();
      raw.close();
      await stopControlPlane(state);
    },
  };
}

async function clientsOf(state: ControlPlaneState): Promise<{ kube: KubeClient; raw: RawClient }> {
  const connection = await loadConnection({ environment: { KUBECONFIG: state.kubeconfigPath }, clock: realClock });
  const kube = await openKubeClient({ connection, clock: realClock, userAgent: 'bench/1.0' });
  return { kube, raw: await RawClient.open(connection) };
}

async function installDefinitions(raw: RawClient): Promise<void> {
  const applier = new Applier(raw);
  for (const definition of await readDefinitions()) await applier.applyObject(definition, 'default');
}

interface OperatorPlace {
  readonly state: ControlPlaneState;
  readonly awsUrl: string;
  readonly main: string;
  readonly number: number;
}

async function startOperator(
  { state, awsUrl, main, number }: OperatorPlace,
  flags: readonly string[],
): Promise<Operator> {
  const [metrics, live] = await freePorts(2);
  const args = [main, `--metrics-addr=127.0.0.1:${metrics}`, `--live-addr=127.0.0.1:${live}`, ...flags];
  const environment = { KUBECONFIG: state.kubeconfigPath, AWS_SECRETSMANAGER_ENDPOINT: awsUrl };
  const process = new MeasuredProcess(args, environment, join(state.folder, `operator-${number}.log`));
  return { process, metricsUrl: `http://127.0.0.1:${metrics}/metrics`, readyUrl: `http://127.0.0.1:${live}/readyz` };
}
