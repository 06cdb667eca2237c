/** A release of the chart on a control plane: what an administrator does to it, and its components as its pods would run them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kubeconfigYaml } from '../../src/devserver/kubeconfig.ts';
import { deploymentView, release, releaseNamespace } from './chart.ts';
import type { ControlPlaneState } from './controlplane.ts';
import type { Helm } from './helm.ts';
import { runKubectl } from './kubectl.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export class ChartRelease {
  readonly #helm: Helm;
  readonly #cluster: ControlPlaneState;

  constructor(helm: Helm, cluster: ControlPlaneState) {
    this.#helm = helm;
    this.#cluster = cluster;
  }

  /** @throws with kubectl's own words */
  async kubectl(args: readonly string[], input?: string): Promise<string> {
    const { binary, kubeconfigPath } = this.#cluster;
    const { code, stdout, stderr } = await runKubectl([binary, 'kubectl'], args, { kubeconfigPath, input });
    if (code !== 0) throw new Error(stderr);
    return stdout;
  }

  /** In the namespace of the release, as a kubeconfig's context would say. @throws with Helm's own words */
  async helm(command: string, ...args: readonly string[]): Promise<void> {
    const environment = { KUBECONFIG: this.#cluster.kubeconfigPath, HELM_NAMESPACE: releaseNamespace };
    const { code, stderr } = await this.#helm([command, release, ...args], environment);
    if (code !== 0) throw new Error(stderr);
  }

  /** An object in the namespace of the release. */
  async get(kind: string, name: string): Promise<unknown> {
    return JSON.parse(await this.kubectl(['get', kind, name, '--namespace', releaseNamespace, '--output', 'json']));
  }

  /** With the arguments of the Deployment, then `flags`, and the permissions of its ServiceAccount. */
  async start(deployment: string, flags: readonly string[]): Promise<ReleasedProcess> {
    const { args, serviceAccountName } = deploymentView(await this.get('deployment', deployment));
    const token = await this.kubectl(['create', 'token', serviceAccountName, '--namespace', releaseNamespace]);
    const { url, caCertificate, folder } = this.#cluster;
    const path = join(folder, `${deployment}.kubeconfig`);
    const config = kubeconfigYaml({ url, caCertificate, token: token.trim() });
    await writeFile(path, config.replace('namespace: default', `namespace: ${releaseNamespace}`));
    return new ReleasedProcess([main, ...args, ...flags], path);
  }
}

export class ReleasedProcess {
  readonly #child: ChildProcess;
  #log = '';

  constructor(args: readonly string[], kubeconfigPath: string) {
    const env = { ...process.env, KUBECONFIG: kubeconfigPath };
    this.#child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.#log += chunk;
      });
    }
  }

  /** All that it printed. */
  get log(): string {
    return this.#log;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** @returns its exit code */
  async end(): Promise<number | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    this.#child.kill('SIGTERM');
    const [code] = (await once(this.#child, 'exit')) as [number | null];
    return code;
  }
}
