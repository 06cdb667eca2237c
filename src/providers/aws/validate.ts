/** What is wrong with a spec, without asking anybody. */
import type { StoreIdentity } from '../../provider/context.ts';
import type { SpecVerdict } from '../../provider/provider.ts';
import { selectorsOf } from './credentials/resolve.ts';
import type { AwsSpec } from './schema.ts';

const minWindowDays = 7;
const maxWindowDays = 30;

export function validate(spec: AwsSpec, store: StoreIdentity): SpecVerdict {
  const { auth = {} } = spec;
  const errors = [
    ...serviceErrors(spec),
    ...regionErrors(spec),
    ...authErrors(spec),
    ...selectorErrors(spec, store),
    ...roleErrors(spec),
    ...deletionErrors(spec),
  ];
  const isAmbiguous = auth.secretRef !== undefined && auth.jwt !== undefined;
  return {
    errors,
    warnings: [...(isAmbiguous ? ['auth has secretRef and jwt; only secretRef is used'] : []), ...tagWarnings(spec)],
  };
}

function serviceErrors({ service }: AwsSpec): readonly string[] {
  if (service !== 'CertificateManager') return [];
  return ['service CertificateManager is not built yet; SecretsManager and ParameterStore are'];
}

/** A region becomes part of a host's name; whether AWS has it, only AWS knows. */
function regionErrors({ region }: AwsSpec): readonly string[] {
  if (region === '') return ['region is required'];
  return /^(?!-)[a-z0-9-]{1,63}(?<!-)$/i.test(region) ? [] : [`region ${region} is not the name of a region`];
}

function authErrors({ auth = {} }: AwsSpec): readonly string[] {
  const { secretRef, jwt } = auth;
  if (secretRef === undefined)
    return jwt !== undefined && jwt.serviceAccountRef === undefined ? ['auth.jwt.serviceAccountRef is required'] : [];
  const required = ['accessKeyIDSecretRef', 'secretAccessKeySecretRef'] as const;
  return required
    .filter((member) => secretRef[member] === undefined)
    .map((member) => `auth.secretRef.${member} is required`);
}

function selectorErrors({ auth }: AwsSpec, store: StoreIdentity): readonly string[] {
  return selectorsOf(auth).flatMap(({ name, namespace }) => {
    if (name === undefined) return ['a reference in auth has no name'];
    const crosses = store.kind === 'SecretStore' && namespace !== undefined && namespace !== store.namespace;
    return crosses ? [`the reference to ${name} names a namespace that is not the store's`] : [];
  });
}

function roleErrors({ role, additionalRoles = [] }: AwsSpec): readonly string[] {
  const members = [
    ...(role ? [['role', role] as const] : []),
    ...additionalRoles.map((additional, index) => [`additionalRoles[${index}]`, additional] as const),
  ];
  return members.filter(([, arn]) => !isRoleArn(arn)).map(([member]) => `${member} is not the ARN of an IAM role`);
}

/** In any partition, with any path. */
function isRoleArn(arn: string): boolean {
  return /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/.test(arn);
}

function deletionErrors({ secretsManager }: AwsSpec): readonly string[] {
  const { forceDeleteWithoutRecovery = false, recoveryWindowInDays: days = 0 } = secretsManager ?? {};
  if (days === 0) return [];
  if (forceDeleteWithoutRecovery)
    return ['secretsManager has forceDeleteWithoutRecovery, so that recoveryWindowInDays cannot be'];
  const isWithin = days >= minWindowDays && days <= maxWindowDays;
  return isWithin ? [] : [`secretsManager.recoveryWindowInDays must be ${minWindowDays} to ${maxWindowDays}`];
}

/** Tags go with a role that is assumed; web identities cannot have them. */
function tagWarnings({
  role,
  sessionTags = [],
  transitiveTagKeys = [],
  sessionTagsPolicy,
  customSessionTags,
}: AwsSpec): readonly string[] {
  const hasTags = sessionTags.length > 0 || transitiveTagKeys.length > 0 || sessionTagsPolicy !== 'None';
  if (hasTags && !role) return ['session tags are only used with role'];
  const isIdle = customSessionTags !== undefined && sessionTagsPolicy !== 'Custom';
  return isIdle ? ['customSessionTags are only used with sessionTagsPolicy Custom'] : [];
}
