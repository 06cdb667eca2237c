/** What is wrong with a spec, without asking anybody. */
import type { ObjectSelector, StoreIdentity } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { SpecVerdict } from '../../provider/provider.ts';
import { isOperatorsIdentity, selectorsOfWay, waysOf } from './auth/way.ts';
import { certificateSelectors, serverOf } from './connection.ts';
import type { VaultAuth, VaultSpec } from './schema.ts';

export function validate(spec: VaultSpec, store: StoreIdentity): SpecVerdict {
  const { auth = {} } = spec;
  const errors = [
    ...serverErrors(spec),
    ...selectorsOf(spec).flatMap((selector) => selectorErrors(selector, store)),
    ...caErrors(spec, store),
    ...authErrors(auth),
    ...lendingErrors(auth, store),
  ];
  const isTooMuch = waysOf(auth).length > 1;
  return { errors, warnings: isTooMuch ? ['auth names several ways to log in; only the first is used'] : [] };
}

/** Everything that the credentials are looked up by. */
export function selectorsOf(spec: VaultSpec): readonly ObjectSelector[] {
  const selectors = [...certificateSelectors(spec), ...selectorsOfWay(spec.auth ?? {})];
  return selectors.filter((selector) => selector !== undefined);
}

function serverErrors(spec: VaultSpec): readonly string[] {
  try {
    serverOf(spec);
    return [];
  } catch (error) {
    if (error instanceof ProviderError) return [error.message];
    throw error;
  }
}

function selectorErrors({ name, namespace }: ObjectSelector, store: StoreIdentity): readonly string[] {
  if (name === undefined) return ['a reference in auth or tls has no name'];
  const crosses = store.kind === 'SecretStore' && namespace !== undefined && namespace !== store.namespace;
  return crosses ? [`the reference to ${name} names a namespace that is not the store's`] : [];
}

function caErrors({ caProvider }: VaultSpec, store: StoreIdentity): readonly string[] {
  const { namespace } = caProvider ?? {};
  if (caProvider !== undefined && store.kind === 'ClusterSecretStore' && namespace === undefined)
    return ['caProvider.namespace is required in a ClusterSecretStore'];
  const crosses = store.kind === 'SecretStore' && namespace !== undefined && namespace !== store.namespace;
  return crosses ? ["caProvider.namespace is not the store's"] : [];
}

/** Stands for a key that is not asked for. */
const everything = { accessKeyIDSecretRef: {}, secretAccessKeySecretRef: {} };

function authErrors(auth: VaultAuth): readonly string[] {
  const { appRole, ldap, userPass, jwt, cert, iam, gcp } = auth;
  switch (waysOf(auth)[0]) {
    case 'appRole':
      return missing(appRole?.roleId ?? appRole?.roleRef, 'auth.appRole needs either roleId or roleRef');
    case 'ldap':
      return missing(ldap?.secretRef, 'auth.ldap.secretRef is required');
    case 'userPass':
      return missing(userPass?.secretRef, 'auth.userPass.secretRef is required');
    case 'jwt':
      return missing(
        jwt?.secretRef ?? jwt?.kubernetesServiceAccountToken ?? jwt?.serviceAccountRef,
        'auth.jwt needs a secretRef, a kubernetesServiceAccountToken or a serviceAccountRef',
      );
    case 'cert':
      return missing(cert?.clientCert && cert.secretRef, 'auth.cert needs clientCert and secretRef');
    case 'iam': {
      const { secretRef: key = everything } = iam ?? {};
      const isWhole = key.accessKeyIDSecretRef && key.secretAccessKeySecretRef;
      return missing(isWhole, 'auth.iam.secretRef needs accessKeyIDSecretRef and secretAccessKeySecretRef');
    }
    case 'gcp': {
      const { secretRef: key = everything } = gcp ?? {};
      return missing(key.secretAccessKeySecretRef, 'auth.gcp.secretRef needs secretAccessKeySecretRef');
    }
    default:
      return [];
  }
}

function missing(value: unknown, message: string): readonly string[] {
  return value === undefined ? [message] : [];
}

/**
 * Whoever may write a SecretStore could otherwise have the operator send its own token to a server of theirs. A
 * ClusterSecretStore is written by those who run the cluster.
 */
function lendingErrors(auth: VaultAuth, store: StoreIdentity): readonly string[] {
  if (store.kind === 'ClusterSecretStore' || !isOperatorsIdentity(auth)) return [];
  const [way = ''] = waysOf(auth);
  return [`auth.${way} must say who to be: only a ClusterSecretStore may use what the operator itself is`];
}
