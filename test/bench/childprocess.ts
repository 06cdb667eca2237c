/** Processes that are measured from outside, by what the kernel counts of them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';

/** `USER_HZ`: the unit of CPU times in /proc on Linux. */
const ticksPerSecond = 100;

export class MeasuredProcess {
  readonly #child: ChildProcess;
  readonly startedAt = performance.now();
  /** Rejects when the process ends before it is told to. */
  readonly failure: Promise<never>;
  #isStopping = false;

  constructor(args: readonly string[], environment: Readonly<Record<string, string>>, logPath: string) {
    this.#child = spawn(process.execPath, args, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stderr?.pipe(createWriteStream(logPath));
    this.failure = new Promise((_, reject) => {
      this.#child.once('exit', (code) => {
        if (!this.#isStopping)
          reject(new Error(`${args[0]} ended with ${code}: ${readFileSync(logPath, 'utf8').slice(-500)}`));
      });
    });
    // Whoever waits for the process hears of it.
    this.failure.catch(() => undefined);
  }

  /** The first line that the process prints. */
  async firstLine(): Promise<string> {
    const [chunk] = (await once(this.#child.stdout ?? raise('no output'), 'data')) as [Buffer];
    return chunk.toString().trim();
  }

  /** User and system time, in milliseconds. */
  cpuMs(): number {
    const stat = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
  }

  /** Now, and at its highest, in MB of 10⁶ bytes. */
  memoryMb(): { readonly now: number; readonly peak: number } {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    const read = (name: string): number => (Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024) / 1e6;
    return { now: read('VmRSS'), peak: read('VmHWM') };
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}

function raise(message: string): never {
  throw new Error(message);
}
