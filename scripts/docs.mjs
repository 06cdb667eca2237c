// Builds the site of the documentation: `node scripts/docs.mjs FOLDER`. With --check into a folder of its own, which is
// thrown away; either way a link that leads nowhere, or a page that no other links to, is an error.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brokenLinks } from './docs/links.mjs';
import { renderPage } from './docs/page.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isCheck = process.argv[2] === '--check';
const target = isCheck
  ? mkdtempSync(join(tmpdir(), 'external-secrets-docs-'))
  : (process.argv[2] ?? join(root, 'site'));

/** Markdown by its path in the project, and where its page is. */
const pages = [
  ...readdirSync(join(root, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => [`docs/${file}`, file.replace(/\.md$/, '.html')]),
  ...pagesOf('providers'),
  ...pagesOf('generators'),
  ['charts/external-secrets/README.md', 'chart.html'],
];

const rendered = new Map();
const places = new Map(pages);
for (const [source, place] of pages) {
  const markdown = readFileSync(join(root, source), 'utf8') + examplesBeside(source);
  rendered.set(place, renderPage({ markdown, source, place, places }));
}
const problems = brokenLinks(rendered, (place) => existsSync(join(root, 'docs', place)));
for (const [place, { html }] of rendered) {
  mkdirSync(dirname(join(target, place)), { recursive: true });
  writeFileSync(join(target, place), html);
}
if (existsSync(join(root, 'docs', 'images')))
  cpSync(join(root, 'docs', 'images'), join(target, 'images'), { recursive: true });
for (const problem of problems) console.error(problem);
if (isCheck) rmSync(target, { recursive: true });
else console.log(`${rendered.size} pages in ${relative(process.cwd(), target) || '.'}`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** Of what has a folder of its own. */
function pagesOf(kind) {
  return readdirSync(join(root, 'src', kind))
    .filter((name) => existsSync(join(root, 'src', kind, name, 'README.md')))
    .map((name) => [`src/${kind}/${name}/README.md`, `${kind}/${name}.html`]);
}

/** The manifests of a provider or generator, as the end of its page. */
function examplesBeside(source) {
  const folder = join(root, dirname(source), 'examples');
  if (!existsSync(folder)) return '';
  const files = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  return ['\n## Examples', ...files.map((text) => `\`\`\`yaml\n${text}\`\`\``)].join('\n\n');
}
