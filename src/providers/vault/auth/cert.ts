/** TLS certificates: the one of the connection says who it is. */

import { ProviderError } from '../../../provider/errors.ts';
import type { VaultAuth } from '../schema.ts';
import type { TlsMaterial } from '../transport.ts';
import { type LoginMethod, loginPath } from './method.ts';
import { fingerprint } from './secretvalue.ts';

export function certMethod(
  { path, vaultRole }: NonNullable<VaultAuth['cert']>,
  { cert, key }: TlsMaterial,
): LoginMethod {
  if (cert === undefined || key === undefined)
    throw new ProviderError('invalid', 'auth.cert needs clientCert and secretRef');
  return {
    identity: ['cert', path, vaultRole, fingerprint(cert)],
    request: async () => ({ path: loginPath(path), body: vaultRole === undefined ? {} : { name: vaultRole } }),
  };
}
