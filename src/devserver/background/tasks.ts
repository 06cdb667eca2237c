/** Work that follows from a change and is done soon after it, as controllers of a cluster do. */

export class Tasks {
  #waiting: (() => void)[] = [];
  #turn: NodeJS.Immediate | undefined;

  /** Runs the task in a later turn of the event loop, after those that were added before. */
  add(task: () => void): void {
    this.#waiting.push(task);
    this.#turn ??= setImmediate(() => this.#run());
  }

  /** What was not done yet never is. */
  stop(): void {
    this.#waiting = [];
    clearImmediate(this.#turn);
  }

  #run(): void {
    this.#turn = undefined;
    const tasks = this.#waiting;
    this.#waiting = [];
    for (const task of tasks) task();
  }
}
