/** Many leases in memory, as replicas write and see them. */
import type { KubeObject, ObjectName } from '../../api/object.ts';
import type { ObjectList } from '../../kube/client.ts';
import { ApiError } from '../../kube/errors.ts';
import type { Lease } from '../../kube/resources.ts';
import type { MembershipOptions } from '../membership.ts';

export class LeaseBook {
  readonly leases = new Map<string, Lease>();

  get holders(): readonly (string | undefined)[] {
    return Array.from(this.leases.values(), ({ spec }) => spec?.holderIdentity);
  }

  /** One process's way to the book. */
  client(): LeaseBookClient {
    return new LeaseBookClient(this.leases);
  }
}

/** Nothing but leases of one namespace and group is asked for here. */
export class LeaseBookClient implements Pick<MembershipOptions['kube'], 'applyPatch' | 'list' | 'delete'> {
  /** What every request fails with. */
  fault: Error | undefined;
  readonly #leases: Map<string, Lease>;

  constructor(leases: Map<string, Lease>) {
    this.#leases = leases;
  }

  async applyPatch(_: unknown, lease: KubeObject): Promise<KubeObject> {
    this.#reach();
    this.#leases.set(lease.metadata.name ?? '', lease);
    return lease;
  }

  async list<T extends KubeObject>(): Promise<ObjectList<T>> {
    this.#reach();
    return { items: [...this.#leases.values()] as readonly KubeObject[] as readonly T[], resourceVersion: '1' };
  }

  async delete(_: unknown, { name }: ObjectName): Promise<void> {
    this.#reach();
    if (!this.#leases.delete(name)) throw new ApiError('absent', { status: 404, reason: 'NotFound' });
  }

  #reach(): void {
    if (this.fault !== undefined) throw this.fault;
  }
}
