/** kubectl: the one inside the control plane's binary, or the machine's own. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { controlPlaneModule } from './controlplane.ts';
import { binaryPath } from './gobinary.ts';

/** A command and the arguments that come before kubectl's own. */
export type KubectlCommand = readonly [command: string, ...args: string[]];

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Undefined: there is none, and none is built for its sake. */
export async function findKubectl(): Promise<KubectlCommand | undefined> {
  const binary = await binaryPath(controlPlaneModule);
  if (existsSync(binary)) return [binary, 'kubectl'];
  return isOnPath() ? ['kubectl'] : undefined;
}

export interface KubectlOptions {
  readonly kubeconfigPath: string;
  readonly input?: string | undefined;
  readonly timeoutMs?: number;
}

/** Never rejects because of what kubectl says. */
export function runKubectl(
  [command, ...prefix]: KubectlCommand,
  args: readonly string[],
  { kubeconfigPath, input, timeoutMs = 60_000 }: KubectlOptions,
): Promise<KubectlResult> {
  const env = { ...process.env, KUBECONFIG: kubeconfigPath };
  return new Promise((resolve) => {
    const child = execFile(command, [...prefix, ...args], { env, timeout: timeoutMs }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : Number(error !== null);
      resolve({ code, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

function isOnPath(): boolean {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
