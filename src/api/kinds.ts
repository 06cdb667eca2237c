/** What the API server is told about each kind besides its schema: short names, printer columns and the like. */
import type { z } from 'zod';
import { ClusterExternalSecret } from './clusterexternalsecret.ts';
import { ClusterPushSecret } from './clusterpushsecret.ts';
import { ExternalSecret } from './externalsecret.ts';
import { clusterGeneratorSchema, type GeneratorSchemas, generatorSchema, localGeneratorKinds } from './generator.ts';
import { GeneratorState } from './generatorstate.ts';
import { PushSecret } from './pushsecret.ts';
import type { Resource } from './resource.ts';
import * as resources from './resources.ts';
import { type ProviderSchemas, storeSchema } from './secretstore.ts';

export interface Kind {
  /** Named in its storage version. */
  readonly resource: Resource;
  /** What stands beside the metadata: `spec` and `status`. */
  readonly schema: z.ZodObject;
  /** Also served as v1beta1, as ESO did up to 0.16. */
  readonly servesV1beta1: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly hasStatus: boolean;
  readonly columns: readonly PrinterColumn[];
  /** JSON paths, in the storage version only. */
  readonly selectableFields: readonly string[];
}

/** A column of `kubectl get`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'date';
  readonly jsonPath: string;
}

/** The parts of the API that other folders define. */
export interface ExtensionSchemas {
  readonly providers: ProviderSchemas;
  readonly generators: GeneratorSchemas;
}

const age = column('AGE', '.metadata.creationTimestamp', 'date');
const status = column('Status', '.status.conditions[?(@.type=="Ready")].reason');
const ready = column('Ready', '.status.conditions[?(@.type=="Ready")].status');
const lastSync = column('Last Sync', '.status.refreshTime', 'date');

/** All 25 kinds. */
export function allKinds({ providers, generators }: ExtensionSchemas): readonly Kind[] {
  return [
    externalSecretKind(),
    ...storeKinds(providers),
    clusterExternalSecretKind(),
    ...pushKinds(),
    ...generatorKinds(generators),
  ];
}

const defaults = {
  servesV1beta1: false,
  shortNames: [],
  categories: ['external-secrets'],
  hasStatus: true,
  columns: [],
  selectableFields: [],
} as const;

export function externalSecretKind(): Kind {
  return {
    ...defaults,
    resource: resources.externalSecrets,
    schema: ExternalSecret,
    servesV1beta1: true,
    shortNames: ['es'],
    columns: [
      column('StoreType', '.spec.secretStoreRef.kind'),
      column('Store', '.spec.secretStoreRef.name'),
      column('Refresh Interval', '.spec.refreshInterval'),
      status,
      ready,
      lastSync,
    ],
    selectableFields: [
      '.spec.secretStoreRef.name',
      '.spec.secretStoreRef.kind',
      '.spec.target.name',
      '.spec.refreshInterval',
    ],
  };
}

function clusterExternalSecretKind(): Kind {
  return {
    ...defaults,
    resource: resources.clusterExternalSecrets,
    schema: ClusterExternalSecret,
    servesV1beta1: true,
    shortNames: ['ces'],
    columns: [
      column('Store', '.spec.externalSecretSpec.secretStoreRef.name'),
      column('Refresh Interval', '.spec.refreshTime'),
      ready,
    ],
  };
}

function storeKinds(providers: ProviderSchemas): readonly Kind[] {
  const store = {
    ...defaults,
    schema: storeSchema(providers),
    servesV1beta1: true,
    columns: [age, status, column('Capabilities', '.status.capabilities'), ready],
  };
  return [
    { ...store, resource: resources.secretStores, shortNames: ['ss'] },
    { ...store, resource: resources.clusterSecretStores, shortNames: ['css'] },
  ];
}

export function pushKinds(): readonly Kind[] {
  return [
    {
      ...defaults,
      resource: resources.pushSecrets,
      schema: PushSecret,
      shortNames: ['ps'],
      columns: [age, status, lastSync],
    },
    { ...defaults, resource: resources.clusterPushSecrets, schema: ClusterPushSecret, columns: [age, status] },
  ];
}

function generatorKinds(generators: GeneratorSchemas): readonly Kind[] {
  const generator = { ...defaults, categories: ['external-secrets', 'external-secrets-generators'] };
  return [
    ...localGeneratorKinds.map((kind) => ({
      ...generator,
      resource: resources.generators[kind],
      schema: generatorSchema(generators[kind]),
    })),
    { ...generator, resource: resources.clusterGenerators, schema: clusterGeneratorSchema(generators) },
    {
      ...generator,
      resource: resources.generatorStates,
      schema: GeneratorState,
      shortNames: ['gs'],
      // As in ESO's CRD, where conditions are part of the object itself.
      hasStatus: false,
      columns: [
        column('GC Deadline', '.spec.garbageCollectionDeadline'),
        column('Age', '.metadata.creationTimestamp', 'date'),
      ],
    },
  ];
}

function column(name: string, jsonPath: string, type: PrinterColumn['type'] = 'string'): PrinterColumn {
  return { name, type, jsonPath };
}
