/** Applications log in to Entra ID by the official SDK; here is what its refusals mean. */
import type * as identitySdk from '@azure/identity';
import { ProviderError } from '../../../provider/errors.ts';
import { isRestError } from '../errors.ts';
import type { ClientOptions, Exchange } from '../transport.ts';
import type { Identity, TokenRequest } from './identity.ts';
import { refusalOf } from './refusal.ts';

export interface CredentialOptions extends ClientOptions {
  readonly authorityHost: string;
  /** Authority hosts come from Azure's list, the store or the administrator: nobody else has to vouch for them. */
  readonly disableInstanceDiscovery: true;
}

export interface Application {
  readonly tenantId: string;
  /** As `Identity.key`. */
  readonly key: readonly string[];
  /**
   * Makes the SDK's credential, for one token: the SDK's own cache would hand out tokens that were refused already.
   * @throws ProviderError when the cluster does not give what it needs
   */
  credential(sdk: typeof identitySdk, options: CredentialOptions): Promise<identitySdk.TokenCredential>;
}

/** How the last exchange ended; the SDK's own errors tell no status. */
interface Outcome {
  failure?: ProviderError;
}

export function identityOf(application: Application): Identity {
  const { key, tenantId } = application;
  return { key, tenantId, requestToken: (request) => requestToken(application, request) };
}

async function requestToken(
  application: Application,
  { cloud, transport, scope, claims, signal }: TokenRequest,
): ReturnType<Identity['requestToken']> {
  const outcome: Outcome = {};
  const options = {
    ...transport.options(watched(outcome, signal)),
    authorityHost: cloud.authorityHost,
    disableInstanceDiscovery: true,
  } as const;
  const credential = await application.credential(await import('@azure/identity'), options);
  try {
    const answer = await credential.getToken(scope, { enableCae: true, ...(claims === undefined ? {} : { claims }) });
    if (answer !== null) return { value: answer.token, expiresAtMs: answer.expiresOnTimestamp };
  } catch {
    // The SDK's message repeats what the exchange has told already, and may quote what it could not read.
    throw outcome.failure ?? new ProviderError('unavailable', 'Entra ID gave an answer that holds no token');
  }
  throw new ProviderError('unavailable', 'Entra ID gave no token');
}

/** The SDK has no way to give up on a token; the request has. */
function watched(outcome: Outcome, signal: AbortSignal): Exchange {
  return async (request, send) => {
    delete outcome.failure;
    request.abortSignal = signal;
    try {
      const response = await send(request);
      if (response.status >= 400)
        outcome.failure = refusalOf('Entra ID', { ...response, body: response.bodyAsText ?? '' });
      return response;
    } catch (error) {
      const reason = isRestError(error) && error.code !== 'PARSE_ERROR' ? error.message : 'its answer broke off';
      outcome.failure = new ProviderError('unavailable', `Entra ID could not be reached: ${reason}`);
      throw error;
    }
  };
}
