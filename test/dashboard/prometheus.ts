/** A Prometheus on 127.0.0.1 that scrapes often. */
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
  /** As of now: one point a series. @throws with Prometheus' words when the query is none */
  instant(query: string): Promise<readonly Series[]>;
  stop(): Promise<void>;
}

type Point = readonly [number, string];

interface Answer {
  readonly error?: string;
  readonly data?: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      /** Of a range. */
      readonly values?: readonly Point[];
      /** Of an instant. */
      readonly value?: Point;
    }[];
  };
}

/** @param targets host and port of what it scrapes, by the name of the job */
export async function openPrometheus(
  folder: string,
  targets: Readonly<Record<string, string>>,
  scrapeIntervalMs = 5_000,
): Promise<Prometheus> {
  const unpacked = await cachedFolder('debian-prometheus', (unfinished) => unpackPackage('prometheus', unfinished));
  const [port] = await freePorts(1);
  const jobs = Object.entries(targets).map(([job, target]) => ({
    job_name: job,
    static_configs: [{ targets: [target] }],
  }));
  const file = join(folder, 'prometheus.json');
  // JSON is YAML.
  await writeFile(
    file,
    JSON.stringify({
      global: { scrape_interval: `${scrapeIntervalMs}ms`, scrape_timeout: `${scrapeIntervalMs}ms` },
      scrape_configs: jobs,
    }),
  );
  const place = [`--config.file=${file}`, `--storage.tsdb.path=${join(folder, 'data')}`];
  const args = [...place, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'];
  const child = spawn(join(unpacked, 'usr', 'bin', 'prometheus'), args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => {
    if (!(await fetch(`${url}/-/ready`)).ok) throw new Error('not ready');
  });
  return {
    range: (query, durationMs) => range(url, query, durationMs),
    instant: (query) => ask(`${url}/api/v1/query`, { query }),
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function range(url: string, query: string, durationMs: number): Promise<readonly Series[]> {
  const end = Date.now() / 1000;
  const start = end - durationMs / 1000;
  const step = durationMs / 1000 / 120;
  return ask(`${url}/api/v1/query_range`, { query, start: `${start}`, end: `${end}`, step: `${step}` });
}

async function ask(url: string, parameters: Readonly<Record<string, string>>): Promise<readonly Series[]> {
  const response = await fetch(`${url}?${new URLSearchParams(parameters).toString()}`);
  // Prometheus' documented form.
  const { data, error } = (await response.json()) as Answer;
  if (data === undefined) throw new Error(`${parameters['query']}: ${error}`);
  return data.result.map(({ metric, values, value }) => ({
    labels: metric,
    points: (values ?? [value ?? [0, 'NaN']]).map(([at, text]) => [at, Number(text)] as const),
  }));
}
