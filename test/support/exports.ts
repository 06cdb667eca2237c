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
  readonly #urls = new Map<Component, string>();
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async start(kubeconfigPath: string): Promise<RunningComponents> {
    const folder = await mkdtemp(join(tmpdir(), 'external-secrets-components-'));
    await writeCertificate(folder);
    const components = new RunningComponents(folder);
    const [live, health, other, port] = await freePorts(4);
    await components.#run('controller', kubeconfigPath, [`--live-addr=127.0.0.1:${live}`]);
    const webhook = [`--port=${port}`, `--cert-dir=${folder}`, '--dns-name=127.0.0.1'];
    await components.#run('webhook', kubeconfigPath, ['webhook', ...webhook, `--healthz-addr=127.0.0.1:${health}`]);
    await components.#run('certcontroller', kubeconfigPath, ['certcontroller', `--healthz-addr=127.0.0.1:${other}`]);
    return components;
  }

  /** In Prometheus' text format. */
  async scrape(component: Component): Promise<string> {
    return eventually(async () => (await fetch(this.#urls.get(component) ?? '')).text());
  }

  async stop(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    await rm(this.#folder, { recursive: true });
  }

  async #run(component: Component, kubeconfigPath: string, args: readonly string[]): Promise<void> {
    const [port] = await freePorts(1);
    const address = `127.0.0.1:${port}`;
    const env = { ...process.env, KUBECONFIG: kubeconfigPath };
    this.#children.push(
      spawn(process.execPath, [main, ...args, `--metrics-addr=${address}`], { env, stdio: 'ignore' }),
    );
    this.#urls.set(component, `http://${address}/metrics`);
  }
}

async function writeCertificate(folder: string): Promise<void> {
  const authority = await createAuthority('authority');
  const { cert, key } = await authority.issue('webhook');
  const files = { 'tls.crt': cert, 'tls.key': key, 'ca.crt': authority.cert };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}
