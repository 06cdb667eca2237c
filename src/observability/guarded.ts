/** `--metrics-auth`: an endpoint that answers only to those whom the cluster lets read it. */
import { hash } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import { LruCache } from '../lib/lrucache.ts';
import type { Endpoint, EndpointAnswer } from './server.ts';

export type TokenVerdict = 'allowed' | 'unauthenticated' | 'forbidden';

export interface GuardOptions {
  /** Asks the cluster about a bearer token. */
  readonly review: (token: string) => Promise<TokenVerdict>;
  readonly clock: Clock;
}

/** A scraper comes every few seconds with the same token. */
const rememberMs = 60_000;
const maxTokens = 100;

interface Remembered {
  readonly verdict: TokenVerdict;
  readonly until: number;
}

/** Tokens themselves are not kept, only their hashes. */
export function guarded(endpoint: Endpoint, { review, clock }: GuardOptions): Endpoint {
  const verdicts = new LruCache<string, Remembered>(maxTokens);
  const judge = async (token: string): Promise<TokenVerdict> => {
    const key = hash('sha256', token);
    const known = verdicts.get(key);
    if (known !== undefined && known.until > clock.monotonic()) return known.verdict;
    const verdict = await review(token);
    verdicts.set(key, { verdict, until: clock.monotonic() + rememberMs });
    return verdict;
  };
  return async (request) => {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const verdict = token === undefined ? 'unauthenticated' : await judge(token);
    return verdict === 'allowed' ? endpoint(request) : refusals[verdict];
  };
}

const refusals: Readonly<Record<Exclude<TokenVerdict, 'allowed'>, EndpointAnswer>> = {
  unauthenticated: { status: 401, body: 'a bearer token that the cluster knows is needed\n' },
  forbidden: { status: 403, body: 'the cluster does not let the holder of this token get /metrics\n' },
};
