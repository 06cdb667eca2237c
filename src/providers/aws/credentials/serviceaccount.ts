/** The IAM role of a ServiceAccount (IRSA): a token by the TokenRequest API, which STS takes for a session of the role. */
import type { ServiceAccountSelector } from '../../../api/refs.ts';
import type { ConnectContext, ServiceAccountObject } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { CredentialSource } from './credentials.ts';
import { SessionSource } from './sessionsource.ts';
import { type SecurityTokenService, sessionName } from './sts.ts';

const roleAnnotation = 'eks.amazonaws.com/role-arn';
const audienceAnnotation = 'eks.amazonaws.com/audience';
const defaultAudience = 'sts.amazonaws.com';
/** The shortest there is: STS looks at the token at once. */
const expirationSeconds = 600;

/**
 * Looks the ServiceAccount up now, so that the wall between namespaces is passed while connecting, and nowhere else.
 * @throws ProviderError `invalid` when it has no role
 */
export async function serviceAccountSource(
  selector: ServiceAccountSelector,
  sts: SecurityTokenService,
  { objects, sessions }: ConnectContext,
): Promise<CredentialSource> {
  const serviceAccount = await objects.serviceAccount(selector);
  const { namespace, name, uid } = serviceAccount;
  const roleArn = roleOf(serviceAccount);
  const audiences = [serviceAccount.annotations[audienceAnnotation] || defaultAudience, ...(selector.audiences ?? [])];
  return new SessionSource({
    identity: [...sts.identity, 'service account', namespace, name, uid, audiences, roleArn],
    sessions,
    async request(signal) {
      const { token } = await objects.serviceAccountToken({
        serviceAccount: { namespace, name },
        audiences,
        expirationSeconds,
      });
      return sts.assumeRoleWithWebIdentity({ roleArn, token, sessionName }, signal);
    },
  });
}

function roleOf({ namespace, name, annotations }: ServiceAccountObject): string {
  const roleArn = annotations[roleAnnotation];
  if (roleArn) return roleArn;
  throw new ProviderError('invalid', `the ServiceAccount ${namespace}/${name} has no annotation ${roleAnnotation}`);
}
