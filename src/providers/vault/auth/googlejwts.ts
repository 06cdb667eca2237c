/** The three kinds of tokens that Vault's gcp method takes. All are for the audience `vault/<role>`. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../../lib/clock.ts';
import type { ConnectContext } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { TokenServices } from '../../gcpsm/credentials/accesstokens.ts';
import { parseCredentials } from '../../gcpsm/credentials/credentialsjson.ts';
import { parseAnswer } from '../../gcpsm/credentials/tokenanswer.ts';
import { accountOf, workloadIdentityTokens } from '../../gcpsm/credentials/workloadidentity.ts';
import type { GcpAuth } from '../schema.ts';
import { fingerprint, secretText } from './secretvalue.ts';

export interface GoogleJwts {
  readonly identity: readonly unknown[];
  create(role: string, signal: AbortSignal): Promise<string>;
}

/** Vault takes 15 minutes at most, by its own clock. */
const lifetimeSeconds = 10 * 60;

const ServiceAccountKey = z.object({
  type: z.literal('service_account'),
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  private_key_id: z.string().min(1),
});
const SignedJwt = z.object({ signedJwt: z.string().min(1) });

/** Signed here, with the key of a service account. */
export async function keyJwts(
  { secretAccessKeySecretRef: selector }: NonNullable<GcpAuth['secretRef']>,
  { objects, clock }: ConnectContext,
): Promise<GoogleJwts> {
  if (selector === undefined) throw new ProviderError('invalid', 'auth.gcp.secretRef names no Secret');
  const json = await secretText(selector, objects);
  const from = `the key in Secret ${selector.name}`;
  const {
    client_email: email,
    private_key: pem,
    private_key_id: kid,
  } = parseCredentials(ServiceAccountKey, json, from);
  const key = privateKeyOf(pem, from);
  return {
    identity: ['key', email, fingerprint(json)],
    create: (role) => new SignJWT(claimsOf(email, role, clock)).setProtectedHeader({ alg: 'RS256', kid }).sign(key),
  };
}

/** Signed by Google for a service account, on behalf of a ServiceAccount that may act as it. */
export async function workloadIdentityJwts(
  spec: NonNullable<GcpAuth['workloadIdentity']>,
  services: TokenServices,
  context: ConnectContext,
): Promise<GoogleJwts> {
  const source = await workloadIdentityTokens(spec, services, context);
  const email = accountOf(await context.objects.serviceAccount(spec.serviceAccountRef));
  if (email === undefined)
    throw new ProviderError(
      'invalid',
      `the ServiceAccount ${spec.serviceAccountRef.name} is not annotated with a Google service account`,
    );
  return {
    identity: source.identity,
    async create(role, signal) {
      const { value: token } = await source.create(signal);
      return signJwt({ email, token, claims: claimsOf(email, role, services.clock) }, services, signal);
    },
  };
}

/** Signed by Google for the machine or pod that the operator runs on. */
export function instanceJwts({ endpoints, transport, call }: TokenServices): GoogleJwts {
  return {
    identity: ['instance', endpoints.metadataServer],
    async create(role, signal) {
      const audience = encodeURIComponent(`http://vault/${role}`);
      const url = `${endpoints.metadataServer}instance/service-accounts/default/identity?audience=${audience}&format=full`;
      const headers = { 'metadata-flavor': 'Google' };
      const ask = (limit: AbortSignal) => transport.send({ url, headers, signal: limit });
      return (await call('GetMetadata', ask, signal)).body.trim();
    },
  };
}

interface SigningOptions {
  readonly email: string;
  readonly token: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

async function signJwt(
  { email, token, claims }: SigningOptions,
  { endpoints, transport, call }: TokenServices,
  signal: AbortSignal,
): Promise<string> {
  const url = endpoints.generateAccessToken(email).replace(/:generateAccessToken$/, ':signJwt');
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const body = JSON.stringify({ payload: JSON.stringify(claims) });
  const send = (limit: AbortSignal) => transport.send({ method: 'POST', url, headers, body, signal: limit });
  return parseAnswer(SignedJwt, await call('SignJwt', send, signal)).signedJwt;
}

function claimsOf(email: string, role: string, clock: Clock): Record<string, unknown> {
  return { sub: email, aud: `vault/${role}`, exp: Math.floor(clock.now() / 1_000) + lifetimeSeconds };
}

function privateKeyOf(pem: string, from: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new ProviderError('invalid', `private_key of ${from} is not a private key in PEM`);
  }
}
