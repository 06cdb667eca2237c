/** The way from the Azure SDKs to the network: connections that are kept, and a look at what comes back. */
import { Agent } from 'node:https';
import type { HttpClient, PipelineRequest, PipelineResponse, ProxySettings } from '@azure/core-rest-pipeline';
import { type ProxyEnvironment, proxyFor } from '../../kube/proxy.ts';

/** Options that all clients and credentials of the SDKs take. */
export interface ClientOptions {
  readonly httpClient: HttpClient;
  readonly retryOptions: { readonly maxRetries: number };
  readonly userAgentOptions: { readonly userAgentPrefix: string };
  readonly proxyOptions?: ProxySettings;
}

/** Sees every request on its way out, and what became of it. */
export type Exchange = (
  request: PipelineRequest,
  send: (request: PipelineRequest) => Promise<PipelineResponse>,
) => Promise<PipelineResponse>;

export interface Transport {
  /** The SDKs' own retries are off: each attempt is metered by whoever calls. */
  options(exchange: Exchange): ClientOptions;
  close(): void;
}

const maxConnections = 32;
/** Below the four minutes after which Azure's load balancers forget an idle connection. */
const keepAliveMs = 60_000;

export async function openTransport(environment: ProxyEnvironment, userAgent: string): Promise<Transport> {
  const { createDefaultHttpClient } = await import('@azure/core-rest-pipeline');
  const base = createDefaultHttpClient();
  const agent = new Agent({ keepAlive: true, maxSockets: maxConnections, timeout: keepAliveMs });
  const proxyOptions = proxySettings(environment);

  function send(request: PipelineRequest): Promise<PipelineResponse> {
    const url = new URL(request.url);
    // The SDK has set an agent where it goes through a proxy; the metadata service is plain HTTP.
    if (url.protocol === 'https:' && proxyFor(url, environment) === undefined) request.agent = agent;
    return base.sendRequest(request);
  }

  return {
    options: (exchange) => ({
      httpClient: { sendRequest: (request) => exchange(request, send) },
      retryOptions: { maxRetries: 0 },
      userAgentOptions: { userAgentPrefix: userAgent },
      ...(proxyOptions === undefined ? {} : { proxyOptions }),
    }),
    close: () => agent.destroy(),
  };
}

/** The exceptions of the environment are judged for each request. */
function proxySettings({ HTTPS_PROXY }: ProxyEnvironment): ProxySettings | undefined {
  const proxy = proxyFor(new URL('https://anywhere.invalid'), { HTTPS_PROXY });
  if (proxy === undefined || !URL.canParse(proxy)) return undefined;
  const { protocol, hostname, port, username, password } = new URL(proxy);
  const usualPort = protocol === 'https:' ? 443 : 80;
  const credentials = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  return {
    host: `${protocol}//${hostname}`,
    port: port === '' ? usualPort : Number(port),
    ...(username === '' ? {} : credentials),
  };
}
