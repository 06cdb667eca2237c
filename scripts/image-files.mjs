// Lays out exactly the files of the image: `node scripts/image-files.mjs FOLDER`, after `npm run build`.
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyPackage } from './image/copy.mjs';
import { neededPackages } from './image/packages.mjs';
import { billOfMaterials } from './image/sbom.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [folder] = process.argv.slice(2);
if (folder === undefined) fail('usage: node scripts/image-files.mjs FOLDER');
if (!existsSync(join(root, 'dist', 'main.js'))) fail('there is no dist/main.js: run `npm run build` first');
const target = resolve(folder);
if (existsSync(target)) fail(`${target} is there already`);

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const packages = neededPackages(lock);
mkdirSync(target, { recursive: true });
for (const file of ['package.json', 'LICENSE']) copyFileSync(join(root, file), join(target, file));
// Maps help where the sources are; the image has none.
cpSync(join(root, 'dist'), join(target, 'dist'), { recursive: true, filter: (path) => !/\.(map|d\.ts)$/.test(path) });
for (const needed of packages) copyPackage(root, needed, target);
const bundled = JSON.parse(readFileSync(join(root, 'dist', 'bundled.json'), 'utf8'));
const held = new Set([...packages, ...bundled].map((path) => `${nameOf(path)}@${lock.packages[path].version}`));
writeFileSync(join(target, 'sbom.json'), `${JSON.stringify(billOfMaterials(root, held), null, 2)}\n`);
console.log(`${target}: ${packages.length} packages beside the bundle, ${bundled.length} in it`);

function nameOf(path) {
  return lock.packages[path].name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
