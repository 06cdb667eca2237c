/** Trading one token for another: at Google's Security Token Service, and for that of a service account. */
import { z } from 'zod';
import type { Session } from '../../../provider/context.ts';
import { scope, type TokenServices } from './accesstokens.ts';
import { parseAnswer, tokenSession } from './tokenanswer.ts';

/** What is put in the place of an access token (RFC 8693). */
export interface SubjectToken {
  readonly token: string;
  readonly type: string;
  /** Who is asked to believe it. */
  readonly audience: string;
  /** An OAuth client that asks, where a pool wants one. */
  readonly client?: { readonly id: string; readonly secret: string } | undefined;
}

const ExchangedToken = z.object({ access_token: z.string().min(1), expires_in: z.number().optional() });
const GeneratedToken = z.object({ accessToken: z.string().min(1), expireTime: z.iso.datetime() });

/** By the token endpoint of workload identity pools. */
export async function exchangeToken(
  subject: SubjectToken,
  services: TokenServices,
  signal: AbortSignal,
): Promise<Session<string>> {
  const { transport, endpoints, clock, call } = services;
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...clientHeader(subject) };
  const body = new URLSearchParams(exchangeRequest(subject)).toString();
  const send = (limit: AbortSignal) =>
    transport.send({ method: 'POST', url: endpoints.tokenExchange, headers, body, signal: limit });
  const answer = parseAnswer(ExchangedToken, await call('ExchangeToken', send, signal));
  return tokenSession(answer.access_token, answer.expires_in, clock);
}

/** By the token endpoint of GKE's own identity pools, which takes JSON. */
export async function bindIdentity(
  subject: SubjectToken,
  services: TokenServices,
  signal: AbortSignal,
): Promise<Session<string>> {
  const { transport, endpoints, clock, call } = services;
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(exchangeRequest(subject));
  const send = (limit: AbortSignal) =>
    transport.send({ method: 'POST', url: endpoints.identityBinding, headers, body, signal: limit });
  const answer = parseAnswer(ExchangedToken, await call('GenerateIDBindToken', send, signal));
  return tokenSession(answer.access_token, answer.expires_in, clock);
}

export interface Impersonation {
  readonly email: string;
  /** Default: the server's, an hour. */
  readonly lifetimeSeconds?: number | undefined;
}

/** The token of a service account, by one that may act as it. */
export async function impersonate(
  { email, lifetimeSeconds }: Impersonation,
  token: string,
  services: TokenServices,
  signal: AbortSignal,
): Promise<Session<string>> {
  const { transport, endpoints, clock, call } = services;
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const lifetime = lifetimeSeconds === undefined ? {} : { lifetime: `${lifetimeSeconds}s` };
  const body = JSON.stringify({ scope: [scope], ...lifetime });
  const url = endpoints.generateAccessToken(email);
  const send = (limit: AbortSignal) => transport.send({ method: 'POST', url, headers, body, signal: limit });
  const answer = await call('GenerateAccessToken', send, signal);
  const { accessToken, expireTime } = parseAnswer(GeneratedToken, answer);
  // The server's clock against the server's clock: ours may be wrong.
  const sentAtMs = Date.parse(answer.headers['date'] ?? '') || clock.now();
  return tokenSession(accessToken, (Date.parse(expireTime) - sentAtMs) / 1_000, clock);
}

function exchangeRequest({ token, type, audience }: SubjectToken): Record<string, string> {
  return {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    subject_token_type: type,
    subject_token: token,
    audience,
    scope,
  };
}

function clientHeader({ client }: SubjectToken): Record<string, string> {
  if (client === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}` };
}
