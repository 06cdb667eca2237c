/** The last changes of a collection: what watches catch up from, and how older states are found again. */
import type { ApiObject } from './object.ts';

export interface Change {
  readonly type: 'added' | 'modified' | 'deleted';
  readonly revision: number;
  readonly key: string;
  /** After the change; of a deletion the last state, with the deletion's version. */
  readonly object: ApiObject;
  /** Before the change; absent when there was nothing. */
  readonly previous?: ApiObject;
}

export class History {
  readonly #size: number;
  #changes: Change[] = [];
  #forgottenThrough: number;

  /** @param startRevision nothing before it was ever known */
  constructor(size: number, startRevision: number) {
    this.#size = size;
    this.#forgottenThrough = startRevision;
  }

  /** All changes after this revision are known; those up to it are not. */
  get forgottenThrough(): number {
    return this.#forgottenThrough;
  }

  add(change: Change): void {
    this.#changes.push(change);
    // Cutting a list costs its length: cut seldom, and much.
    if (this.#changes.length >= 2 * this.#size) this.#keep(this.#size);
  }

  /** Undefined: some of them are forgotten. */
  since(revision: number): readonly Change[] | undefined {
    if (revision < this.#forgottenThrough) return undefined;
    const first = this.#changes.findLastIndex((change) => change.revision <= revision) + 1;
    return this.#changes.slice(first);
  }

  /** As when the server compacts its history. */
  forget(throughRevision: number): void {
    this.#changes = [];
    this.#forgottenThrough = throughRevision;
  }

  #keep(count: number): void {
    const dropped = this.#changes.splice(0, this.#changes.length - count);
    this.#forgottenThrough = dropped.at(-1)?.revision ?? this.#forgottenThrough;
  }
}
