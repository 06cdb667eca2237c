/** What this client has written or seen of a replicated Vault, so that its reads are never answered from before that. */

/** A state as the `X-Vault-Index` header carries it: base64 of `v1:cluster:local:replicated:signature`. */
interface ReplicationState {
  readonly header: string;
  readonly cluster: string;
  readonly localIndex: bigint;
  readonly replicatedIndex: bigint;
}

export class ReplicationStates {
  #states: readonly ReplicationState[] = [];

  /** Values for the `X-Vault-Index` header of the next request. */
  get headers(): readonly string[] {
    return this.#states.map(({ header }) => header);
  }

  /** @param header of an answer */
  observe(header: string): void {
    const seen = parse(header);
    if (seen === undefined || this.#states.some((state) => includes(state, seen))) return;
    this.#states = [...this.#states.filter((state) => !includes(seen, state)), seen];
  }
}

/** Whether `state` is at least as far as `other` in every respect. */
function includes(state: ReplicationState, other: ReplicationState): boolean {
  const isSame = state.cluster === other.cluster;
  return isSame && state.localIndex >= other.localIndex && state.replicatedIndex >= other.replicatedIndex;
}

function parse(header: string): ReplicationState | undefined {
  const text = Buffer.from(header, 'base64').toString('latin1');
  const [, cluster, localIndex, replicatedIndex] = /^v1:([^:]*):(\d+):(\d+):/.exec(text) ?? [];
  if (cluster === undefined || localIndex === undefined || replicatedIndex === undefined) return undefined;
  return { header, cluster, localIndex: BigInt(localIndex), replicatedIndex: BigInt(replicatedIndex) };
}
