/** What is wrong with an ExternalSecret that its schema cannot say. Pure; the rules are ESO 2.9's. */
import type { DataFromEntry } from '../api/data.ts';
import type { ExternalSecretSpec } from '../api/externalsecret.ts';
import type { Template } from '../api/template.ts';
import type { Verdict } from './admissionreview.ts';

type Rule = (spec: ExternalSecretSpec) => readonly string[];

const rules: readonly Rule[] = [
  deletionNeedsOwnership, // Delete and Merge make sense only where something is written, and ours to delete
  readsSomething, // Neither data nor dataFrom: nothing to do
  entriesAreClear, // Each dataFrom entry says one thing
  keysAreDistinct, // The second entry of a key would win in silence
  templateIsSafe, // Types by which an ExternalSecret could become more than its author
  templateTargetsExist, // templateFrom writes parts that a Secret has
];

export function validateExternalSecret(spec: ExternalSecretSpec): Verdict {
  return { errors: rules.flatMap((rule) => rule(spec)), warnings: warningsOf(spec) };
}

function deletionNeedsOwnership({ target }: ExternalSecretSpec): readonly string[] {
  const { creationPolicy, deletionPolicy } = target;
  const isShared = creationPolicy === 'Merge' || creationPolicy === 'None' || creationPolicy === 'CreateOrMerge';
  if (deletionPolicy === 'Delete' && isShared) {
    return [
      `deletionPolicy=Delete must not be used with creationPolicy=${creationPolicy}: there is no Secret of ours to delete`,
    ];
  }
  if (deletionPolicy === 'Merge' && creationPolicy === 'None') {
    return ['deletionPolicy=Merge must not be used with creationPolicy=None: there is no Secret of ours to change'];
  }
  return [];
}

function readsSomething({ data = [], dataFrom = [] }: ExternalSecretSpec): readonly string[] {
  return data.length + dataFrom.length === 0 ? ['either data or dataFrom must be set'] : [];
}

function entriesAreClear({ dataFrom = [] }: ExternalSecretSpec): readonly string[] {
  return dataFrom.flatMap((entry, index) => entryErrors(entry).map((error) => `dataFrom[${index}]: ${error}`));
}

function entryErrors({ find, extract, sourceRef }: DataFromEntry): readonly string[] {
  const generator = sourceRef?.generatorRef;
  const kinds = [find, extract, generator].filter((part) => part !== undefined).length;
  if (kinds > 1) return ['extract, find and sourceRef.generatorRef exclude each other'];
  if (kinds === 1) return [];
  if (sourceRef?.storeRef !== undefined) return ['sourceRef.storeRef needs extract or find'];
  return ['one of extract, find and sourceRef.generatorRef must be set'];
}

/** As in ESO only where keys are retained; elsewhere the last one wins. */
function keysAreDistinct({ data = [], target }: ExternalSecretSpec): readonly string[] {
  if (target.deletionPolicy !== 'Retain') return [];
  const keys = data.map(({ secretKey }) => secretKey);
  const repeated = new Set(keys.filter((key, index) => keys.indexOf(key) !== index));
  return Array.from(repeated, (key) => `data: secretKey "${key}" is there more than once`);
}

const tokenType = 'kubernetes.io/service-account-token';
const tokenAnnotation = 'kubernetes.io/service-account.name';

function templateIsSafe({ target }: ExternalSecretSpec): readonly string[] {
  const { template } = target;
  if (template?.type === 'bootstrap.kubernetes.io/token')
    return [`target.template.type must not be "${template.type}"`];
  if (template?.type !== tokenType) return [];
  if (template.metadata?.annotations?.[tokenAnnotation] !== undefined || writesAnnotations(template)) {
    return [`target.template.type "${tokenType}" must not be used with annotation "${tokenAnnotation}"`];
  }
  return [];
}

function writesAnnotations({ templateFrom = [] }: Template): boolean {
  return templateFrom.some(({ target }) => target?.toLowerCase() === 'annotations');
}

const secretParts = new Set(['', 'data', 'labels', 'annotations']);

function templateTargetsExist({ target }: ExternalSecretSpec): readonly string[] {
  const { manifest, template } = target;
  if (manifest !== undefined && !(manifest.apiVersion === 'v1' && manifest.kind === 'Secret')) return [];
  return (template?.templateFrom ?? []).flatMap((from, index) =>
    secretParts.has((from.target ?? '').toLowerCase())
      ? []
      : [
          `target.template.templateFrom[${index}].target: "${from.target}" is no part of a Secret; use Data, Labels or Annotations`,
        ],
  );
}

/** Nothing here is wrong, but hardly anybody means it. */
function warningsOf({ data = [], dataFrom = [], target }: ExternalSecretSpec): readonly string[] {
  const keys = [
    ...data.map(({ remoteRef }) => remoteRef.key),
    ...dataFrom.flatMap(({ extract }) => extract?.key ?? []),
  ];
  const wildcards = keys.filter((key) => key.includes('*'));
  return [
    ...wildcards.map((key) => `remote key "${key}" is taken as it is: use dataFrom.find to match many`),
    ...(target.deletionPolicy === 'Delete' && target.creationPolicy === 'Orphan'
      ? ['deletionPolicy=Delete with creationPolicy=Orphan deletes nothing: the Secret has no owner']
      : []),
  ];
}
