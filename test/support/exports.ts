/** What the three components export while they run: scraped from processes of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAuthority } from '../../src/kube/testing/certificates.ts';
import { freePorts } from './controlplane.ts';
import { eventually } from './eventually.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export type Component = 'controller' | 'webhook' | 'certcontroller';

export class RunningComponents {
  readonly #children: ChildProcess[] = [];
  readonly #addresses = new Map<Component, string>();
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(folder: string, environment: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#environment = environment;
  }

  /** @param environment besides this process's own */
  static async start(
    kubeconfigPath: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<RunningComponents> {
    const folder = await mkdtemp(join(tmpdir(), 'external-secrets-components-'));
    await writeCertificate(folder);
    const components = new RunningComponents(folder, { ...process.env, ...environment, KUBECONFIG: kubeconfigPath });
    const [live, health, other, port] = await freePorts(4);
    await components.#run('controller', [`--live-addr=127.0.0.1:${live}`, '--enable-leader-election']);
    const webhook = [`--port=${port}`, `--cert-dir=${folder}`, '--dns-name=webhook'];
    await components.#run('webhook', ['webhook', ...webhook, `--healthz-addr=127.0.0.1:${health}`]);
    await components.#run('certcontroller', ['certcontroller', `--healthz-addr=127.0.0.1:${other}`]);
    return components;
  }

  /** In Prometheus' text format. */
  async scrape(component: Component): Promise<string> {
    return eventually(async () => (await fetch(`http://${this.address(component)}/metrics`)).text());
  }

  /** Host and port of its metrics. */
  address(component: Component): string {
    return this.#addresses.get(component) ?? '';
  }

  async stop(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    await rm(this.#folder, { recursive: true });
  }

  async #run(component: Component, args: readonly string[]): Promise<void> {
    const [port] = await freePorts(1);
    const address = `127.0.0.1:${port}`;
    const command = [main, ...args, `--metrics-addr=${address}`];
    this.#children.push(spawn(process.execPath, command, { env: this.#environment, stdio: 'ignore' }));
    this.#addresses.set(component, address);
  }
}

async function writeCertificate(folder: string): Promise<void> {
  const authority = await createAuthority('authority');
  const { cert, key } = await authority.issue('webhook', 90 * 24 * 3_600_000);
  const files = { 'tls.crt': cert, 'tls.key': key, 'ca.crt': authority.cert };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}
