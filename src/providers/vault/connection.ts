/** From a store's spec to a way to its server. */
import { createSecureContext } from 'node:tls';
import type { SecretKeySelector } from '../../api/refs.ts';
import type { ConnectContext, ScopedObjects } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';
import { openLibrary } from './library.ts';
import { VaultProtocol } from './protocol.ts';
import type { VaultSpec } from './schema.ts';
import { type TlsMaterial, Transport } from './transport.ts';

export interface Connection {
  readonly protocol: VaultProtocol;
  readonly tls: TlsMaterial;
}

/** @throws ProviderError `invalid` when the spec or what it refers to is incomplete */
export async function openConnection(spec: VaultSpec, { objects, settings }: ConnectContext): Promise<Connection> {
  const server = serverOf(spec);
  const tls = await tlsOf(spec, objects);
  const transport = new Transport({ server, tls, settings });
  const protocol = new VaultProtocol({
    library: await openLibrary(server.href, transport),
    transport,
    headers: spec.headers ?? {},
    readYourWrites: spec.readYourWrites === true,
    forwardInconsistent: spec.forwardInconsistent === true,
  });
  return { protocol, tls };
}

/** @throws ProviderError `invalid` for what is no URL of a server */
export function serverOf({ server }: Pick<VaultSpec, 'server'>): URL {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new ProviderError('invalid', 'server is not an http or https URL');
  return url;
}

/** The client certificate of `tls`, else that of `auth.cert`. */
export function certificateSelectors(spec: VaultSpec): readonly (SecretKeySelector | undefined)[] {
  const { certSecretRef, keySecretRef } = spec.tls ?? {};
  if (certSecretRef !== undefined || keySecretRef !== undefined) return [certSecretRef, keySecretRef];
  const { clientCert, secretRef } = spec.auth?.cert ?? {};
  return [clientCert, secretRef];
}

async function tlsOf(spec: VaultSpec, objects: ScopedObjects): Promise<TlsMaterial> {
  const [certRef, keyRef] = certificateSelectors(spec);
  const [ca, cert, key] = await Promise.all([
    objects.caBundle(spec),
    certRef && pemOf(certRef, objects),
    keyRef && pemOf(keyRef, objects),
  ]);
  const tls: TlsMaterial = { ca, cert, key };
  try {
    createSecureContext({ ...tls });
  } catch {
    // The cause is not handed on: it may be about a private key.
    throw new ProviderError('invalid', 'the certificates or the private key for the connection are not valid PEM');
  }
  return tls;
}

async function pemOf(selector: SecretKeySelector, objects: ScopedObjects): Promise<string> {
  return Buffer.from(await objects.secretKey(selector)).toString('utf8');
}
