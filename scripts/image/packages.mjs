// Which installed packages the image needs: the bundle's externals and all that they depend on, by the lock file.
import { isExternal } from './externals.mjs';

/** Loaded in browsers alone; their Node builds never ask for them. */
const neverLoaded = new Set(['node_modules/@azure/msal-browser']);

/**
 * @param lock the parsed package-lock.json
 * @returns {string[]} folders such as `node_modules/a/node_modules/b`, sorted
 */
export function neededPackages({ packages }) {
  const needed = new Set();
  const pending = Object.keys(packages[''].dependencies)
    .filter(isExternal)
    .map((name) => resolve(packages, '', name));
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    if (needed.has(folder) || neverLoaded.has(folder)) continue;
    needed.add(folder);
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta = {} } = packages[folder];
    const peers = Object.keys(peerDependencies ?? {}).filter((name) => peerDependenciesMeta[name]?.optional !== true);
    for (const name of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) {
      const found = resolve(packages, folder, name);
      if (found !== undefined && isForThisSystem(packages[found])) pending.push(found);
    }
  }
  return [...needed].toSorted((left, right) => (left < right ? -1 : 1));
}

/** As Node looks for it: beside the package, then beside each one that holds it. */
function resolve(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const candidate = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[candidate] !== undefined) return candidate;
    if (folder === '') return undefined;
    if (!folder.includes('/node_modules/')) return packages[`node_modules/${name}`] && `node_modules/${name}`;
  }
}

function isForThisSystem({ os, cpu }) {
  return (os?.includes(process.platform) ?? true) && (cpu?.includes(process.arch) ?? true);
}
