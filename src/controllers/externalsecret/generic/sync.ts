/** The sync of an ExternalSecret whose target is not a Secret: read, decide what an empty answer means, render, apply. */
import type { ExternalSecret } from '../../../api/externalsecret.ts';
import type { KubeObject } from '../../../api/object.ts';
import type { Resource } from '../../../api/resource.ts';
import type { ManifestTarget } from '../../../api/target.ts';
import { isNotFound } from '../../../kube/errors.ts';
import type { SecretMap } from '../../../provider/provider.ts';
import { TerminalError } from '../../../runtime/errors.ts';
import type { Applied } from '../applysecret.ts';
import type { ExternalSecretDeps } from '../deps.ts';
import { sharesTarget } from '../desiredsecret.ts';
import { fetchSecretData } from '../fetch.ts';
import { ensureFinalizer } from '../finalizer.ts';
import { madeTexts } from '../opentexts.ts';
import { SyncError, type SyncOutcome, step } from '../outcome.ts';
import type { Redactor } from '../redactor.ts';
import type { SyncOptions } from '../syncsecret.ts';
import { readTemplateSources } from '../templatesources.ts';
import { applyResource } from './apply.ts';
import { deleteGenericOrphans, deleteGenericTarget } from './delete.ts';
import { type DesiredResource, desireResource, targetOf } from './desired.ts';
import { retainedResourceMessage } from './intact.ts';
import { contentOf } from './observed.ts';
import { type RenderedResource, type ResourceInput, renderResource, type TemplateInput } from './render.ts';
import { genericTargetOf } from './target.ts';
import type { GenericTargets } from './targets.ts';
import { leavesOf } from './tree.ts';

/** What the steps of one sync share. */
interface ResourceSync {
  readonly deps: ExternalSecretDeps;
  readonly targets: GenericTargets;
  readonly externalSecret: ExternalSecret;
  readonly manifest: ManifestTarget;
  readonly resource: Resource;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
}

export async function syncResource(
  deps: ExternalSecretDeps,
  externalSecret: ExternalSecret,
  redactor: Redactor,
  { isForced, signal }: SyncOptions,
): Promise<SyncOutcome> {
  const { targets, manifest } = allowedTarget(deps, externalSecret);
  const resource = await targets.resolve(manifest, signal);
  const sync: ResourceSync = { deps, targets, externalSecret, manifest, resource, redactor, signal };
  await ensureFinalizer(deps, externalSecret, signal);
  const learn = (values: Iterable<Uint8Array>): void => redactor.learn(values);
  const fetched = await step('getData', () => fetchSecretData(deps, externalSecret, { isForced, signal, learn }));
  const { values, leases } = fetched;
  if (values.size === 0) {
    const outcome = await syncNothing(sync);
    if (outcome !== undefined) return outcome;
  }
  return { ...(await writeResource(sync, values)), leases };
}

/** @throws TerminalError while the operator's flag does not allow such targets */
function allowedTarget(
  deps: ExternalSecretDeps,
  externalSecret: ExternalSecret,
): Pick<ResourceSync, 'targets' | 'manifest'> {
  const manifest = genericTargetOf(externalSecret);
  if (manifest === undefined) throw new Error('the target is a Secret');
  if (deps.genericTargets !== undefined) return { targets: deps.genericTargets, manifest };
  throw new TerminalError(
    'ResourceSyncedError',
    `invalid generic target: ${manifest.apiVersion} ${manifest.kind} is not a Secret, and this operator writes nothing ` +
      'else unless it is started with --unsafe-allow-generic-targets',
  );
}

/** The remote side is empty: `deletionPolicy` decides. Undefined: go on and write what is left. */
async function syncNothing(sync: ResourceSync): Promise<SyncOutcome | undefined> {
  const { deletionPolicy, creationPolicy } = sync.externalSecret.spec.target;
  if (deletionPolicy === 'Retain') return { reason: 'ResourceSynced', message: retainedResourceMessage };
  if (deletionPolicy === 'Merge') return undefined;
  if (creationPolicy !== 'Owner') {
    const message = 'could not delete resource: deletionPolicy=Delete needs creationPolicy=Owner';
    throw new TerminalError('ResourceSyncedError', message);
  }
  const { deps, externalSecret, resource, signal } = sync;
  const deleted = await step('deleteResource', () => deleteGenericTarget(deps.kube, externalSecret, resource, signal));
  const message = 'resource deleted due to DeletionPolicy=Delete';
  return { reason: 'ResourceDeleted', message, ...(deleted && { event: { reason: 'Deleted', message } }) };
}

async function writeResource(sync: ResourceSync, values: SecretMap): Promise<SyncOutcome> {
  const synced = { reason: 'ResourceSynced', message: 'resource synced' } as const;
  if (sync.externalSecret.spec.target.creationPolicy === 'None') return synced;
  const templates = await templateInput(sync);
  const applied = await step('updateResource', () => apply(sync, values, templates));
  switch (applied) {
    case 'missing':
      return { reason: 'ResourceMissing', message: 'resource will not be created due to CreationPolicy=Merge' };
    case 'unchanged':
      return synced;
    case 'created':
      await deleteOrphans(sync);
      return { ...synced, event: { reason: 'Created', message: 'resource created' } };
    case 'updated':
      await deleteOrphans(sync);
      return { ...synced, event: { reason: 'Updated', message: 'resource updated' } };
  }
}

/** Undefined without a template: then no engine is loaded. */
async function templateInput({ deps, externalSecret, signal }: ResourceSync): Promise<TemplateInput | undefined> {
  if (externalSecret.spec.target.template === undefined) return undefined;
  const sources = await step('template', () => readTemplateSources(deps, externalSecret, signal));
  const { engineFor } = await deps.engines();
  return { engineFor, sources };
}

async function apply(sync: ResourceSync, values: SecretMap, templates: TemplateInput | undefined): Promise<Applied> {
  const { deps, targets, externalSecret, manifest, resource, signal } = sync;
  const view = targets.view(externalSecret);
  try {
    return await applyResource(
      deps.kube,
      {
        resource,
        name: targetOf(externalSecret),
        creationPolicy: externalSecret.spec.target.creationPolicy,
        observed: view === 'unwatched' ? undefined : view,
        desire: (live) => desire(sync, { values, templates }, live),
      },
      signal,
    );
  } catch (error) {
    // The kind may have gone, or moved to another scope.
    if (isNotFound(error)) targets.forget(manifest);
    throw error;
  }
}

function desire(
  { externalSecret, manifest, resource, redactor }: ResourceSync,
  { values, templates }: Pick<ResourceInput, 'values' | 'templates'>,
  live: KubeObject | undefined,
): DesiredResource {
  const isShared = sharesTarget(externalSecret.spec.target.creationPolicy);
  const base = isShared && live !== undefined ? contentOf(live) : undefined;
  try {
    const rendered = renderResource(externalSecret, { manifest, values, templates, base });
    redactor.learn(() => textsToHide(externalSecret, rendered));
    return desireResource(externalSecret, resource, rendered);
  } catch (error) {
    throw new SyncError('template', error);
  }
}

/** The server quotes what it refuses, so every text of the target is kept out of messages, but for the template's own. */
function textsToHide({ spec }: ExternalSecret, rendered: RenderedResource): Iterable<Uint8Array> {
  const texts = [...leavesOf(rendered.content), ...rendered.labels.values(), ...rendered.annotations.values()];
  return madeTexts(spec.target.template ?? {}, texts);
}

async function deleteOrphans({ deps, targets, externalSecret, resource, signal }: ResourceSync): Promise<void> {
  if (externalSecret.spec.target.creationPolicy !== 'Owner') return;
  const orphans = await step('deleteResource', () =>
    deleteGenericOrphans(deps.kube, externalSecret, { resource, managed: targets.managed(resource) }, signal),
  );
  for (const name of orphans) {
    deps.recorder.normal(externalSecret, 'Deleted', `resource ${name} deleted because it was orphaned`);
  }
}
