/** What one rendering may use up: a hostile template ends with an error, not with the process. */
import { type Budget, LimitError } from './function.ts';

export interface Limits {
  /** Evaluation steps: nodes, and what functions charge for their work. Default 5,000,000. */
  readonly maxSteps: number;
  /** The size of the output. A text on the way may be four times as large. Default 4 MiB. */
  readonly maxOutputBytes: number;
  /** Templates that call templates. Default 1,000. */
  readonly maxDepth: number;
}

export const defaultLimits: Limits = { maxSteps: 5_000_000, maxOutputBytes: 4 * 1024 * 1024, maxDepth: 1_000 };

/** What is made on the way to the output is often cut down afterwards. */
const roomOnTheWay = 4;

export class StepBudget implements Budget {
  readonly #limits: Limits;
  #left: number;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#left = limits.maxSteps;
  }

  charge(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new LimitError(`the template needs more than ${this.#limits.maxSteps} evaluation steps`);
  }

  checkSize(bytes: number): void {
    const most = roomOnTheWay * this.#limits.maxOutputBytes;
    if (bytes > most) throw new LimitError(`the template makes a text of more than ${most} bytes`);
  }

  /** @throws LimitError for an output that is too large */
  checkOutput(bytes: number): void {
    if (bytes <= this.#limits.maxOutputBytes) return;
    throw new LimitError(`the template makes more than ${this.#limits.maxOutputBytes} bytes`);
  }

  checkDepth(depth: number): void {
    if (depth > this.#limits.maxDepth)
      throw new LimitError(`exceeded maximum template depth (${this.#limits.maxDepth})`);
  }
}
