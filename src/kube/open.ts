/** From a connection to a client. */
import type { Clock } from '../lib/clock.ts';
import { TokenBucket } from '../lib/tokenbucket.ts';
import type { KubeClient } from './client.ts';
import type { ClusterConnection } from './connection.ts';
import { openDispatchers } from './dispatchers.ts';
import { Requester, type RequestObservation } from './requester.ts';
import { RestClient } from './restclient.ts';

export interface KubeClientOptions {
  readonly connection: ClusterConnection;
  readonly clock: Clock;
  /** Such as `external-secrets/0.1.0`; what stands before the slash is the default field manager. */
  readonly userAgent: string;
  /** Absent: no limit on this side; the server has its own (API priority and fairness). */
  readonly rate?: { readonly perSecond: number; readonly burst: number } | undefined;
  /** False: each request is one attempt, for callers that retry by rules of their own. Default true. */
  readonly retries?: boolean;
  /** A watch of which nothing is heard for so long is opened anew; default 150 s. */
  readonly watchIdleTimeoutMs?: number;
  /** Called for every attempt. */
  readonly onRequest?: ((observation: RequestObservation) => void) | undefined;
}

/** Opens no connection yet: the first request does. */
export async function openKubeClient(options: KubeClientOptions): Promise<KubeClient> {
  const { rate, ...rest } = options;
  const dispatchers = await openDispatchers(options.connection);
  const limiter = rate === undefined ? undefined : new TokenBucket({ clock: options.clock, ...rate });
  return new RestClient(new Requester({ ...rest, dispatchers, limiter }));
}
