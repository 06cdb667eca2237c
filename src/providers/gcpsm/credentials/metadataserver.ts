/** The metadata server, which tells a workload on Google Cloud where it is and gives it tokens. */
import { z } from 'zod';
import { deadline } from '../../../lib/deadline.ts';
import type { Session, SessionCache } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import { GoogleApiError } from '../apierror.ts';
import type { HttpAnswer } from '../httpmessages.ts';
import { scope, type TokenServices, type TokenSource } from './accesstokens.ts';
import { parseAnswer, tokenSession } from './tokenanswer.ts';

/** It answers in milliseconds, or is not there: elsewhere its address leads nowhere. */
const patienceMs = 3_000;

const ServiceAccountToken = z.object({ access_token: z.string().min(1), expires_in: z.number() });

/**
 * What never changes for the life of a node, such as `project/project-id`; asked once.
 * @throws ProviderError `unavailable` when there is no metadata server, `invalid` when it does not know
 */
export function metadataValue(
  path: string,
  services: TokenServices,
  sessions: SessionCache,
  signal: AbortSignal,
): Promise<string> {
  const create = async (limit: AbortSignal): Promise<Session<string>> => {
    const { body } = await askMetadataServer(path, services, limit);
    const value = body.trim();
    if (value === '') throw new ProviderError('invalid', `the metadata server does not know ${path}`);
    return { value };
  };
  return sessions.get(`gcp metadata ${services.endpoints.metadataServer}${path}`, create, signal);
}

/** Tokens of the service account that the operator's own pod or node has. */
export function metadataTokens(services: TokenServices): TokenSource {
  return {
    identity: ['metadata', services.endpoints.metadataServer],
    async create(signal) {
      const path = `instance/service-accounts/default/token?scopes=${encodeURIComponent(scope)}`;
      const { access_token: token, expires_in: expiresInSeconds } = parseAnswer(
        ServiceAccountToken,
        await askMetadataServer(path, services, signal),
      );
      return tokenSession(token, expiresInSeconds, services.clock);
    },
  };
}

async function askMetadataServer(path: string, services: TokenServices, signal: AbortSignal): Promise<HttpAnswer> {
  const { transport, endpoints, clock, call } = services;
  return call(
    'GetMetadata',
    async (outer) => {
      const limit = deadline(clock, patienceMs, outer);
      const url = `${endpoints.metadataServer}${path}`;
      try {
        return await transport.send({ url, headers: { 'metadata-flavor': 'Google' }, signal: limit.signal });
      } catch (cause) {
        throw limit.isOver ? noAnswer() : (unknownPath(cause, path) ?? cause);
      } finally {
        limit.end();
      }
    },
    signal,
  );
}

function noAnswer(): ProviderError {
  return new ProviderError('unavailable', 'the metadata server did not answer: is this Google Cloud?');
}

function unknownPath(cause: unknown, path: string): ProviderError | undefined {
  if (!(cause instanceof GoogleApiError) || cause.status !== 404) return undefined;
  return new ProviderError('invalid', `the metadata server does not know ${path.replace(/\?.*/, '')}`);
}
