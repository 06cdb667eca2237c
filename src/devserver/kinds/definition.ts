/** CustomResourceDefinitions themselves: what is checked of them, and the status that says they are served. */
import { type FieldError, invalidField, requiredField } from '../fielderror.ts';
import { type ApiObject, membersOf } from '../object.ts';
import { namesOf, versionsOf } from './custom.ts';
import type { KindBehaviour } from './served.ts';

export const definitionBehaviour: KindBehaviour = {
  hasGeneration: true,
  allowsUnconditionalUpdate: false,
  allowsCreateOnUpdate: false,
  prepare: (object, previous) => ({ ...withNames(object), status: statusOf(object, previous) }),
  validate(object) {
    const names = namesOf(object);
    if (names === undefined) return [requiredField('spec.names.plural'), requiredField('spec.names.kind')];
    return [...nameErrors(object, `${names.plural}.${names.group}`), ...versionErrors(object)];
  },
};

function withNames(object: ApiObject): ApiObject {
  const names = namesOf(object);
  if (names === undefined) return object;
  const spec = membersOf(object['spec']);
  const { singular, listKind } = names;
  return {
    ...object,
    spec: {
      conversion: { strategy: 'None' },
      ...spec,
      names: { ...membersOf(spec['names']), singular, listKind },
    },
  };
}

function nameErrors({ metadata }: ApiObject, expected: string): readonly FieldError[] {
  if (metadata.name === expected) return [];
  return [invalidField('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group')];
}

function versionErrors(object: ApiObject): readonly FieldError[] {
  const versions = versionsOf(object);
  const stored = versions.filter((version) => version.storage).length;
  const field = 'spec.versions';
  return [
    ...(stored === 1 ? [] : [invalidField(field, stored, 'must have exactly one version marked as storage version')]),
    ...versions.flatMap(({ schema }, index) =>
      schema?.openAPIV3Schema === undefined
        ? [requiredField(`${field}[${index}].schema.openAPIV3Schema`, 'schemas are required')]
        : [],
    ),
  ];
}

/** Served from the moment they are stored. */
function statusOf(object: ApiObject, previous: ApiObject | undefined): object {
  const names = membersOf(membersOf(object['spec'])['names']);
  const storedVersions = versionsOf(object)
    .filter((version) => version.storage)
    .map(({ name }) => name);
  const conditions = membersOf(previous?.['status'])['conditions'] ?? established(object.metadata.creationTimestamp);
  return { conditions, acceptedNames: names, storedVersions };
}

function established(lastTransitionTime = ''): readonly object[] {
  return [
    condition('NamesAccepted', 'NoConflicts', 'no conflicts found', lastTransitionTime),
    condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted', lastTransitionTime),
  ];
}

function condition(type: string, reason: string, message: string, lastTransitionTime: string): object {
  return { type, status: 'True', lastTransitionTime, reason, message };
}
