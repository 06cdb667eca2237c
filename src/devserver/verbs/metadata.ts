/** The metadata that every kind has: what users may write in it, and what only the server does. */
import { type FieldError, forbiddenField, invalidField, requiredField, tooLong } from '../fielderror.ts';
import type { ServedKind } from '../kinds/served.ts';
import { type ApiMeta, type ApiObject, membersOf, withMeta } from '../object.ts';

/** Of all annotations of an object together. */
const maxAnnotationBytes = 262_144;
const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = new RegExp(`^${label}(\\.${label})*$`);
const subdomainAdvice =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const dnsLabel = new RegExp(`^${label}$`);
const labelAdvice =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const qualifiedName = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const qualifiedAdvice =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const valueAdvice =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

export function metadataErrors(
  kind: ServedKind,
  object: ApiObject,
  previous: ApiObject | undefined,
): readonly FieldError[] {
  const { metadata } = object;
  return [
    ...nameErrors(kind, metadata),
    ...labelErrors(metadata.labels ?? {}),
    ...annotationErrors(metadata.annotations ?? {}),
    ...ownerErrors(metadata),
    ...(previous === undefined ? [] : finalizerErrors(metadata, previous.metadata)),
  ];
}

/** Members that a write cannot change are those of the object as it is. */
export function withServerMeta(object: ApiObject, current: ApiObject): ApiObject {
  const { name, namespace, uid, creationTimestamp, generation, resourceVersion } = current.metadata;
  const { deletionTimestamp, deletionGracePeriodSeconds, managedFields, generateName } = current.metadata;
  return withMeta(object, {
    name,
    namespace,
    uid,
    creationTimestamp,
    generation,
    resourceVersion,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    managedFields,
    generateName: object.metadata.generateName ?? generateName,
    selfLink: undefined,
  });
}

function nameErrors(kind: ServedKind, { name = '' }: ApiMeta): readonly FieldError[] {
  if (name === '') return [requiredField('metadata.name', 'name or generateName is required')];
  // Names of roles are free but for what a path cannot hold.
  if (kind.group === 'rbac.authorization.k8s.io') return [];
  const isNamespace = kind.group === '' && kind.plural === 'namespaces';
  if (isNamespace && !dnsLabel.test(name)) return [invalidField('metadata.name', name, labelAdvice)];
  return subdomain.test(name) && name.length <= 253 ? [] : [invalidField('metadata.name', name, subdomainAdvice)];
}

function labelErrors(labels: Readonly<Record<string, string>>): readonly FieldError[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...(qualifiedName.test(key) ? [] : [invalidField('metadata.labels', key, qualifiedAdvice)]),
    ...(labelValue.test(value) ? [] : [invalidField('metadata.labels', value, valueAdvice)]),
  ]);
}

function annotationErrors(annotations: Readonly<Record<string, string>>): readonly FieldError[] {
  const wrong = Object.keys(annotations).filter((key) => !qualifiedName.test(key.toLowerCase()));
  const bytes = Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  return [
    ...wrong.map((key) => invalidField('metadata.annotations', key, qualifiedAdvice)),
    ...(bytes > maxAnnotationBytes ? [tooLong('metadata.annotations', maxAnnotationBytes)] : []),
  ];
}

function ownerErrors({ ownerReferences = [] }: ApiMeta): readonly FieldError[] {
  const errors = ownerReferences.flatMap((reference, index) =>
    (['apiVersion', 'kind', 'name', 'uid'] as const)
      .filter((member) => typeof membersOf(reference)[member] !== 'string' || reference[member] === '')
      .map((member) => requiredField(`metadata.ownerReferences[${index}].${member}`, 'must not be empty')),
  );
  const controllers = ownerReferences.filter(({ controller }) => controller === true);
  const many = 'Only one reference can have Controller set to true.';
  return controllers.length > 1 ? [...errors, invalidField('metadata.ownerReferences', null, many)] : errors;
}

/** An object that goes can only lose reasons to stay. */
function finalizerErrors({ finalizers = [] }: ApiMeta, previous: ApiMeta): readonly FieldError[] {
  if (previous.deletionTimestamp === undefined) return [];
  const added = finalizers.filter((finalizer) => !(previous.finalizers ?? []).includes(finalizer));
  const why = `no new finalizers can be added if the object is being deleted, found new finalizers [${added.map((finalizer) => `"${finalizer}"`).join(', ')}]`;
  return added.length === 0 ? [] : [forbiddenField('metadata.finalizers', why)];
}
