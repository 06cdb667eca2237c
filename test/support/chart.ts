/** What the chart renders, as objects. */
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { chartFolder, type Helm, type HelmResult } from './helm.ts';

const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    annotations: z.record(z.string(), z.string()).optional(),
    labels: z.record(z.string(), z.string()).optional(),
  }),
});

export type Manifest = z.infer<typeof manifestSchema>;

const deploymentSchema = z.looseObject({
  spec: z.looseObject({
    replicas: z.number().optional(),
    template: z.looseObject({
      metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
      spec: z.looseObject({
        serviceAccountName: z.string(),
        containers: z.array(
          z.looseObject({ name: z.string(), args: z.array(z.string()), resources: z.unknown().optional() }),
        ),
      }),
    }),
  }),
});

export const release = 'external-secrets';
export const releaseNamespace = 'external-secrets-system';

export function template(helm: Helm, ...args: readonly string[]): Promise<HelmResult> {
  return helm(['template', release, chartFolder, '--namespace', releaseNamespace, ...args]);
}

/** @throws with Helm's own words when it does not render */
export async function render(helm: Helm, ...args: readonly string[]): Promise<readonly Manifest[]> {
  const { code, stdout, stderr } = await template(helm, ...args);
  if (code !== 0) throw new Error(stderr);
  return parseManifests(stdout);
}

export function parseManifests(text: string): readonly Manifest[] {
  const values = parseAllDocuments(text).map((document): unknown => document.toJS());
  return values.filter((value) => value !== null).map((value) => manifestSchema.parse(value));
}

export function find(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
}

export function namesOf(manifests: readonly Manifest[], kind: string): readonly string[] {
  return manifests.filter((manifest) => manifest.kind === kind).map((manifest) => manifest.metadata.name);
}

export interface DeploymentView {
  readonly replicas: number | undefined;
  readonly args: readonly string[];
  readonly serviceAccountName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly resources: unknown;
}

/** As much of a Deployment as tests look at. */
export function deploymentView(deployment: unknown): DeploymentView {
  const { spec } = deploymentSchema.parse(deployment);
  const [container] = spec.template.spec.containers;
  return {
    replicas: spec.replicas,
    args: container?.args ?? [],
    serviceAccountName: spec.template.spec.serviceAccountName,
    labels: spec.template.metadata.labels,
    resources: container?.resources,
  };
}
