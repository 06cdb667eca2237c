/** Who calls the webhook: what they are told, and whether they have been told. */

import type { Resource } from '../../api/resource.ts';
import type { KubeClient } from '../../kube/client.ts';
import {
  type CustomResourceDefinition,
  customResourceDefinitions,
  type ValidatingWebhookConfiguration,
  validatingWebhookConfigurations,
} from '../../kube/webhookresources.ts';
import type { ReconcileContext } from '../../runtime/controller.ts';
import type { WebhookCertificateDeps } from './deps.ts';
import { configurationPatch, definitionPatch } from './injection.ts';

export interface Callers {
  readonly configurations: readonly ValidatingWebhookConfiguration[];
  readonly definitions: readonly CustomResourceDefinition[];
}

interface Patch {
  readonly resource: Resource;
  readonly name: string;
  readonly patch: object;
}

type Target = Pick<WebhookCertificateDeps, 'service'> & { readonly kube: Pick<KubeClient, 'mergePatch'> };

/** @param caBundle `ca.crt` in base64 */
export function isInjected(target: Pick<Target, 'service'>, callers: Callers, caBundle: string): boolean {
  return patchesOf(target, callers, caBundle).length === 0;
}

/** Writes only what differs. @throws ApiError, a conflict when a caller has been written since it was read */
export async function injectCallers(
  target: Target,
  callers: Callers,
  caBundle: string,
  { signal, log }: Pick<ReconcileContext, 'signal' | 'log'>,
): Promise<void> {
  for (const { resource, name, patch } of patchesOf(target, callers, caBundle)) {
    await target.kube.mergePatch(resource, { name }, patch, { signal });
    log.info({ kind: resource.kind, name }, 'certificate authority injected');
  }
}

function patchesOf({ service }: Pick<Target, 'service'>, callers: Callers, caBundle: string): readonly Patch[] {
  const injection = { service, caBundle };
  const all = [
    ...callers.configurations.map((object) => ({
      resource: validatingWebhookConfigurations,
      name: object.metadata.name ?? '',
      patch: configurationPatch(object, injection),
    })),
    ...callers.definitions.map((object) => ({
      resource: customResourceDefinitions,
      name: object.metadata.name ?? '',
      patch: definitionPatch(object, injection),
    })),
  ];
  return all.flatMap(({ patch, ...rest }) => (patch === undefined ? [] : [{ ...rest, patch }]));
}
