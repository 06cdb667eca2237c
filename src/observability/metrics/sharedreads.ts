/** How much the sharing of remote reads saves. */
import { Counter, type Registry } from 'prom-client';
import type { SharedReadMetrics } from '../../provider/sharedreads.ts';

const outcomes = ['hit', 'coalesced', 'miss'] as const;

export class PrometheusSharedReadMetrics implements SharedReadMetrics {
  readonly #reads: Counter;

  constructor(registry: Registry) {
    this.#reads = new Counter({
      name: 'externalsecret_provider_reads_total',
      help: 'Remote reads wanted: hit (answered from a moment ago), coalesced (joined a read under way) or miss (read)',
      labelNames: ['outcome'],
      registers: [registry],
    });
    for (const outcome of outcomes) this.#reads.inc({ outcome }, 0);
  }

  observeRead(outcome: (typeof outcomes)[number]): void {
    this.#reads.inc({ outcome });
  }
}
