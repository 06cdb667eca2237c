/** Which part of the work is this replica's. */
import { hash } from 'node:crypto';
import type { CancelTimer, Clock } from './clock.ts';

export interface WorkShareOptions {
  /** Of this replica. */
  readonly identity: string;
  /**
   * How long a replica goes on with what it had, while the one that it goes to lists what it has to watch.
   * Default 2 s.
   */
  readonly handoverMs?: number;
  /** All work has to be looked at again: some of it came, or some of it has gone for good. */
  readonly onRebalance: () => void;
  readonly clock: Clock;
}

/**
 * By rendezvous hashing: each unit of work belongs to the replica whose hash with it is the highest, so that one that
 * comes or goes moves its own share and nothing else. During a handover two may have the same unit; none has nobody.
 */
export class WorkShare {
  readonly #options: Required<WorkShareOptions>;
  /** Undefined: nobody is known, so all is this replica's. */
  #members: readonly string[] | undefined;
  /** Whom the work was shared among before, while that still counts. */
  #before: readonly (readonly string[])[] = [];
  #cancel: CancelTimer | undefined;

  constructor(options: WorkShareOptions) {
    this.#options = { handoverMs: 2_000, ...options };
  }

  isMine(unit: string): boolean {
    if (this.#members === undefined || this.#owns(unit, this.#members)) return true;
    return this.#before.some((members) => this.#owns(unit, members));
  }

  /** @param members identities, this replica's included */
  setMembers(members: readonly string[]): void {
    const { clock, handoverMs, onRebalance } = this.#options;
    if (this.#members !== undefined) this.#before = [...this.#before, this.#members];
    this.#members = members;
    this.#cancel?.();
    this.#cancel = clock.setTimer(handoverMs, () => {
      this.#before = [];
      onRebalance();
    });
    onRebalance();
  }

  close(): void {
    this.#cancel?.();
  }

  #owns(unit: string, members: readonly string[]): boolean {
    return ownerOf(unit, members) === this.#options.identity;
  }
}

/** @param members not empty */
export function ownerOf(unit: string, members: readonly string[]): string | undefined {
  let [owner] = members;
  if (members.length < 2) return owner;
  let highest = '';
  for (const member of members) {
    const score = hash('sha1', `${member}\n${unit}`, 'hex');
    if (score > highest) [owner, highest] = [member, score];
  }
  return owner;
}
