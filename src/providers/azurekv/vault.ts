/** The three official clients of one vault. */
import type { CertificateClient } from '@azure/keyvault-certificates';
import type { KeyClient } from '@azure/keyvault-keys';
import type { SecretClient } from '@azure/keyvault-secrets';
import { isAzureHost } from './cloud.ts';
import type { VaultCredential } from './credential.ts';
import { foreignRefusal } from './errors.ts';
import type { Exchange, Transport } from './transport.ts';

export interface Vault {
  readonly secrets: SecretClient;
  readonly keys: KeyClient;
  readonly certificates: CertificateClient;
}

export async function openVault(url: URL, credential: VaultCredential, transport: Transport): Promise<Vault> {
  const [secrets, keys, certificates] = await Promise.all([
    import('@azure/keyvault-secrets'),
    import('@azure/keyvault-keys'),
    import('@azure/keyvault-certificates'),
  ]);
  const options = {
    ...transport.options(judging(credential)),
    // The credential itself judges what is asked for, whatever the host.
    disableChallengeResourceVerification: !isAzureHost(url),
  };
  return {
    secrets: new secrets.SecretClient(url.href, credential, options),
    keys: new keys.KeyClient(url.href, credential, options),
    certificates: new certificates.CertificateClient(url.href, credential, options),
  };
}

/** A token that is refused is not asked for again; the SDK itself repeats the request once with the next one. */
function judging(credential: VaultCredential): Exchange {
  const exchange = sharingChallenges();
  return async (request, send) => {
    const response = await exchange(request, send);
    const token = request.headers.get('authorization')?.replace(/^Bearer /, '');
    if (response.status === 401 && token !== undefined) credential.refused(token);
    const refusal = foreignRefusal(response);
    if (refusal !== undefined) throw refusal;
    return response;
  };
}

/** The SDK sends its first requests without a token, to be told which it needs; of many at once one is enough. */
function sharingChallenges(): Exchange {
  let asking: ReturnType<Exchange> | undefined;

  async function ask(sending: ReturnType<Exchange>): ReturnType<Exchange> {
    asking = sending;
    try {
      return await sending;
    } finally {
      if (asking === sending) asking = undefined;
    }
  }

  return async (request, send) => {
    if (request.headers.has('authorization')) return send(request);
    if (asking === undefined) return ask(send(request));
    // Whoever asked may have given up: then everybody asks for themselves.
    const shared = await asking.catch(() => undefined);
    return shared?.status === 401 ? { ...shared, request } : send(request);
  };
}
