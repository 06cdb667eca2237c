/** A component as users run it: a process of its own, with its flags, its output and its endpoints. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePorts } from './controlplane.ts';
import { eventually } from './eventually.ts';
import type { World } from './world.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface ChildOperatorOptions {
  /** Default: the controller. */
  readonly command?: 'webhook' | 'certcontroller';
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export class ChildOperator {
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | null>;
  readonly #metricsUrl: string;
  readonly #liveUrl: string;
  #output = '';

  private constructor(child: ChildProcess, metricsUrl: string, liveUrl: string) {
    this.#child = child;
    this.#metricsUrl = metricsUrl;
    this.#liveUrl = liveUrl;
    this.#exit = once(child, 'exit').then(([code]) => code as number | null);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.#output += chunk;
      });
    }
  }

  /** Started, but not ready yet. */
  static async start(
    world: Pick<World, 'kubeconfigPath'>,
    { command, flags = [], environment = {} }: ChildOperatorOptions = {},
  ): Promise<ChildOperator> {
    const [metricsPort, livePort] = await freePorts(2);
    const [metrics, live] = [`127.0.0.1:${metricsPort}`, `127.0.0.1:${livePort}`];
    const health = command === undefined ? `--live-addr=${live}` : `--healthz-addr=${live}`;
    const args = [main, ...(command === undefined ? [] : [command]), `--metrics-addr=${metrics}`, health, ...flags];
    const env = { PATH: process.env['PATH'] ?? '', ...environment, KUBECONFIG: world.kubeconfigPath };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    return new ChildOperator(child, `http://${metrics}`, `http://${live}`);
  }

  /** All that it printed. */
  get output(): string {
    return this.#output;
  }

  get hasExited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Waits until it says that it is ready. */
  async ready(): Promise<void> {
    await eventually(async () => {
      const { status, body } = await this.readyz();
      if (status !== 200) throw new Error(`not ready: ${body}\n${this.#output.slice(-500)}`);
    });
  }

  metrics(): Promise<Answer> {
    return get(`${this.#metricsUrl}/metrics`);
  }

  healthz(): Promise<Answer> {
    return get(`${this.#liveUrl}/healthz`);
  }

  readyz(): Promise<Answer> {
    return get(`${this.#liveUrl}/readyz`);
  }

  /** @returns its exit code; null when the signal itself ended it */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.#child.kill(signal);
    return this.#exit;
  }
}

async function get(url: string): Promise<Answer> {
  const answer = await fetch(url);
  return { status: answer.status, body: await answer.text() };
}
