/** LDAP and userpass: a user with a password. */
import type { ConnectContext } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { VaultAuth } from '../schema.ts';
import { type LoginMethod, loginPath } from './method.ts';
import { fingerprint, secretText } from './secretvalue.ts';

export async function passwordMethod(
  { path, username, secretRef }: NonNullable<VaultAuth['ldap']>,
  { objects }: ConnectContext,
): Promise<LoginMethod> {
  if (secretRef === undefined) throw new ProviderError('invalid', `the password of ${username} has no secretRef`);
  const password = await secretText(secretRef, objects);
  return {
    identity: ['password', path, username, fingerprint(password)],
    request: async () => ({ path: loginPath(path, username), body: { password } }),
  };
}
