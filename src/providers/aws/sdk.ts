/** How the SDK's clients are made: no retries and no middleware that does nothing here, one way to the network. */
import type { SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';
import type { AwsCredentials } from './credentials/credentials.ts';
import type { Endpoints } from './endpoints.ts';
import type { Transport } from './transport.ts';

/** What all clients of a store have in common. */
export interface AwsEnvironment {
  readonly region: string;
  readonly endpoints: Endpoints;
  readonly transport: Transport;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

interface ServiceConfig {
  readonly endpoint: string | undefined;
  /** Undefined for calls that are not signed. */
  readonly credentials: AwsCredentials | undefined;
}

type SdkConfig = Pick<
  SecretsManagerClientConfig,
  | 'region'
  | 'endpoint'
  | 'credentials'
  | 'requestHandler'
  | 'maxAttempts'
  | 'useFipsEndpoint'
  | 'useDualstackEndpoint'
  | 'defaultsMode'
  | 'authSchemePreference'
>;

/** Everything that the SDK would otherwise look for in files and variables is said here. */
export function sdkConfig(environment: AwsEnvironment, { endpoint, credentials }: ServiceConfig): SdkConfig {
  const { region, transport, variables } = environment;
  return {
    region,
    requestHandler: transport,
    maxAttempts: 1,
    useFipsEndpoint: variables['AWS_USE_FIPS_ENDPOINT'] === 'true',
    useDualstackEndpoint: variables['AWS_USE_DUALSTACK_ENDPOINT'] === 'true',
    defaultsMode: 'legacy',
    authSchemePreference: [],
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials: identityOf(credentials) }),
  };
}

/** Without the end of life: renewal is the business of whoever gave the credentials. */
function identityOf({ accessKeyId, secretAccessKey, sessionToken }: AwsCredentials): {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
} {
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

/** As much of a client as is taken apart. */
interface Stacked {
  readonly middlewareStack: {
    remove(name: string): boolean;
    add(middleware: <Next>(next: Next) => Next, options: { step: 'finalizeRequest'; name: string }): void;
  };
}

/** Logging to nobody, Lambda's trace header, and the user agent, which the transport sets. */
const idleMiddleware = ['loggerMiddleware', 'recursionDetectionMiddleware', 'getUserAgentMiddleware'];

/** Takes about a third of the CPU off each call. */
export function lean<Client extends Stacked>(client: Client): Client {
  const { middlewareStack: stack } = client;
  for (const name of idleMiddleware) stack.remove(name);
  // Signing finds its place by this name.
  stack.remove('retryMiddleware');
  stack.add((next) => next, { step: 'finalizeRequest', name: 'retryMiddleware' });
  return client;
}
