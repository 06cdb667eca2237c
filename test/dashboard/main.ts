/**
 * `npm run docs:dashboard`: the picture of the dashboard for the documentation. The operator works on the dev server for
 * a while, with a cloud that fails and throttles now and then; a real Prometheus scrapes it; the panels of
 * `dashboard.json` are drawn from what Prometheus answers, by the small renderer beside this file (not by Grafana).
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { RunningComponents } from '../support/exports.ts';
import { readDashboard } from './dashboard.ts';
import { openPrometheus, type Prometheus } from './prometheus.ts';
import { drawDashboard } from './render.ts';
import { openWork } from './work.ts';

const run = promisify(execFile);
const root = new URL('../../', import.meta.url);
const durationMs = 240_000;
const chromium = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--hide-scrollbars',
];
const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];

const folder = await mkdtemp(join(tmpdir(), 'external-secrets-dashboard-'));
const work = await openWork();
const components = await RunningComponents.start(work.world.kubeconfigPath, work.environment);
const prometheus = await openPrometheus(folder, {
  operator: components.address('controller'),
  webhook: components.address('webhook'),
  'cert-controller': components.address('certcontroller'),
});
try {
  console.log(`working for ${durationMs / 60_000} minutes`);
  await Promise.race([work.run(durationMs), wait(durationMs + 60_000)]);
  await picture(prometheus);
} finally {
  await prometheus.stop();
  await components.stop();
  await work.stop();
  await rm(folder, { recursive: true });
}

async function picture(source: Prometheus): Promise<void> {
  const { html, heightPx, widthPx } = await drawDashboard(await readDashboard(), source, durationMs - 30_000);
  const page = join(folder, 'dashboard.html');
  await writeFile(page, html);
  await mkdir(new URL('docs/images/', root), { recursive: true });
  const target = new URL('docs/images/dashboard.png', root).pathname;
  const place = [`--user-data-dir=${join(folder, 'chromium')}`, `--window-size=${widthPx},${heightPx}`];
  await run('chromium', [...chromium, ...quiet, ...place, `--screenshot=${target}`, `file://${page}`]);
  console.log(target);
}
