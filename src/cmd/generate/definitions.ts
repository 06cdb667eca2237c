/** The files under `crds/`: one YAML a kind. */
import { stringify } from 'yaml';
import { customResourceDefinition } from '../../api/crd.ts';
import type { Kind } from '../../api/kinds.ts';
import type { GeneratedFile } from './files.ts';

const header = '# Written by `npm run generate` from src/api. Do not edit.\n';

/** Named as ESO names them: `<group>_<plural>.yaml`. */
export function definitionFiles(kinds: readonly Kind[]): readonly GeneratedFile[] {
  return kinds.map((kind) => ({
    path: `crds/${kind.resource.group}_${kind.resource.plural}.yaml`,
    content: header + kubernetesYaml(customResourceDefinition(kind)),
  }));
}

/** YAML that reads the same in YAML 1.1, which kubectl speaks: `"on"` and `"yes"` are quoted. */
function kubernetesYaml(value: object): string {
  return stringify(value, { schema: 'yaml-1.1', aliasDuplicateObjects: false, lineWidth: 0, indentSeq: false });
}
