// Copies packages without what never runs: types, maps, documents, sources, builds for browsers.
import { cpSync, mkdirSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';

const folders = new Set(['docs', 'doc', 'test', 'tests', 'example', 'examples']);
/** Builds for other runtimes, as Azure's packages have them; elsewhere a folder `browser` may be asked for. */
const otherBuilds = /(?:^|\/)dist\/(?:browser|react-native|workerd)(?:\/|$)/;
const files = /\.(?:d\.[cm]?ts|map|tsbuildinfo|markdown)$|(?<!LICENSE)\.md$|\.ts$/;

/** @param folder such as `node_modules/a` */
export function copyPackage(root, folder, target) {
  const source = join(root, folder);
  const destination = join(target, folder);
  mkdirSync(dirname(destination), { recursive: true });
  cpSync(source, destination, { recursive: true, filter: (path) => isNeeded(relative(source, path)) });
}

function isNeeded(path) {
  if (path === '') return true;
  const parts = path.split(sep);
  // Packages inside are copied by themselves, if at all.
  if (parts.includes('node_modules') || parts.some((part) => folders.has(part))) return false;
  return !otherBuilds.test(parts.join('/')) && !files.test(basename(path));
}
