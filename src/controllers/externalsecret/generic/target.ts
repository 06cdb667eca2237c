/** Which ExternalSecrets write something other than a Secret, and by what name that is known. Pure. */
import type { ExternalSecret } from '../../../api/externalsecret.ts';
import { apiVersionOf, type Resource } from '../../../api/resource.ts';
import type { ManifestTarget } from '../../../api/target.ts';
import { targetNameOf } from '../desiredsecret.ts';

/** The kind of a generic target; undefined for a Secret, also for one that is asked for by `spec.target.manifest`. */
export function genericTargetOf(externalSecret: ExternalSecret): ManifestTarget | undefined {
  const { manifest } = externalSecret.spec.target;
  if (manifest === undefined || (manifest.apiVersion === 'v1' && manifest.kind === 'Secret')) return undefined;
  return manifest;
}

/** The index value by which a change of a generic target finds its ExternalSecrets. */
export function genericTargetId(externalSecret: ExternalSecret, { apiVersion, kind }: ManifestTarget): string {
  return `${apiVersion}/${kind}/${externalSecret.metadata.namespace}/${targetNameOf(externalSecret)}`;
}

/** The same, from the target's side. @param key `namespace/name` */
export function resourceTargetId(resource: Resource, key: string): string {
  return `${apiVersionOf(resource)}/${resource.kind}/${key}`;
}
