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
  ...readdirSync(join(root, 'src', 'providers'))
    .filter((name) => existsSync(join(root, 'src', 'providers', name, 'README.md')))
    .map((name) => [`src/providers/${name}/README.md`, `providers/${name}.html`]),
  ['charts/external-secrets/README.md', 'chart.html'],
];

const rendered = new Map();
const places = new Map(pages);
for (const [source, place] of pages) {
  const markdown = readFileSync(join(root, source), 'utf8');
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
