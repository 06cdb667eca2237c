// The bill of materials of the image: what npm knows of each package that it holds, in CycloneDX.
import { execFileSync } from 'node:child_process';

/**
 * @param held `name@version` of all packages that are in the image, bundled ones included
 * @returns the document; npm's own, without what is only installed to build and test
 */
export function billOfMaterials(root, held) {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
  const all = JSON.parse(execFileSync('npm', args, { cwd: root, maxBuffer: 1 << 26, encoding: 'utf8' }));
  const components = all.components.filter(({ name, version }) => held.has(`${name}@${version}`));
  const references = new Set([
    all.metadata.component['bom-ref'],
    ...components.map((component) => component['bom-ref']),
  ]);
  const dependencies = all.dependencies
    .filter(({ ref }) => references.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => references.has(other)) }));
  return { ...all, components, dependencies };
}
