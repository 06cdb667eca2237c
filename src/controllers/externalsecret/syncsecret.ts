/** The sync itself: read, decide what an empty answer means, render, write. */
import type { ExternalSecret } from '../../api/externalsecret.ts';
import type { SecretMap } from '../../provider/provider.ts';
import { TerminalError } from '../../runtime/errors.ts';
import { applySecret } from './applysecret.ts';
import { deleteOrphans, deleteTarget } from './deletesecret.ts';
import type { ExternalSecretDeps } from './deps.ts';
import { desireSecret, targetNameOf } from './desiredsecret.ts';
import { fetchSecretData } from './fetch.ts';
import { ensureFinalizer } from './finalizer.ts';
import { retainedMessage } from './gather.ts';
import { madeTexts } from './opentexts.ts';
import { type SyncOutcome, step } from './outcome.ts';
import type { Redactor } from './redactor.ts';
import { type RenderedSecret, renderSecret, type TemplateSources, untemplated } from './render.ts';
import { readTemplateSources } from './templatesources.ts';

export interface SyncOptions {
  /** A person asked for this refresh. */
  readonly isForced: boolean;
  readonly signal: AbortSignal;
}

export async function syncSecret(
  deps: ExternalSecretDeps,
  externalSecret: ExternalSecret,
  redactor: Redactor,
  { isForced, signal }: SyncOptions,
): Promise<SyncOutcome> {
  await ensureFinalizer(deps, externalSecret, signal);
  const learn = (values: Iterable<Uint8Array>): void => redactor.learn(values);
  const fetched = await step('getData', () => fetchSecretData(deps, externalSecret, { isForced, signal, learn }));
  const { values, leases } = fetched;
  if (values.size === 0) {
    const outcome = await syncNothing(deps, externalSecret, signal);
    if (outcome !== undefined) return outcome;
  }
  return { ...(await writeSecret(deps, externalSecret, values, redactor, signal)), leases };
}

/** The remote side is empty: `deletionPolicy` decides. Undefined: go on and write what is left. */
async function syncNothing(
  deps: ExternalSecretDeps,
  externalSecret: ExternalSecret,
  signal: AbortSignal,
): Promise<SyncOutcome | undefined> {
  const { deletionPolicy, creationPolicy } = externalSecret.spec.target;
  if (deletionPolicy === 'Retain') return { reason: 'SecretSynced', message: retainedMessage };
  if (deletionPolicy === 'Merge') return undefined;
  if (creationPolicy !== 'Owner') {
    throw new TerminalError(
      'SecretSyncedError',
      'could not delete secret: deletionPolicy=Delete needs creationPolicy=Owner',
    );
  }
  const deleted = await step('delete', () => deleteTarget(deps, externalSecret, signal));
  const message = 'secret deleted due to DeletionPolicy=Delete';
  return { reason: 'SecretDeleted', message, ...(deleted && { event: { reason: 'Deleted', message } }) };
}

async function writeSecret(
  deps: ExternalSecretDeps,
  externalSecret: ExternalSecret,
  values: SecretMap,
  redactor: Redactor,
  signal: AbortSignal,
): Promise<SyncOutcome> {
  const synced = { reason: 'SecretSynced', message: 'secret synced' } as const;
  if (externalSecret.spec.target.creationPolicy === 'None') return synced;
  const sources = await step('template', () => readTemplateSources(deps, externalSecret, signal));
  const rendered = await step('template', () => render(deps, externalSecret, values, sources));
  redactor.learn(() => textsToHide(externalSecret, rendered));
  const desired = desireSecret(externalSecret, rendered);
  const applied = await step('update', () => applySecret(deps, desired, signal));
  const orphans = await step('deleteOrphans', () => deleteOrphans(deps, externalSecret, signal));
  for (const name of orphans)
    deps.recorder.normal(externalSecret, 'Deleted', `secret ${name} deleted because it was orphaned`);
  const bindingName = targetNameOf(externalSecret);
  switch (applied) {
    case 'missing':
      return { reason: 'SecretMissing', message: 'secret will not be created due to CreationPolicy=Merge' };
    case 'created':
      return { ...synced, bindingName, event: { reason: 'Created', message: 'secret created' } };
    case 'updated':
      return { ...synced, bindingName, event: { reason: 'Updated', message: 'secret updated' } };
    case 'unchanged':
      return { ...synced, bindingName };
  }
}

async function render(
  deps: ExternalSecretDeps,
  externalSecret: ExternalSecret,
  values: SecretMap,
  sources: TemplateSources,
): Promise<RenderedSecret> {
  if (externalSecret.spec.target.template === undefined) return untemplated(externalSecret, values);
  const { engineFor } = await deps.engines();
  return renderSecret(externalSecret, values, engineFor, sources);
}

/** What a template made of values and is no value of the Secret: the server quotes keys, labels and annotations. */
function textsToHide({ spec }: ExternalSecret, rendered: RenderedSecret): Iterable<Uint8Array> {
  if (spec.target.template === undefined) return [];
  const { data, labels, annotations } = rendered;
  return madeTexts(spec.target.template, [...data.keys(), ...Object.entries({ ...labels, ...annotations }).flat()]);
}
