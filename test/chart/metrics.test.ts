/** The dashboard and the alerts ask only for what a running operator exports. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePorts } from '../support/controlplane.ts';
import { eventually } from '../support/eventually.ts';
import { startWorld, type World } from '../support/world.ts';

const files = new URL('../../charts/external-secrets/files/', import.meta.url);
const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const metricPattern = /\b(?:[a-z]*(?:externalsecret|secretstore)|workqueue|controller_runtime)_[a-z_]+/g;

let world: World;
let operator: ChildProcess;
let exported: string;

beforeAll(async () => {
  world = await startWorld();
  const [metrics, live] = await freePorts(2);
  const args = [`--metrics-addr=127.0.0.1:${metrics}`, `--live-addr=127.0.0.1:${live}`];
  const env = { ...process.env, KUBECONFIG: world.kubeconfigPath };
  operator = spawn(process.execPath, [main, ...args], { env, stdio: 'ignore' });
  exported = await eventually(async () => (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text());
});

afterAll(async () => {
  operator.kill('SIGKILL');
  await world.stop();
});

it.each(['dashboard.json', 'alerts.yaml'])('every metric in %s is exported', async (file) => {
  const text = await readFile(new URL(file, files), 'utf8');
  const asked = new Set([...text.matchAll(metricPattern)].map(([name]) => name.replace(/_bucket$/, '')));
  const known = new Set([...exported.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  expect(asked.size).toBeGreaterThan(3);
  expect([...asked].filter((name) => !known.has(name))).toEqual([]);
});
