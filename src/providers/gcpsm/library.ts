/** Google's Secret Manager library, speaking HTTP/JSON through our transport. */
import type { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import type { Endpoints } from './endpoints.ts';
import type { HttpRequest } from './httpmessages.ts';
import type { Transport } from './transport.ts';

export interface LibraryOptions {
  readonly transport: Transport;
  readonly endpoints: Endpoints;
  readonly location: string | undefined;
}

type LibraryClientOptions = NonNullable<ConstructorParameters<typeof SecretManagerServiceClient>[0]>;

/** What the library asks its `auth` to fetch. */
interface FetchOptions {
  readonly method: HttpRequest['method'];
  readonly headers: Headers;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** As much of a fetch `Response` as the library looks at. */
interface FetchedAnswer {
  readonly ok: boolean;
  readonly status: number;
  arrayBuffer(): Promise<Uint8Array>;
}

/** Opens no connection yet: the first call does. */
export async function openLibrary({
  transport,
  endpoints,
  location,
}: LibraryOptions): Promise<SecretManagerServiceClient> {
  // The package's index would also load the beta API and a copy of all messages: 3 MB that nobody uses.
  const { SecretManagerServiceClient: Client } = await import('@google-cloud/secret-manager/build/src/v1/index.js');
  const client = new Client({
    fallback: true,
    apiEndpoint: endpoints.secretManagerHost(location),
    universeDomain: endpoints.universe,
    auth: authThrough(transport),
  });
  await client.initialize();
  return client;
}

/** Each request brings its own token, so nothing is left to authenticate here. */
function authThrough(transport: Transport): NonNullable<LibraryClientOptions['auth']> {
  const auth = {
    // The library tells by this member that it need not look for credentials itself.
    getRequestHeaders: async () => new Headers(),
    async fetch(url: string, { method, headers, body, signal }: FetchOptions): Promise<FetchedAnswer> {
      const answer = await transport.send({ url, method, headers: Object.fromEntries(headers), body, signal });
      return { ok: true, status: answer.status, arrayBuffer: async () => Buffer.from(answer.body) };
    },
  };
  // Over HTTP/JSON the library uses these two members of a `GoogleAuth` and no other.
  return auth as unknown as NonNullable<LibraryClientOptions['auth']>;
}
