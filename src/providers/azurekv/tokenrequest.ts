/** One token from Entra ID or the metadata service, and what their refusals mean. */
import { z } from 'zod';
import type { Session } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { Cloud } from './cloud.ts';
import { firstLine, isRestError, jsonOf, retryHint } from './errors.ts';
import type { Identity } from './identity/identity.ts';
import type { Exchange, Transport } from './transport.ts';

export interface TokenRequest {
  readonly identity: Identity;
  readonly cloud: Cloud;
  readonly transport: Transport;
  /** Such as `https://vault.azure.net/.default`. */
  readonly scope: string;
  /** What a vault wants to see in the token after it refused one (continuous access evaluation). */
  readonly claims: string | undefined;
  readonly signal: AbortSignal;
}

/** How the last exchange ended; the SDK's own errors tell no status. */
interface Outcome {
  failure?: ProviderError;
}

const Refusal = z.object({ error: z.string(), error_description: z.string().catch('') });

/** @throws ProviderError */
export async function requestToken(request: TokenRequest): Promise<Session<string>> {
  const { identity, cloud, transport, scope, claims, signal } = request;
  const sdk = await import('@azure/identity');
  const outcome: Outcome = {};
  const options = {
    ...transport.options(watched(outcome, signal)),
    authorityHost: cloud.authorityHost,
    disableInstanceDiscovery: true,
  } as const;
  const credential = await identity.open(sdk, options);
  try {
    const answer = await credential.getToken(scope, { enableCae: true, ...(claims === undefined ? {} : { claims }) });
    if (answer !== null) return { value: answer.token, expiresAtMs: answer.expiresOnTimestamp };
  } catch {
    // The SDK's message repeats what the exchange has told already, and may quote what it could not read.
    throw outcome.failure ?? new ProviderError('unavailable', 'Azure gave an answer that holds no token');
  }
  throw new ProviderError('unavailable', 'Azure gave no token');
}

/** The SDK has no way to give up on a token; the request has. */
function watched(outcome: Outcome, signal: AbortSignal): Exchange {
  return async (request, send) => {
    delete outcome.failure;
    request.abortSignal = signal;
    try {
      const response = await send(request);
      if (response.status >= 400) outcome.failure = refusal(response.status, response);
      return response;
    } catch (error) {
      const reason = isRestError(error) && error.code !== 'PARSE_ERROR' ? error.message : 'its answer broke off';
      outcome.failure = new ProviderError('unavailable', `Azure could not be reached for a token: ${reason}`);
      throw error;
    }
  };
}

function refusal(
  status: number,
  response: { readonly bodyAsText?: string | null; readonly headers: { get(name: string): string | undefined } },
): ProviderError {
  const result = Refusal.safeParse(jsonOf(response.bodyAsText ?? ''));
  const { error, error_description: description } = result.data ?? { error: '', error_description: '' };
  const details = [error, firstLine(description)].filter((part) => part !== '').join(': ');
  const message = `Azure refused a token with ${status}${details === '' ? '' : ` ${details}`}`;
  if (status === 429) return new ProviderError('throttled', message, retryHint(response.headers));
  return new ProviderError(status >= 500 ? 'unavailable' : 'denied', message, retryHint(response.headers));
}
