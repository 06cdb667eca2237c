/** google-auth-library, with every request of it going through our transport. */
import type { OAuth2ClientOptions } from 'google-auth-library';
import { ProviderError } from '../../../provider/errors.ts';
import { GoogleApiError } from '../apierror.ts';
import type { HttpRequest } from '../httpmessages.ts';
import type { Transport } from '../transport.ts';

/** As much as the library hands to a `fetch`, after its defaults were applied. */
interface FetchOptions {
  readonly method?: HttpRequest['method'];
  readonly headers?: Headers;
  readonly body?: string | URLSearchParams;
}

/** Loaded by the first credentials that need it. */
export function loadAuthLibrary(): Promise<typeof import('google-auth-library')> {
  return import('google-auth-library');
}

/** Makes a client of the library send through `transport` until `signal` aborts, each request once. */
export function libraryOptions(
  transport: Transport,
  signal: AbortSignal,
): Pick<OAuth2ClientOptions, 'transporterOptions'> {
  const fetchImplementation = async (url: string | URL, options: FetchOptions = {}): Promise<Response> => {
    const { method, headers = new Headers(), body } = options;
    const sent = { url: url.toString(), method, headers: Object.fromEntries(headers), body: body?.toString() };
    const answer = await transport.send({ ...sent, signal });
    return new Response(answer.body, {
      status: answer.status,
      headers: { 'content-type': answer.headers['content-type'] ?? '' },
    });
  };
  return {
    transporterOptions: {
      // The library calls it with a string or URL and prepared options, which is less than the type of fetch allows.
      fetchImplementation: fetchImplementation as typeof fetch,
      retryConfig: { retry: 0 },
    },
  };
}

/**
 * Runs a method of the library. Its errors hold the whole request, tokens and assertions included, so only what the
 * transport threw comes out, or nothing of it.
 */
export async function byLibrary<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    for (let link = error; link instanceof Error; link = link.cause) {
      if (link instanceof GoogleApiError || link instanceof ProviderError) throw link;
    }
    throw new ProviderError('denied', `${what} could not be used`);
  }
}
