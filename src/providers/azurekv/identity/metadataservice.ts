/** Tokens from Azure's instance metadata service, as its documentation says. */
import { z } from 'zod';
import { ProviderError } from '../../../provider/errors.ts';
import { jsonOf } from '../errors.ts';
import { refusalOf } from './refusal.ts';

export interface MetadataRequest {
  /** Default: the address that is the same on all machines of Azure. */
  readonly endpoint?: string | undefined;
  /** What the token is for, such as `https://vault.azure.net`. */
  readonly resource: string;
  /** Client id, or resource id, of a user-assigned identity; empty: the system-assigned or only one. */
  readonly identityId: string;
  readonly signal: AbortSignal;
}

export interface MetadataToken {
  readonly token: string;
  readonly lifetimeMs: number;
}

const linkLocal = 'http://169.254.169.254';

const Answer = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });

/**
 * Not by the SDK: its MSAL 5 keeps the first network client and all tokens in statics, so that one store's failure is told
 * to another and a refused token comes again. Never through a proxy: whoever answers is this machine.
 * @throws ProviderError
 */
export async function tokenOfMachine({
  endpoint = linkLocal,
  resource,
  identityId,
  signal,
}: MetadataRequest): Promise<MetadataToken> {
  const url = new URL('/metadata/identity/oauth2/token', endpoint);
  url.search = new URLSearchParams({ 'api-version': '2018-02-01', resource, ...choice(identityId) }).toString();
  const response = await ask(url, signal);
  const body = await response.text().catch(() => '');
  if (!response.ok) throw refusal(response, body);
  const answer = Answer.safeParse(jsonOf(body));
  if (!answer.success) throw new ProviderError('unavailable', "the metadata service's answer holds no token");
  return { token: answer.data.access_token, lifetimeMs: answer.data.expires_in * 1_000 };
}

function choice(identityId: string): Record<string, string> {
  if (identityId === '') return {};
  return identityId.startsWith('/') ? { msi_res_id: identityId } : { client_id: identityId };
}

async function ask(url: URL, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { headers: { metadata: 'true' }, redirect: 'error', signal });
  } catch (cause) {
    throw new ProviderError('unavailable', 'the metadata service of the machine could not be reached', { cause });
  }
}

/** 404 and 410: the service is being updated. */
function refusal({ status, headers }: Response, body: string): ProviderError {
  const get = (name: string): string | undefined => headers.get(name) ?? undefined;
  return refusalOf('the metadata service', { status, headers: { get }, body }, (one) => one === 404 || one === 410);
}
