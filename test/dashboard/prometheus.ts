/** A Prometheus on 127.0.0.1 that scrapes every five seconds. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedFolder } from '../support/cachefolder.ts';
import { freePorts } from '../support/controlplane.ts';
import { unpackPackage } from '../support/debian.ts';
import { eventually } from '../support/eventually.ts';

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds since 1970, and the value. */
  readonly points: readonly (readonly [number, number])[];
}

export interface Prometheus {
  /** The last `durationMs`, in 120 steps. @throws with Prometheus' words when the query is none */
  range(query: string, durationMs: number): Promise<readonly Series[]>;
  stop(): Promise<void>;
}

interface RangeAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data?: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly values: readonly (readonly [number, string])[];
    }[];
  };
}

export async function openPrometheus(folder: string, targets: Readonly<Record<string, string>>): Promise<Prometheus> {
  const unpacked = await cachedFolder('debian-prometheus', (unfinished) => unpackPackage('prometheus', unfinished));
  const [port] = await freePorts(1);
  const jobs = Object.entries(targets).map(([pod, target]) => ({
    job_name: pod,
    static_configs: [{ targets: [target], labels: { pod } }],
  }));
  const file = join(folder, 'prometheus.json');
  // JSON is YAML.
  await writeFile(file, JSON.stringify({ global: { scrape_interval: '5s' }, scrape_configs: jobs }));
  const place = [`--config.file=${file}`, `--storage.tsdb.path=${join(folder, 'data')}`];
  const args = [...place, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'];
  const child = spawn(join(unpacked, 'usr', 'bin', 'prometheus'), args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => {
    if (!(await fetch(`${url}/-/ready`)).ok) throw new Error('not ready');
  });
  return {
    range: (query, durationMs) => range(url, query, durationMs),
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function range(url: string, query: string, durationMs: number): Promise<readonly Series[]> {
  const end = Date.now() / 1000;
  const start = end - durationMs / 1000;
  const step = durationMs / 1000 / 120;
  const parameters = new URLSearchParams({ query, start: `${start}`, end: `${end}`, step: `${step}` });
  const answer = (await (await fetch(`${url}/api/v1/query_range?${parameters.toString()}`)).json()) as RangeAnswer;
  if (answer.data === undefined) throw new Error(`${query}: ${answer.error}`);
  return answer.data.result.map(({ metric, values }) => ({
    labels: metric,
    points: values.map(([at, value]) => [at, Number(value)] as const),
  }));
}
