/** A role that is assumed with the credentials of somebody else. */
import type { SessionCache } from '../../../provider/context.ts';
import type { CredentialSource } from './credentials.ts';
import { SessionSource } from './sessionsource.ts';
import type { SecurityTokenService } from './sts.ts';

export interface AssumedRole {
  readonly roleArn: string;
  readonly externalId?: string | undefined;
  readonly tags?: ReadonlyMap<string, string>;
  readonly transitiveTagKeys?: readonly string[] | undefined;
}

export function assumedRoleSource(
  base: CredentialSource,
  role: AssumedRole,
  sts: SecurityTokenService,
  sessions: SessionCache,
): CredentialSource {
  const { roleArn, externalId = '', tags = new Map<string, string>(), transitiveTagKeys = [] } = role;
  const service = sts.as(base);
  return new SessionSource({
    identity: [...sts.identity, 'role', roleArn, externalId, [...tags], transitiveTagKeys, base.identity],
    sessions,
    request: (signal) => sts.assumeRole(service, role, signal),
  });
}
