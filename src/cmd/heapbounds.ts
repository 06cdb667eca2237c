/**
 * Keeps V8's heap near what is alive in it. Left alone it follows the machine's memory, not the need: the young
 * generation grows to 64 MB, the old one by hundreds before it is collected for the first time, and what a burst of
 * work took is not given back. The operator's garbage dies at once, so all this buys nothing.
 */
import {
  constants,
  type PerformanceEntry,
  PerformanceObserver,
  type PerformanceObserverEntryList,
} from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const mb = 1024 * 1024;
/** Both halves of the young generation together: collecting that much takes a millisecond. */
const youngBytes = 16 * mb;
/** Growth of everything else until it is collected; for large heaps half of what is alive. */
const leastGrowthBytes = 16 * mb;
/** Without a collection for so long, nothing is going on. */
const idleMs = 10_000;
/** Below this, giving memory back is not worth the tenth of a second that it takes. */
const leastReleaseBytes = 8 * mb;

/** V8's own function behind `--expose-gc`. `last-resort` collects all there is and returns the pages to the system. */
type Collect = (options: { readonly type: 'major'; readonly flavor: 'regular' | 'last-resort' }) => void;

/** From now until the process ends. */
export function boundHeap(): void {
  setFlagsFromString('--expose-gc');
  const bounds = new HeapBounds(runInNewContext('gc') as Collect);
  const observer = new PerformanceObserver((entries) => bounds.collected(entries));
  observer.observe({ entryTypes: ['gc'] });
}

class HeapBounds {
  readonly #collect: Collect;
  readonly #idle: NodeJS.Timeout;
  #isYoungGrowing = true;
  /** After the last collection of everything. */
  #aliveBytes = 0;

  constructor(collect: Collect) {
    this.#collect = collect;
    this.#idle = setTimeout(() => this.#release(), idleMs).unref();
  }

  /** V8 has just collected garbage, some or all. */
  collected(entries: PerformanceObserverEntryList): void {
    this.#boundYoung();
    if (entries.getEntries().some(isMajor)) this.#aliveBytes = heldBytes();
    else this.#idle.refresh();
    const allowedBytes = Math.max(leastGrowthBytes, this.#aliveBytes / 2);
    if (heldBytes() - this.#aliveBytes > allowedBytes) this.#collect({ type: 'major', flavor: 'regular' });
  }

  /** V8 looks at the growth factor whenever it thinks of growing. */
  #boundYoung(): void {
    const mayGrow = youngGenerationBytes() < youngBytes;
    if (mayGrow === this.#isYoungGrowing) return;
    this.#isYoungGrowing = mayGrow;
    setFlagsFromString(`--semi-space-growth-factor=${mayGrow ? 2 : 1}`);
  }

  #release(): void {
    const { heapTotal, external } = process.memoryUsage();
    if (heapTotal + external - this.#aliveBytes > leastReleaseBytes) {
      this.#collect({ type: 'major', flavor: 'last-resort' });
    }
  }
}

/** What Node says of a collection. */
interface CollectionEntry extends PerformanceEntry {
  readonly detail: { readonly kind: number };
}

function isMajor(entry: PerformanceEntry): boolean {
  return (entry as CollectionEntry).detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}

/** In the heap, and outside of it by what is in the heap. */
function heldBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function youngGenerationBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}
