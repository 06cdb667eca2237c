/** CustomResourceDefinitions: the kinds as the API server is told about them. */
import { componentLabel } from './constants.ts';
import type { Kind, PrinterColumn } from './kinds.ts';
import { type StructuralSchema, structuralSchema } from './structural.ts';
import { toV1beta1 } from './v1beta1.ts';

export interface CustomResourceDefinition {
  readonly apiVersion: 'apiextensions.k8s.io/v1';
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly group: string;
    readonly names: {
      readonly kind: string;
      readonly listKind: string;
      readonly plural: string;
      readonly singular: string;
      readonly shortNames?: readonly string[];
      readonly categories: readonly string[];
    };
    readonly scope: 'Namespaced' | 'Cluster';
    readonly versions: readonly CustomResourceVersion[];
    readonly conversion: { readonly strategy: 'None' };
  };
}

export interface CustomResourceVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
  readonly subresources?: { readonly status: Readonly<Record<string, never>> };
  readonly schema: { readonly openAPIV3Schema: StructuralSchema };
}

/** The definition of a kind, as it is applied to a cluster. */
export function customResourceDefinition(kind: Kind): CustomResourceDefinition {
  const { group, plural, kind: name, namespaced } = kind.resource;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}`, labels: { [componentLabel]: 'controller' } },
    spec: {
      group,
      names: {
        kind: name,
        listKind: `${name}List`,
        plural,
        singular: name.toLowerCase(),
        ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
        categories: kind.categories,
      },
      scope: namespaced ? 'Namespaced' : 'Cluster',
      versions: versionsOf(kind),
      conversion: { strategy: 'None' },
    },
  };
}

function versionsOf(kind: Kind): readonly CustomResourceVersion[] {
  const schema = structuralSchema(kind.schema);
  const stored = storedVersion(kind, schema);
  if (!kind.servesV1beta1) return [stored];
  return [stored, betaVersion(kind, toV1beta1(kind.resource.kind, schema))];
}

function storedVersion(kind: Kind, schema: StructuralSchema): CustomResourceVersion {
  return {
    name: kind.resource.version,
    served: true,
    storage: true,
    ...commonParts(kind),
    ...(kind.selectableFields.length > 0 && {
      selectableFields: kind.selectableFields.map((jsonPath) => ({ jsonPath })),
    }),
    schema: { openAPIV3Schema: schema },
  };
}

/** Served, unlike in ESO since 0.17: manifests that were written for it go on working. */
function betaVersion(kind: Kind, schema: StructuralSchema): CustomResourceVersion {
  const { group, kind: name } = kind.resource;
  return {
    name: 'v1beta1',
    served: true,
    storage: false,
    deprecated: true,
    deprecationWarning: `${group}/v1beta1 ${name} is served for old manifests; write ${group}/v1 in new ones`,
    ...commonParts(kind),
    schema: { openAPIV3Schema: schema },
  };
}

function commonParts(kind: Kind): Partial<CustomResourceVersion> {
  return {
    ...(kind.columns.length > 0 && { additionalPrinterColumns: kind.columns }),
    ...(kind.hasStatus && { subresources: { status: {} } }),
  };
}
