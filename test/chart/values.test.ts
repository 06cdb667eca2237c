/**
 * Every value of ESO's chart is one of ours, with ESO's default, and does something: whatever a user has set for ESO
 * must not be lost without a word. What each value does is asserted beside it in render.test.ts and the chart's own
 * unit tests; here none is forgotten.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { mapLimited } from '../../src/lib/limited.ts';
import { release, releaseNamespace } from '../support/chart.ts';
import { chartFolder, describeHelm, type Helm } from '../support/helm.ts';

interface EsoValue {
  readonly path: string;
  readonly type: string;
  /** JSON; undefined where the table only says that there is an object. */
  readonly initial: unknown;
  readonly choices: readonly unknown[];
}

const dataFolder = new URL('./data/', import.meta.url);
const ours: unknown = parse(readFileSync(`${chartFolder}values.yaml`, 'utf8'));
const schema: unknown = JSON.parse(readFileSync(`${chartFolder}values.schema.json`, 'utf8'));
const esoValues = readTable();
/** Objects with members of their own in the table stand for those. */
const leaves = esoValues.filter(({ path }) => !esoValues.some((other) => other.path.startsWith(`${path}.`)));

/** Values that change no manifest, and why. */
const withoutEffect: Readonly<Record<string, string>> = {
  'bitwarden-sdk-server.namespaceOverride': 'goes with bitwarden-sdk-server.enabled, which is refused',
  'crds.createSecretStore': 'has none in the chart of ESO either: nothing works without stores',
};

/** Defaults that differ on purpose; docs/differences.md says why. */
const otherDefaults: Readonly<Record<string, unknown>> = {
  'crds.unsafeServeV1Beta1': true,
  concurrent: null,
};

it.each(leaves)("$path has ESO's default", ({ path, initial }) => {
  const expected = Object.hasOwn(otherDefaults, path) ? otherDefaults[path] : initial;
  expect(valueAt(ours, path)).toEqual(expected);
});

await describeHelm('a value of the chart', (helm) => {
  it('changes what is rendered, unless it is said why not', { timeout: 600_000 }, async () => {
    const bases = [
      ['everything.yaml'],
      ['everything.yaml', 'cert-manager.yaml'],
      ['cert-manager.yaml', 'crds.yaml'],
      ['crds.yaml'],
    ];
    let silent: readonly EsoValue[] = leaves;
    for (const files of bases) silent = await withoutChange(helm, files, silent);
    expect(silent.map(({ path }) => path)).toEqual(Object.keys(withoutEffect));
  });
});

/** The values, among `values`, that change nothing on top of these values files. */
async function withoutChange(
  helm: Helm,
  files: readonly string[],
  values: readonly EsoValue[],
): Promise<readonly EsoValue[]> {
  const args = files.flatMap((file) => ['--values', new URL(file, dataFolder).pathname]);
  const base = files.map((file): unknown => parse(readFileSync(new URL(file, dataFolder), 'utf8')));
  const before = await rendered(helm, args);
  expect(before).toContain('kind: Deployment');
  const silent: EsoValue[] = [];
  await mapLimited(values, cpus().length, async (value) => {
    const current = [...base.map((given) => valueAt(given, value.path)), undefined].find(
      (given) => given !== undefined,
    );
    const changed = changedValue(value, current ?? valueAt(ours, value.path));
    const after = await rendered(helm, [...args, '--set-json', `${value.path}=${JSON.stringify(changed)}`]);
    if (after === before) silent.push(value);
    else if (after.startsWith('Error:') && !namesPath(after, value.path)) throw new Error(`${value.path}: ${after}`);
  });
  return values.filter((value) => silent.includes(value));
}

/** The manifests, or Helm's refusal: it must say something of the values. */
async function rendered(helm: Helm, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await helm(['template', release, chartFolder, '-n', releaseNamespace, ...args]);
  return code === 0 ? stdout : stderr;
}

/** As users write it, with or without the component, or as the schema's errors do. */
function namesPath(error: string, path: string): boolean {
  return (
    error.includes(path.replace(/^(webhook|certController)\./, '')) || error.includes(`/${path.replaceAll('.', '/')}`)
  );
}

/** Of the same type, and another. */
function changedValue({ type, choices }: EsoValue, current: unknown): unknown {
  if (choices.length > 0) return choices.find((choice) => choice !== current);
  switch (type) {
    case 'boolean':
      return current !== true;
    case 'integer':
    case 'number':
      return Number(current) + 3;
    case 'array':
      return [{ name: 'changed' }];
    case 'object':
      return { changed: 'changed' };
    default:
      return 'changed';
  }
}

/** What our own schema allows, where ESO's allows anything. */
function choicesOf(path: string): readonly unknown[] {
  const found = valueAt(schema, `properties.${path.replaceAll('.', '.properties.')}`);
  return (found as { readonly enum?: readonly unknown[] } | undefined)?.enum ?? [];
}

function valueAt(values: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>> | undefined)?.[key], values);
}

function readTable(): readonly EsoValue[] {
  const [, ...rows] = readFileSync(new URL('eso-values.tsv', dataFolder), 'utf8').trimEnd().split('\n');
  return rows.map((row) => {
    const [path = '', type = '', initial = '', choices = ''] = row.split('\t');
    const isObject = initial === '{...}';
    return {
      path,
      type,
      initial: isObject ? undefined : (JSON.parse(initial) as unknown),
      choices: choices === '' ? choicesOf(path) : (JSON.parse(choices) as string[]),
    };
  });
}
