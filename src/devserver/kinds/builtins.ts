/** The built-in kinds that are served, a line each; those with rules of their own have a file each. */
import type { StructuralSchema } from '../../api/structural.ts';
import { SchemaValidator } from '../schema/validator.ts';
import type { Storage } from '../storage.ts';
import {
  ageColumn,
  configMapColumns,
  definitionColumns,
  eventColumns,
  nameColumn,
  namespaceColumns,
  secretColumns,
} from './columns.ts';
import { configMapBehaviour, configMapSchema } from './configmap.ts';
import { definitionBehaviour } from './definition.ts';
import { namespaceBehaviour } from './namespace.ts';
import { secretBehaviour, secretSchema } from './secret.ts';
import type { KindBehaviour, ServedKind, TableColumn } from './served.ts';

interface BuiltIn {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly schema?: StructuralSchema;
  readonly hasStatus?: boolean;
  readonly columns?: readonly TableColumn[];
  readonly selectableFields?: readonly string[];
  readonly behaviour?: KindBehaviour;
  readonly maxObjects?: number;
}

/** Secret, ConfigMap and most others: no generation, a PUT without a version overwrites. */
const plain: KindBehaviour = { hasGeneration: false, allowsUnconditionalUpdate: true, allowsCreateOnUpdate: false };
const counted: KindBehaviour = { hasGeneration: true, allowsUnconditionalUpdate: true, allowsCreateOnUpdate: false };
const puttable: KindBehaviour = { hasGeneration: false, allowsUnconditionalUpdate: true, allowsCreateOnUpdate: true };
const locked: KindBehaviour = { hasGeneration: false, allowsUnconditionalUpdate: false, allowsCreateOnUpdate: true };

/** The real server keeps events for an hour; this one keeps the newest. */
const maxEvents = 5_000;
const eventFields = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];
const eventSelectors = [
  ...eventFields.map((field) => `involvedObject.${field}`),
  'reason',
  'reportingComponent',
  'type',
];

const core = { group: '', version: 'v1', namespaced: true } as const;
const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1', behaviour: puttable } as const;
const admission = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  namespaced: false,
  behaviour: counted,
} as const;

const builtIns: readonly BuiltIn[] = [
  {
    ...core,
    plural: 'namespaces',
    kind: 'Namespace',
    namespaced: false,
    shortNames: ['ns'],
    hasStatus: true,
    columns: namespaceColumns,
    selectableFields: ['status.phase'],
    behaviour: namespaceBehaviour,
  },
  {
    ...core,
    plural: 'secrets',
    kind: 'Secret',
    schema: secretSchema,
    columns: secretColumns,
    selectableFields: ['type'],
    behaviour: secretBehaviour,
  },
  {
    ...core,
    plural: 'configmaps',
    kind: 'ConfigMap',
    shortNames: ['cm'],
    schema: configMapSchema,
    columns: configMapColumns,
    behaviour: configMapBehaviour,
  },
  { ...core, plural: 'serviceaccounts', kind: 'ServiceAccount', shortNames: ['sa'] },
  { ...core, plural: 'services', kind: 'Service', shortNames: ['svc'], categories: ['all'], behaviour: puttable },
  { ...core, plural: 'endpoints', kind: 'Endpoints', shortNames: ['ep'], behaviour: puttable },
  {
    ...core,
    plural: 'pods',
    kind: 'Pod',
    shortNames: ['po'],
    categories: ['all'],
    hasStatus: true,
    behaviour: counted,
  },
  {
    ...core,
    plural: 'events',
    kind: 'Event',
    shortNames: ['ev'],
    columns: eventColumns,
    selectableFields: eventSelectors,
    behaviour: puttable,
    maxObjects: maxEvents,
  },
  { group: 'coordination.k8s.io', version: 'v1', plural: 'leases', kind: 'Lease', namespaced: true, behaviour: locked },
  {
    group: 'discovery.k8s.io',
    version: 'v1',
    plural: 'endpointslices',
    kind: 'EndpointSlice',
    namespaced: true,
    behaviour: counted,
  },
  {
    group: 'events.k8s.io',
    version: 'v1',
    plural: 'events',
    kind: 'Event',
    namespaced: true,
    shortNames: ['ev'],
    behaviour: puttable,
    maxObjects: maxEvents,
  },
  {
    group: 'apps',
    version: 'v1',
    plural: 'deployments',
    kind: 'Deployment',
    namespaced: true,
    shortNames: ['deploy'],
    categories: ['all'],
    hasStatus: true,
    behaviour: counted,
  },
  { ...rbac, plural: 'roles', kind: 'Role', namespaced: true },
  { ...rbac, plural: 'rolebindings', kind: 'RoleBinding', namespaced: true },
  { ...rbac, plural: 'clusterroles', kind: 'ClusterRole', namespaced: false },
  { ...rbac, plural: 'clusterrolebindings', kind: 'ClusterRoleBinding', namespaced: false },
  { ...admission, plural: 'validatingwebhookconfigurations', kind: 'ValidatingWebhookConfiguration' },
  { ...admission, plural: 'mutatingwebhookconfigurations', kind: 'MutatingWebhookConfiguration' },
  {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    plural: 'customresourcedefinitions',
    kind: 'CustomResourceDefinition',
    namespaced: false,
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    hasStatus: true,
    columns: definitionColumns,
    behaviour: definitionBehaviour,
  },
];

export function builtInKinds(storage: Storage): readonly ServedKind[] {
  return builtIns.map((builtIn) => served(builtIn, storage));
}

function served(builtIn: BuiltIn, storage: Storage): ServedKind {
  const { group, version, plural, kind, namespaced, selectableFields = [] } = builtIn;
  return {
    group,
    version,
    plural,
    kind,
    namespaced,
    singular: kind.toLowerCase(),
    listKind: `${kind}List`,
    shortNames: builtIn.shortNames ?? [],
    categories: builtIn.categories ?? [],
    storedApiVersion: group === '' ? version : `${group}/${version}`,
    objects: storage.collection({ group, plural }, builtIn.maxObjects),
    schema: builtIn.schema,
    validator: builtIn.schema && new SchemaValidator(builtIn.schema),
    isCustom: false,
    hasStatus: builtIn.hasStatus ?? false,
    columns: builtIn.columns ?? [nameColumn, ageColumn],
    selectableFields: new Map(selectableFields.map((path) => [path, path.split('.')])),
    behaviour: builtIn.behaviour ?? plain,
  };
}
