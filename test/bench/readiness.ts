/** Follows a set of ExternalSecrets through a watch and notes when each became ready. */
import { findCondition } from '../../src/api/conditions.ts';
import type { ExternalSecret } from '../../src/api/externalsecret.ts';
import { externalSecrets } from '../../src/api/resources.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { realClock } from '../../src/runtime/clock.ts';
import { keyOf } from '../../src/runtime/key.ts';
import { silentLogger } from '../../src/runtime/logger.ts';
import { SharedInformer } from '../../src/runtime/sharedinformer.ts';

export class Readiness {
  readonly #informer: SharedInformer<ExternalSecret>;
  readonly #stop = new AbortController();
  readonly #readyAt = new Map<string, number>();
  #onReady: (() => void) | undefined;

  constructor(kube: KubeClient) {
    this.#informer = new SharedInformer({ kube, resource: externalSecrets, clock: realClock, log: silentLogger });
    const note = (externalSecret: ExternalSecret): void => this.#note(externalSecret);
    this.#informer.addHandler({ added: note, updated: note });
    void this.#informer.run(this.#stop.signal);
  }

  synced(): Promise<void> {
    return this.#informer.whenSynced(this.#stop.signal);
  }

  /** @returns when each became ready, in order of time (`performance.now`) @throws when that takes too long */
  async whenReady(keys: readonly string[], timeoutMs: number): Promise<readonly number[]> {
    const deadline = performance.now() + timeoutMs;
    while (keys.some((key) => !this.#readyAt.has(key))) {
      if (performance.now() > deadline) throw new Error(`not ready in time: ${this.#missing(keys)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 500);
        this.#onReady = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return keys.map((key) => this.#readyAt.get(key) ?? 0).sort((a, b) => a - b);
  }

  stop(): void {
    this.#stop.abort();
  }

  #note(externalSecret: ExternalSecret): void {
    const key = keyOf(externalSecret);
    if (this.#readyAt.has(key) || findCondition(externalSecret.status?.conditions, 'Ready')?.status !== 'True') return;
    this.#readyAt.set(key, performance.now());
    this.#onReady?.();
  }

  #missing(keys: readonly string[]): string {
    const missing = keys.filter((key) => !this.#readyAt.has(key));
    const example = this.#informer.lister.get(missing[0] ?? '');
    const cause = findCondition(example?.status?.conditions, 'Ready')?.message ?? 'no condition';
    return `${missing.length} of ${keys.length}; ${missing[0]}: ${cause}`;
  }
}
