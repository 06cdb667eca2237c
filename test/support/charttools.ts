/** The tools that judge the chart, built from `test/chart-tools`: kubeconform with the schemas of Kubernetes, helm-unittest. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cachedFolder } from './cachefolder.ts';
import { readDefinitions } from './definitions.ts';
import { buildGoBinary, type GoModule, NoGoError } from './gobinary.ts';

const run = promisify(execFile);
const shared = { name: 'chart-tools', ldflags: '-s -w', duration: 'a minute, once' };

const kubeconform: GoModule = {
  ...shared,
  binary: 'kubeconform',
  package: 'github.com/yannh/kubeconform/cmd/kubeconform',
};
const helmUnittest: GoModule = {
  ...shared,
  binary: 'helm-unittest',
  package: 'github.com/helm-unittest/helm-unittest/cmd/helm-unittest',
};

/** A Python package that carries the JSON schemas of many versions of Kubernetes. */
const carrier = {
  name: 'kubernetes-validate',
  version: '1.37.0',
  folder: 'kubernetes_validate/kubernetes-json-schema',
};
export const kubernetesVersion = '1.37.0';

export interface ChartTools {
  readonly kubeconform: string;
  readonly helmUnittest: string;
  /** In kubeconform's layout. */
  readonly schemas: string;
}

/** Why they cannot be had instead, on a machine without Go or pip. @throws in CI, where a tier that cannot run is a failure */
export async function findChartTools(): Promise<ChartTools | string> {
  try {
    return {
      kubeconform: await buildGoBinary(kubeconform),
      helmUnittest: await buildGoBinary(helmUnittest),
      schemas: await cachedFolder(`kubernetes-schemas-${kubernetesVersion}`, fetchSchemas),
    };
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    if (error instanceof NoGoError) return error.message;
    return `the schemas of Kubernetes cannot be had: ${String(error)}`;
  }
}

async function fetchSchemas(folder: string): Promise<void> {
  const { name, version, folder: inside } = carrier;
  const source = `v${kubernetesVersion}-local-strict`;
  await run('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', `${name}==${version}`], { cwd: folder });
  const [wheel = ''] = (await readdir(folder)).filter((file) => file.endsWith('.whl'));
  await run('unzip', ['-q', wheel, `${inside}/${source}/*`], { cwd: folder });
  const target = join(folder, `v${kubernetesVersion}-standalone-strict`);
  await mkdir(target);
  for (const file of await readdir(join(folder, inside, source))) {
    const schema = await readFile(join(folder, inside, source, file), 'utf8');
    await writeFile(join(target, file), standalone(file, schema));
  }
  await rm(join(folder, wheel));
  await rm(join(folder, 'kubernetes_validate'), { recursive: true });
}

/** References point to the file beside; an `$id` on the web would make kubeconform look there. */
function standalone(file: string, schema: string): string {
  const definitions = file === '_definitions.json' ? '' : '_definitions.json';
  const { $id: _, ...rest } = JSON.parse(schema.replaceAll('/api/_definitions.json#', `${definitions}#`)) as {
    readonly $id?: string;
  };
  return JSON.stringify(rest);
}

interface CustomDefinition {
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: object } }[];
  };
}

/** The schemas of our own kinds, by `{{.ResourceKind}}_{{.ResourceAPIVersion}}.json`. */
export async function writeOwnSchemas(folder: string): Promise<void> {
  for (const definition of await readDefinitions()) {
    const { names, versions } = (definition as unknown as CustomDefinition).spec;
    for (const { name, schema } of versions) {
      await writeFile(join(folder, `${names.kind.toLowerCase()}_${name}.json`), JSON.stringify(schema.openAPIV3Schema));
    }
  }
}
