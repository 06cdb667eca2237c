/** What Flux and Argo CD make of our objects in each state, by their own rules and by those of docs/gitops.md. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { externalSecrets } from '../../src/api/resources.ts';
import { eventually } from '../support/eventually.ts';
import { Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';
import { argoHealth, documentedCheck, documentedRule, fluxStatus, judgesMissing } from './judges.ts';

const argoOwnRule = await readFile(new URL('argocd.lua', import.meta.url), 'utf8');
const word = { data: [{ secretKey: 'word', remoteRef: { key: 'word' } }] };
const otherWord = { data: [{ secretKey: 'other', remoteRef: { key: 'word' } }] };

/** An object's name, and what each judge says of it. */
type Row = readonly [name: string, kstatus: string, flux: string, argoOwn: string, argo: string];

const externalSecretRows: readonly Row[] = [
  ['in-step', 'Current', 'Current', 'Healthy', 'Healthy'],
  ['failing', 'InProgress', 'InProgress', 'Degraded', 'Degraded'],
  ['new', 'Current', 'Unknown', 'Progressing', 'Progressing'],
  ['edited', 'Current', 'InProgress', 'Healthy', 'Progressing'],
  ['edited-but-created-once', 'Current', 'Current', 'Healthy', 'Healthy'],
  ['synced-twice-on-change', 'Current', 'Current', 'Progressing', 'Healthy'],
  ['being-deleted', 'Terminating', 'InProgress', 'Progressing', 'Progressing'],
];

const storeRows: readonly Row[] = [
  ['store', 'Current', 'Current', 'Healthy', 'Healthy'],
  ['invalid', 'InProgress', 'InProgress', 'Degraded', 'Degraded'],
  ['new', 'Current', 'Unknown', 'Progressing', 'Progressing'],
];

type Judge = (object: object, kind: string) => Promise<string>;

/** In the order of a row's columns. */
const judges: readonly (readonly [string, Judge])[] = [
  ['Flux, by kstatus', (object) => fluxStatus(object)],
  ['Flux, by our expressions', (object, kind) => fluxStatus(object, documentedCheck(kind))],
  ['Argo CD, by its own rule', (object) => argoHealth(object, argoOwnRule)],
  ['Argo CD, by our rule', (object, kind) => argoHealth(object, documentedRule(kind))],
];

const missing = await judgesMissing();

describe.skipIf(missing !== undefined)(`the judges${missing === undefined ? '' : ` (${missing})`}`, () => {
  describeWorld('of health', (world) => {
    let space: Workspace;

    beforeAll(async () => {
      space = await Workspace.open(world());
      await space.start();
      await applyWhileWatched(space);
      await space.stopOperator();
      await applyUnwatched(space);
    });

    afterAll(() => space.close());

    describe.each(judges.map(([title, judge], column) => [title, judge, column] as const))(
      'objects to %s:',
      (_, judge, column) => {
        const verdicts = (rows: readonly Row[]) => rows.map(([name, ...statuses]) => [name, statuses[column]] as const);

        it.each(verdicts(externalSecretRows))('the ExternalSecret %s is %s', async (name, verdict) => {
          expect(await judge(await space.externalSecret(name), 'ExternalSecret')).toBe(verdict);
        });

        it.each(verdicts(storeRows))('the SecretStore %s is %s', async (name, verdict) => {
          expect(await judge(await space.store(name), 'SecretStore')).toBe(verdict);
        });
      },
    );
  });
});

async function applyWhileWatched(space: Workspace): Promise<void> {
  await space.applyStore({ word: 'hello' });
  await space.applyStore({}, { name: 'invalid', fake: { validationResult: 2 } });
  const specs = {
    'in-step': word,
    failing: { data: [{ secretKey: 'word', remoteRef: { key: 'missing' } }] },
    edited: word,
    'edited-but-created-once': { ...word, refreshPolicy: 'CreatedOnce' },
    'synced-twice-on-change': { ...word, refreshPolicy: 'OnChange' },
    // Its finalizer keeps it while no operator runs.
    'being-deleted': { ...word, target: { deletionPolicy: 'Delete' } },
  };
  for (const [name, spec] of Object.entries(specs)) await space.applyExternalSecret(name, spec);
  for (const name of Object.keys(specs)) await (name === 'failing' ? space.failed(name) : space.ready(name));
  await space.storeIs('InvalidProviderConfig', 'invalid');
  await eventually(async () => {
    const { status } = await space.refresh('synced-twice-on-change');
    const since = status?.conditions?.[0]?.lastTransitionTime ?? '';
    expect(Date.parse(status?.refreshTime ?? '')).toBeGreaterThan(Date.parse(since));
  });
}

async function applyUnwatched(space: Workspace): Promise<void> {
  await space.applyExternalSecret('new', word);
  await space.applyStore({}, { name: 'new' });
  await space.applyExternalSecret('edited', otherWord);
  await space.applyExternalSecret('edited-but-created-once', { ...otherWord, refreshPolicy: 'CreatedOnce' });
  await space.world.kube.delete(externalSecrets, { namespace: space.namespace, name: 'being-deleted' });
}
