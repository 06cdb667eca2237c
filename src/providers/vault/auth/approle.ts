/** AppRole: a role id and a secret id. */
import type { ConnectContext } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { VaultAuth } from '../schema.ts';
import { type LoginMethod, loginPath } from './method.ts';
import { fingerprint, tokenText } from './secretvalue.ts';

export async function appRoleMethod(
  { path, roleId, roleRef, secretRef }: NonNullable<VaultAuth['appRole']>,
  { objects }: ConnectContext,
): Promise<LoginMethod> {
  const [role, secret] = await Promise.all([
    roleRef === undefined ? roleId?.trim() : tokenText(roleRef, objects),
    tokenText(secretRef, objects),
  ]);
  if (role === undefined || role === '')
    throw new ProviderError('invalid', 'auth.appRole needs either roleId or roleRef');
  return {
    identity: ['appRole', path, role, fingerprint(secret)],
    request: async () => ({ path: loginPath(path), body: { role_id: role, secret_id: secret } }),
  };
}
