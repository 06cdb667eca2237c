/** From a store's spec to who it is at AWS: a first identity, then the roles that are assumed one after the other. */
import type { ApiCaller, ConnectContext, ObjectSelector } from '../../../provider/context.ts';
import type { AwsAuth, AwsSpec } from '../schema.ts';
import { assumedRoleSource } from './assumerole.ts';
import type { CredentialSource } from './credentials.ts';
import { environmentSource } from './environment.ts';
import { serviceAccountSource } from './serviceaccount.ts';
import { sessionTags } from './sessiontags.ts';
import { secretRefSource } from './statickeys.ts';
import type { SecurityTokenService } from './sts.ts';

/** Everything that the credentials are looked up by. */
export function selectorsOf({ secretRef, jwt }: AwsAuth = {}): readonly ObjectSelector[] {
  const selectors =
    secretRef === undefined
      ? [jwt?.serviceAccountRef]
      : [secretRef.accessKeyIDSecretRef, secretRef.secretAccessKeySecretRef, secretRef.sessionTokenSecretRef];
  return selectors.filter((selector) => selector !== undefined);
}

/** @throws ProviderError `invalid` when the spec or what it refers to is incomplete */
export async function credentialSource(
  spec: AwsSpec,
  context: ConnectContext,
  sts: SecurityTokenService,
  call: ApiCaller,
): Promise<CredentialSource> {
  let source = await firstSource(spec, context, sts, call);
  for (const roleArn of spec.additionalRoles ?? [])
    source = assumedRoleSource(source, { roleArn }, sts, context.sessions);
  if (!spec.role) return source;
  const { role: roleArn, externalID: externalId, transitiveTagKeys } = spec;
  const tags = sessionTags(spec, context.store, () => context.objects.namespace);
  return assumedRoleSource(source, { roleArn, externalId, tags, transitiveTagKeys }, sts, context.sessions);
}

async function firstSource(
  { auth = {} }: AwsSpec,
  context: ConnectContext,
  sts: SecurityTokenService,
  call: ApiCaller,
): Promise<CredentialSource> {
  if (auth.secretRef !== undefined) return secretRefSource(auth.secretRef, context.objects);
  const serviceAccount = auth.jwt?.serviceAccountRef;
  if (serviceAccount !== undefined) return serviceAccountSource(serviceAccount, sts, context);
  return environmentSource(sts, context, call);
}
