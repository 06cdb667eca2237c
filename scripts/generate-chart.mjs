// Writes what in the chart follows from something else: templates/crds from crds/, values.schema.json and the README
// from values.yaml, the version from package.json. `--check` writes nothing and fails when a file is not as it would be.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crdTemplates, generatorPluralsTemplate } from './chart/crds.mjs';
import { readmeOf } from './chart/readme.mjs';
import { schemaOf } from './chart/schema.mjs';
import { describedValues } from './chart/values.mjs';

const root = new URL('../', import.meta.url);
const chart = new URL('charts/external-secrets/', root);
const isCheck = process.argv.includes('--check');

const stale = [];
for (const [path, text] of Object.entries(await generatedFiles())) {
  const url = new URL(path, chart);
  if ((await readFile(url, 'utf8').catch(() => undefined)) === text) continue;
  stale.push(path);
  if (!isCheck) await write(url, text);
}
for (const path of stale) console.log(`${isCheck ? 'stale' : 'wrote'} charts/external-secrets/${path}`);
process.exitCode = isCheck && stale.length > 0 ? 1 : 0;

async function generatedFiles() {
  const valuesYaml = await readFile(new URL('values.yaml', chart), 'utf8');
  const { version } = JSON.parse(await readFile(new URL('package.json', root), 'utf8'));
  const crds = await readCrds();
  const values = describedValues(valuesYaml);
  return {
    'Chart.yaml': withVersion(await readFile(new URL('Chart.yaml', chart), 'utf8'), version),
    'values.schema.json': `${JSON.stringify(schemaOf(values), undefined, 2)}\n`,
    'README.md': readmeOf(values),
    'templates/_generators.tpl': generatorPluralsTemplate(crds),
    ...crdTemplates(crds),
  };
}

async function readCrds() {
  const folder = new URL('crds/', root);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(new URL(name, folder), 'utf8') })));
}

function withVersion(text, version) {
  return text.replace(/^version: .*$/m, `version: ${version}`).replace(/^appVersion: .*$/m, `appVersion: "${version}"`);
}

async function write(url, text) {
  await mkdir(dirname(url.pathname), { recursive: true });
  await writeFile(url, text);
}
