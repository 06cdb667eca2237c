/** The one way to log in that counts. */
import type { ObjectSelector } from '../../../provider/context.ts';
import type { VaultAuth } from '../schema.ts';

/** In ESO's order. */
const ways = ['tokenSecretRef', 'appRole', 'kubernetes', 'ldap', 'userPass', 'jwt', 'cert', 'iam', 'gcp'] as const;
export type Way = (typeof ways)[number];

/** All ways that are set, the one that counts first. */
export function waysOf(auth: VaultAuth): readonly Way[] {
  return ways.filter((way) => auth[way] !== undefined);
}

/** What a way looks its credentials up by. */
export function selectorsOfWay(auth: VaultAuth): readonly (ObjectSelector | undefined)[] {
  const { tokenSecretRef, appRole, kubernetes, ldap, userPass, jwt, iam, gcp } = auth;
  const [way] = waysOf(auth);
  switch (way) {
    case 'tokenSecretRef':
      return [tokenSecretRef];
    case 'appRole':
      return [appRole?.roleRef, appRole?.secretRef];
    case 'kubernetes':
      return [kubernetes?.serviceAccountRef ?? kubernetes?.secretRef];
    case 'ldap':
      return [ldap?.secretRef];
    case 'userPass':
      return [userPass?.secretRef];
    case 'jwt':
      return [jwt?.secretRef ?? jwt?.kubernetesServiceAccountToken?.serviceAccountRef ?? jwt?.serviceAccountRef];
    case 'iam':
      return [...Object.values(iam?.secretRef ?? {}), iam?.jwt?.serviceAccountRef];
    case 'gcp':
      return [
        gcp?.secretRef?.secretAccessKeySecretRef,
        gcp?.workloadIdentity?.serviceAccountRef ?? gcp?.serviceAccountRef,
      ];
    default:
      return [];
  }
}

/** Whether the way means to be what the operator itself is. */
export function isOperatorsIdentity(auth: VaultAuth): boolean {
  const { kubernetes, iam, gcp } = auth;
  switch (waysOf(auth)[0]) {
    case 'kubernetes':
      return (kubernetes?.serviceAccountRef ?? kubernetes?.secretRef) === undefined;
    case 'iam':
      return (iam?.secretRef ?? iam?.jwt?.serviceAccountRef) === undefined;
    case 'gcp':
      return (gcp?.secretRef ?? gcp?.workloadIdentity ?? gcp?.serviceAccountRef) === undefined;
    default:
      return false;
  }
}
