/** Leases as locks: who holds one, and how it is taken, kept and given back. */
import type { ObjectName } from '../api/object.ts';
import type { KubeClient, RequestOptions } from './client.ts';
import { isAlreadyExists, isConflict } from './errors.ts';
import { orMissing } from './ormissing.ts';
import { type Lease, type LeaseSpec, leases } from './resources.ts';

export type LeaseClient = Pick<KubeClient, 'get' | 'create' | 'replace'>;

/** Undefined: there is none. */
export function readLease(kube: LeaseClient, name: ObjectName, options: RequestOptions): Promise<Lease | undefined> {
  return orMissing(kube.get(leases, name, options));
}

/**
 * Writes the lease unless somebody else did since `current` was read.
 * @param current undefined: there is none yet
 * @returns the lease as it is now; undefined when somebody else was faster
 */
export async function writeLease(
  kube: LeaseClient,
  name: ObjectName,
  current: Lease | undefined,
  spec: LeaseSpec,
  options: RequestOptions,
): Promise<Lease | undefined> {
  try {
    const written =
      current === undefined
        ? await kube.create(leases, { metadata: name, spec }, options)
        : await kube.replace(leases, { metadata: current.metadata, spec }, options);
    return { metadata: written.metadata, spec };
  } catch (error) {
    if (isConflict(error) || isAlreadyExists(error)) return undefined;
    throw error;
  }
}

/** @param epochMs of whole milliseconds @returns RFC 3339 with microseconds, as the Lease API wants it */
export function microTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '000Z');
}
