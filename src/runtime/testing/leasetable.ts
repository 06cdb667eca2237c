/** A lease in memory, with the API server's optimistic concurrency. */
import type { KubeObject } from '../../api/object.ts';
import { ApiError, ConnectionError } from '../../kube/errors.ts';
import type { LeaseClient } from '../../kube/lease.ts';
import type { Lease } from '../../kube/resources.ts';

export class LeaseTable {
  lease: Lease | undefined;
  #version = 0;

  /** One process's way to the table. */
  client(): LeaseTableClient {
    return new LeaseTableClient(this);
  }

  write(lease: Lease): Lease {
    this.#version += 1;
    this.lease = { ...lease, metadata: { ...lease.metadata, resourceVersion: String(this.#version) } };
    return this.lease;
  }
}

export class LeaseTableClient implements LeaseClient {
  isCutOff = false;
  readonly #table: LeaseTable;

  constructor(table: LeaseTable) {
    this.#table = table;
  }

  async get<T extends KubeObject>(): Promise<T> {
    this.#reach();
    if (this.#table.lease === undefined) throw new ApiError('absent', { status: 404, reason: 'NotFound' });
    // Nothing but leases is asked for here.
    return this.#table.lease as KubeObject as T;
  }

  async create(_: unknown, lease: KubeObject): Promise<KubeObject> {
    this.#reach();
    if (this.#table.lease !== undefined) throw new ApiError('exists', { status: 409, reason: 'AlreadyExists' });
    return this.#table.write(lease);
  }

  async replace(_: unknown, lease: KubeObject): Promise<KubeObject> {
    this.#reach();
    const isCurrent = this.#table.lease?.metadata.resourceVersion === lease.metadata.resourceVersion;
    if (!isCurrent) throw new ApiError('changed', { status: 409, reason: 'Conflict' });
    return this.#table.write(lease);
  }

  #reach(): void {
    if (this.isCutOff) throw new ConnectionError('cut off');
  }
}
