/** A ServiceAccount's token, to be shown to Google. */
import type { ConnectContext, ServiceAccountObject } from '../../../provider/context.ts';

export const jwtTokenType = 'urn:ietf:params:oauth:token-type:jwt';

/** As ESO 2.9: it is traded at once, and never again. */
const expirationSeconds = 15 * 60;

/** @returns makes a new token each time */
export function serviceAccountSubject(
  { namespace, name }: ServiceAccountObject,
  audiences: readonly string[],
  { objects }: ConnectContext,
): () => Promise<string> {
  return async () => {
    const request = { serviceAccount: { namespace, name }, audiences, expirationSeconds };
    return (await objects.serviceAccountToken(request)).token;
  };
}
