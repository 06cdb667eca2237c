/** The measurements, each as figures by name. What is measured, and how, follows docs/performance.md. */
import { setTimeout as wait } from 'node:timers/promises';
import { externalSecrets } from '../../src/api/resources.ts';
import { secrets } from '../../src/kube/resources.ts';
import { splitKey } from '../../src/runtime/key.ts';
import { between, type RequestCounts, requestCounts, total } from './apirequests.ts';
import { createExternalSecrets, type LoadOptions } from './load.ts';
import { Readiness } from './readiness.ts';
import type { Operator, Stage } from './stage.ts';

/** In the order in which they are printed. */
export type Figures = Readonly<Record<string, string>>;

const readyTimeoutMs = 600_000;

/** With nothing to do: how long until its caches are filled, and how much memory it takes. */
export async function measureStart(stage: Stage): Promise<Figures> {
  const operator = await stage.startOperator();
  const readyMs = await Promise.race([whenReady(operator), operator.process.failure]);
  await wait(15_000);
  const { now } = operator.process.memoryMb();
  await operator.process.stop();
  return { 'start to first list': `${readyMs.toFixed(0)} ms`, 'idle RSS': `${now.toFixed(0)} MB` };
}

export interface FirstSync {
  readonly figures: Figures;
  readonly operator: Operator;
  readonly keys: readonly string[];
  readonly cpuMsPerSync: number;
}

/** All ExternalSecrets exist before the operator starts, and none was ever synced. */
export async function measureFirstSync(stage: Stage, load: LoadOptions): Promise<FirstSync> {
  const keys = await createExternalSecrets(stage.kube, load);
  const readiness = new Readiness(stage.kube);
  await readiness.synced();
  await stage.resetAwsCalls();
  const before = await requestCounts(stage.raw);
  const operator = await stage.startOperator();
  const readyAt = await Promise.race([readiness.whenReady(keys, readyTimeoutMs), operator.process.failure]);
  const cpuMs = operator.process.cpuMs();
  await wait(2_000); // Events are still on their way.
  const requests = between(before, await requestCounts(stage.raw));
  readiness.stop();
  const [first = 0, last = 0] = [readyAt[0], readyAt.at(-1)];
  const { peak } = operator.process.memoryMb();
  return {
    operator,
    keys,
    cpuMsPerSync: cpuMs / keys.length,
    figures: {
      'first syncs per second': (((keys.length - 1) * 1000) / (last - first)).toFixed(0),
      'start to last ready': `${((last - operator.process.startedAt) / 1000).toFixed(1)} s`,
      'operator CPU per sync': `${(cpuMs / keys.length).toFixed(2)} ms`,
      'API requests per sync': perUnit(requests, keys.length),
      'provider calls': describeCalls(await stage.awsCalls()),
      'peak RSS': `${peak.toFixed(0)} MB`,
    },
  };
}

/** A template is patched, and its Secret is read until the change shows; the provider's time is inside. */
export async function measureEdits(stage: Stage, keys: readonly string[], rounds: number): Promise<Figures> {
  const takenMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { namespace = '', name } = splitKey(keys[(round * 37) % keys.length] ?? '');
    const url = `round-${round}-{{ .username }}`;
    const startedAt = performance.now();
    const patch = { spec: { target: { template: { data: { url } } } } };
    await stage.kube.mergePatch(externalSecrets, { namespace, name }, patch);
    while (!(await secretStartsWith(stage, namespace, name.replace('-es-', '-s-'), `round-${round}-`))) await wait(2);
    takenMs.push(performance.now() - startedAt);
  }
  takenMs.sort((a, b) => a - b);
  const at = (part: number): string => `${(takenMs[Math.floor(part * (takenMs.length - 1))] ?? 0).toFixed(0)} ms`;
  return { 'edit to updated Secret, p50': at(0.5), 'edit to updated Secret, p95': at(0.95) };
}

/** Nothing changes anywhere: what do periodic refreshes cost? */
export async function measureRefreshes(
  stage: Stage,
  load: LoadOptions,
  intervalMs: number,
  title: string,
): Promise<Figures> {
  const keys = await createExternalSecrets(stage.kube, load);
  const readiness = new Readiness(stage.kube);
  const operator = await stage.startOperator();
  await Promise.race([readiness.whenReady(keys, readyTimeoutMs), operator.process.failure]);
  readiness.stop();
  await wait(intervalMs); // Refreshes find their phase.
  await stage.resetAwsCalls();
  const [before, cpuBefore] = [await requestCounts(stage.raw), operator.process.cpuMs()];
  const rounds = 2;
  await wait(rounds * intervalMs);
  const refreshes = keys.length * rounds;
  const requests = between(before, await requestCounts(stage.raw));
  const cpuMs = operator.process.cpuMs() - cpuBefore;
  const calls = await stage.awsCalls();
  await operator.process.stop();
  return {
    [`${title}: API requests per refresh`]: perUnit(requests, refreshes),
    [`${title}: provider calls per round`]: (sum(calls) / rounds).toFixed(1),
    [`${title}: operator CPU per refresh`]: `${(cpuMs / refreshes).toFixed(2)} ms`,
  };
}

async function whenReady(operator: Operator): Promise<number> {
  for (;;) {
    const answer = await fetch(operator.readyUrl).catch(() => undefined);
    if (answer?.status === 200) return performance.now() - operator.process.startedAt;
    await wait(10);
  }
}

async function secretStartsWith(stage: Stage, namespace: string, name: string, text: string): Promise<boolean> {
  const { data = {} } = await stage.kube.get(secrets, { namespace, name });
  return Buffer.from(data['url'] ?? '', 'base64')
    .toString()
    .startsWith(text);
}

function perUnit(requests: RequestCounts, count: number): string {
  const parts = Array.from(requests, ([key, requestCount]) => `${key} ${(requestCount / count).toFixed(2)}`);
  const shown = parts.filter((part) => !part.endsWith(' 0.00'));
  return `${(total(requests) / count).toFixed(2)} (${shown.join(', ')})`;
}

function describeCalls(calls: Readonly<Record<string, number>>): string {
  return `${sum(calls)} (${Object.entries(calls)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')})`;
}

function sum(calls: Readonly<Record<string, number>>): number {
  return Object.values(calls).reduce((total, count) => total + count, 0);
}
