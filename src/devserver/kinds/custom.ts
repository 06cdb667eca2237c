/** From a CustomResourceDefinition to the kinds it serves. */
import type { CustomResourceVersion } from '../../api/crd.ts';
import { type ApiObject, isJsonObject, membersOf } from '../object.ts';
import { SchemaValidator } from '../schema/validator.ts';
import type { Storage } from '../storage.ts';
import { ageColumn, nameColumn } from './columns.ts';
import type { ServedKind, TableColumn } from './served.ts';

/** The names a definition gives to its kind, with the defaults of the API server. */
export interface CustomNames {
  readonly group: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
}

/** Undefined: the definition has no names yet. */
export function namesOf(definition: ApiObject): CustomNames | undefined {
  const spec = membersOf(definition['spec']);
  const names = membersOf(spec['names']);
  const { plural, kind } = names;
  if (typeof spec['group'] !== 'string' || typeof plural !== 'string' || typeof kind !== 'string') return undefined;
  return {
    group: spec['group'],
    plural,
    kind,
    singular: textOr(names['singular'], kind.toLowerCase()),
    listKind: textOr(names['listKind'], `${kind}List`),
    shortNames: textsOf(names['shortNames']),
    categories: textsOf(names['categories']),
  };
}

/** One for each version that is served. */
export function customKinds(definition: ApiObject, storage: Storage): readonly ServedKind[] {
  const names = namesOf(definition);
  const versions = versionsOf(definition);
  const stored = versions.find((version) => version.storage);
  if (names === undefined || stored === undefined) return [];
  const shared = {
    ...names,
    namespaced: membersOf(definition['spec'])['scope'] === 'Namespaced',
    storedApiVersion: `${names.group}/${stored.name}`,
    objects: storage.collection(names),
  };
  return versions.filter((version) => version.served).map((version) => ({ ...shared, ...served(version, shared) }));
}

type Shared = CustomNames & Pick<ServedKind, 'namespaced' | 'storedApiVersion' | 'objects'>;

function served(version: CustomResourceVersion, { group, kind }: Shared): Omit<ServedKind, keyof Shared> {
  const schema = version.schema?.openAPIV3Schema;
  const hasStatus = version.subresources?.status !== undefined;
  const deprecated = `${group}/${version.name} ${kind} is deprecated`;
  return {
    version: version.name,
    schema,
    validator: schema && new SchemaValidator(schema),
    isCustom: true,
    hasStatus,
    columns: columnsOf(version.additionalPrinterColumns),
    selectableFields: new Map(
      (version.selectableFields ?? []).map(({ jsonPath }) => [jsonPath.slice(1), jsonPath.slice(1).split('.')]),
    ),
    behaviour: { hasGeneration: true, allowsUnconditionalUpdate: false, allowsCreateOnUpdate: false },
    deprecationWarning: version.deprecated === true ? (version.deprecationWarning ?? deprecated) : undefined,
  };
}

function columnsOf(printerColumns: readonly TableColumn[] = []): readonly TableColumn[] {
  return printerColumns.length === 0 ? [nameColumn, ageColumn] : [nameColumn, ...printerColumns];
}

/** What a definition says of its versions has the shape of one: that was checked when it was stored. */
export function versionsOf(definition: ApiObject): readonly CustomResourceVersion[] {
  const { versions } = membersOf(definition['spec']);
  return Array.isArray(versions) ? (versions.filter(isJsonObject) as unknown as CustomResourceVersion[]) : [];
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
