/**
 * v1beta1 has the fields of v1, so that nothing is lost when an object goes through it; where ESO's v1beta1 defaulted
 * more or demanded less, so does ours.
 */
import type { StructuralSchema } from './structural.ts';

type Change = (schema: StructuralSchema) => StructuralSchema;

interface Difference {
  /** Property names, and `[]` for the items of a list. */
  readonly path: readonly string[];
  readonly change: Change;
}

const remoteRefDefaults = { conversionStrategy: 'Default', decodingStrategy: 'None', metadataPolicy: 'None' };
const findDefaults = { conversionStrategy: 'Default', decodingStrategy: 'None' };

const externalSecretSpec: readonly Difference[] = [
  ...defaultsAt('data.[].remoteRef', remoteRefDefaults),
  ...defaultsAt('dataFrom.[].extract', remoteRefDefaults),
  ...defaultsAt('dataFrom.[].find', findDefaults),
];

const store: readonly Difference[] = [
  without('spec.provider.conjur.auth', 'minProperties', 'maxProperties'),
  without('spec.provider.doppler.auth', 'x-kubernetes-validations'),
  without('spec.provider.kubernetes.auth.cert', 'required'),
  without('spec.provider.kubernetes.auth.token', 'required'),
  without('spec.provider.pulumi', 'x-kubernetes-validations'),
  without('spec.provider.secretserver', 'x-kubernetes-validations'),
  ...['username', 'password'].flatMap((credential) => [
    without(`spec.provider.secretserver.${credential}`, 'x-kubernetes-validations'),
    without(`spec.provider.secretserver.${credential}.value`, 'minLength'),
  ]),
];

const differences: Readonly<Record<string, readonly Difference[]>> = {
  ExternalSecret: [...below('spec', externalSecretSpec), without('status.conditions.[].type', 'enum')],
  ClusterExternalSecret: below('spec.externalSecretSpec', externalSecretSpec),
  SecretStore: store,
  ClusterSecretStore: store,
};

/** The v1beta1 schema of a kind, from its v1 schema. */
export function toV1beta1(kind: string, schema: StructuralSchema): StructuralSchema {
  return (differences[kind] ?? []).reduce((changed, { path, change }) => changeAt(changed, path, change), schema);
}

function defaultsAt(path: string, values: Readonly<Record<string, string>>): readonly Difference[] {
  return Object.entries(values).map(([field, value]) => ({
    path: [...path.split('.'), field],
    change: (schema) => ({ ...schema, default: value }),
  }));
}

function without(path: string, ...keywords: readonly (keyof StructuralSchema)[]): Difference {
  const dropped = new Set<string>(keywords);
  return {
    path: path.split('.'),
    change: (schema) => Object.fromEntries(Object.entries(schema).filter(([keyword]) => !dropped.has(keyword))),
  };
}

function below(prefix: string, list: readonly Difference[]): readonly Difference[] {
  return list.map(({ path, change }) => ({ path: [...prefix.split('.'), ...path], change }));
}

/** A path that the schema does not have changes nothing. */
function changeAt(schema: StructuralSchema, path: readonly string[], change: Change): StructuralSchema {
  const [segment, ...rest] = path;
  if (segment === undefined) return change(schema);
  if (segment === '[]') {
    return schema.items === undefined ? schema : { ...schema, items: changeAt(schema.items, rest, change) };
  }
  const child = schema.properties?.[segment];
  if (child === undefined) return schema;
  return { ...schema, properties: { ...schema.properties, [segment]: changeAt(child, rest, change) } };
}
