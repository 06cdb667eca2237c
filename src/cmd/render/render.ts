/** `external-secrets render`: what the templates of manifests make of given values, with no cluster and no store. */
import { readFile } from 'node:fs/promises';
import { ManifestError } from '../../api/manifest.ts';
import { templateEngines } from '../../controllers/externalsecret/engines.ts';
import type { EngineFor } from '../../controllers/externalsecret/render.ts';
import type { SecretMap } from '../../provider/provider.ts';
import { toError } from '../../runtime/errors.ts';
import { type ManifestDocument, readDocuments } from './documents.ts';
import { FailureFinder } from './failure.ts';
import { shown } from './output.ts';
import { isRenderable, nameOf, type Rendered, renderManifest } from './targets.ts';
import { parseValues } from './values.ts';

export interface RenderOptions {
  readonly file: readonly string[];
  readonly data?: readonly string[] | undefined;
  readonly show: boolean;
  readonly key?: string | undefined;
  readonly name?: string | undefined;
  readonly templateLeftDelimiter: string;
  readonly templateRightDelimiter: string;
}

export interface Output {
  readonly out: (text: string) => void;
  readonly err: (line: string) => void;
}

export const exitCodes = { rendered: 0, failed: 1, nothing: 2 } as const;

/** Answers the exit code. What fails does not keep the rest from being rendered. */
export async function render(options: RenderOptions, output: Output): Promise<number> {
  const { documents, problems } = await readDocuments(options.file);
  for (const problem of problems) output.err(problem);
  const values = await readValues(options.data ?? []);
  const wanted = documents.filter((document) => isWanted(document, options));
  if (wanted.length === 0) {
    output.err(
      `no ExternalSecret or PushSecret${options.name === undefined ? '' : ` named ${options.name}`} in ${options.file.join(', ')}`,
    );
    return exitCodes.nothing;
  }
  const engineFor = templateEngines({
    leftDelimiter: options.templateLeftDelimiter,
    rightDelimiter: options.templateRightDelimiter,
  });
  const results = wanted.map((document) => renderOne(document, { documents, values, engineFor, output }));
  const rendered = results.filter((result) => result !== undefined);
  const isPrinted = print(rendered, options, output);
  return isPrinted && rendered.length === wanted.length && problems.length === 0
    ? exitCodes.rendered
    : exitCodes.failed;
}

function isWanted({ object }: ManifestDocument, { name }: RenderOptions): boolean {
  return isRenderable(object) && (name === undefined || object.metadata.name === name);
}

/** Later files win. */
async function readValues(paths: readonly string[]): Promise<SecretMap> {
  const read = await Promise.all(paths.map(async (path) => parseValues(path, await readFile(path, 'utf8'))));
  return new Map(read.flatMap((values) => [...values]));
}

interface Context {
  readonly documents: readonly ManifestDocument[];
  readonly values: SecretMap;
  readonly engineFor: EngineFor;
  readonly output: Output;
}

/** Undefined: it failed, and why was said. */
function renderOne(source: ManifestDocument, { documents, values, engineFor, output }: Context): Rendered | undefined {
  const failures = new FailureFinder(documents);
  try {
    return renderManifest(source, { documents, values, engineFor: failures.watch(engineFor) });
  } catch (error) {
    const issues = error instanceof ManifestError ? error.issues : [toError(error).message];
    for (const issue of issues) output.err(failures.describe(source, new Error(issue, { cause: error })));
    return undefined;
  }
}

/** Answers whether there was what `--key` asks for. */
function print(results: readonly Rendered[], { key, show }: RenderOptions, output: Output): boolean {
  if (key === undefined) {
    output.out(results.map(({ manifest }) => manifest(show)).join('---\n'));
    return true;
  }
  const found = results.filter(({ data }) => data.has(key));
  const [value] = found.map(({ data }) => data.get(key));
  if (value === undefined || found.length > 1) {
    const names = found.map(({ source }) => nameOf(source.object)).join(', ');
    output.err(
      found.length === 0 ? `nothing has the key ${key}` : `${names} all have the key ${key}: choose one with --name`,
    );
    return false;
  }
  output.out(show ? shown(value, true) : `${shown(value, false)}\n`);
  return true;
}
