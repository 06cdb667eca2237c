/** Opens the client of a store: connection, credentials, and what is mounted where. */
import type { ConnectContext } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { SecretsClient } from '../../provider/provider.ts';
import { VaultApi } from './api.ts';
import { GivenToken } from './auth/giventoken.ts';
import { LoginTokens } from './auth/logintokens.ts';
import type { Authentication } from './auth/method.ts';
import { authenticationOf } from './auth/resolve.ts';
import { anonymous, backend, type Tokens } from './auth/tokens.ts';
import { VaultClient } from './client.ts';
import { openConnection } from './connection.ts';
import { toProviderError } from './errors.ts';
import { KvEngine } from './kvengine.ts';
import { normalPath } from './kvpath.ts';
import { Mounts } from './mounts.ts';
import type { VaultProtocol } from './protocol.ts';
import type { VaultSpec } from './schema.ts';

/** @throws ProviderError, also when the login is refused: nothing could be read then */
export async function openClient(spec: VaultSpec, context: ConnectContext): Promise<SecretsClient> {
  const { protocol, tls } = await openConnection(spec, context);
  try {
    const authentication = await authenticationOf(spec.auth ?? {}, tls, context);
    const tokens = tokensOf(authentication, spec, protocol, context);
    const namespace = spec.namespace || undefined;
    const api = new VaultApi({ protocol, tokens, call: context.calls(backend, toProviderError), namespace });
    const mounts = new Mounts(api, context.clock);
    // Before the first read, so that it is known of each whether it makes something.
    await mounts.refresh(context.signal);
    const mount = normalPath(spec.path ?? '') || undefined;
    const kv = new KvEngine(api, { mount, version: spec.version });
    return new VaultClient({ api, kv, mounts, prove: (signal) => prove(api, tokens, authentication, spec, signal) });
  } catch (error) {
    await protocol.close();
    throw error;
  }
}

function tokensOf(
  authentication: Authentication,
  spec: VaultSpec,
  protocol: VaultProtocol,
  context: ConnectContext,
): Tokens {
  const namespace = loginNamespace(spec);
  switch (authentication.kind) {
    case 'anonymous':
      return anonymous;
    case 'token': {
      const call = context.calls(backend, toProviderError);
      const request = { operation: 'read', path: 'auth/token/lookup-self', namespace } as const;
      return new GivenToken({
        token: authentication.token,
        lookUp: (token, signal) => call('LookupSelf', (limit) => protocol.send({ ...request, token }, limit), signal),
      });
    }
    case 'login':
      return new LoginTokens({ protocol, method: authentication.method, context, identity: [spec.server], namespace });
  }
}

/** The login need not be where the secrets are. */
function loginNamespace({ auth, namespace }: VaultSpec): string | undefined {
  return auth?.namespace || namespace || undefined;
}

async function prove(
  api: VaultApi,
  tokens: Tokens,
  { kind }: Authentication,
  spec: VaultSpec,
  signal: AbortSignal,
): Promise<void> {
  if (kind === 'anonymous') return;
  const namespace = loginNamespace(spec);
  try {
    await api.request({ operation: 'read', path: 'auth/token/lookup-self', namespace }, signal, 'LookupSelf');
  } catch (error) {
    const isDenied = error instanceof ProviderError && error.kind === 'denied';
    if (kind !== 'login' || !isDenied) throw error;
    // Not to be allowed to look at itself is no fault of a token that a login has brought.
    await tokens.get(signal);
  }
}
