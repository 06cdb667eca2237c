/** Writes a generic target by server-side apply: what is ours is enforced, what we no longer want goes. */
import type { KubeObject, ObjectName } from '../../../api/object.ts';
import type { Resource } from '../../../api/resource.ts';
import type { CreationPolicy } from '../../../api/target.ts';
import type { KubeClient, WriteOptions } from '../../../kube/client.ts';
import { isConflict } from '../../../kube/errors.ts';
import { orMissing } from '../../../kube/ormissing.ts';
import type { Applied } from '../applysecret.ts';
import { sharesTarget } from '../desiredsecret.ts';
import { isAsDesired, planResourceChange, type ResourceChange } from './change.ts';
import type { DesiredResource } from './desired.ts';
import type { ObservedResource } from './observed.ts';

type Kube = Pick<KubeClient, 'get' | 'mergePatch' | 'applyPatch'>;

export interface ResourceWrite {
  readonly resource: Resource;
  readonly name: ObjectName;
  readonly creationPolicy: CreationPolicy;
  /** As the informer shows it; undefined when it shows none. */
  readonly observed: ObservedResource | undefined;
  /** What is wanted. @param live the target as it is now; undefined: missing, or of no interest to the policy */
  readonly desire: (live: KubeObject | undefined) => DesiredResource;
}

/** A second look after somebody else wrote first; a third would be a fight. */
const maxAttempts = 2;

/**
 * Brings the target in line. It is read only when the informer's digest does not show that all is well.
 * @throws TerminalError or WaitError when it may not be written; ApiError otherwise
 */
export async function applyResource(kube: Kube, write: ResourceWrite, signal: AbortSignal): Promise<Applied> {
  const { observed } = write;
  const isShared = sharesTarget(write.creationPolicy);
  if (!isShared && observed !== undefined && isAsDesired(write.desire(undefined), observed)) return 'unchanged';
  for (let attempt = 1; ; attempt++) {
    try {
      return await applyOnce(kube, write, signal);
    } catch (error) {
      if (attempt >= maxAttempts || !isConflict(error)) throw error;
    }
  }
}

async function applyOnce(kube: Kube, write: ResourceWrite, signal: AbortSignal): Promise<Applied> {
  const live = await orMissing(kube.get(write.resource, write.name, { signal }));
  const desired = write.desire(live);
  const change = planResourceChange(desired, live);
  const options = { signal, fieldManager: desired.fieldManager };
  switch (change.kind) {
    case 'none':
      return 'unchanged';
    case 'missing':
      return 'missing';
    case 'create':
      // Without force: what somebody else created in this moment is not overwritten.
      await kube.applyPatch(write.resource, change.configuration, { ...options, strict: true });
      return 'created';
    case 'apply':
      return applyChange(kube, write, { ...change, version: live?.metadata.resourceVersion }, options);
  }
}

type Application = Extract<ResourceChange, { kind: 'apply' }> & { readonly version: string | undefined };

async function applyChange(
  kube: Kube,
  { resource, name }: ResourceWrite,
  { configuration, clearing, version }: Application,
  options: WriteOptions & { readonly fieldManager: string },
): Promise<Applied> {
  const cleared = clearing && (await kube.mergePatch(resource, name, clearing, options));
  const guarded = inVersion(configuration, cleared?.metadata.resourceVersion ?? version);
  const written = await kube.applyPatch(resource, guarded, { ...options, strict: true, force: true });
  return written.metadata.resourceVersion === version ? 'unchanged' : 'updated';
}

/** Applied only to the version that was looked at. */
function inVersion({ metadata, ...rest }: KubeObject, resourceVersion: string | undefined): KubeObject {
  return { ...rest, metadata: resourceVersion === undefined ? metadata : { ...metadata, resourceVersion } };
}
