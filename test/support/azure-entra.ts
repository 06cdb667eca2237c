/** Entra ID's token endpoint and the instance metadata service: who gets a token, and what each token is good for. */
import { randomBytes } from 'node:crypto';
import {
  type FederatedCredential,
  isCertificateAssertion,
  verifyCertificateAssertion,
  verifyFederatedAssertion,
} from './azure-assertions.ts';
import { type AzureCall, AzureFault } from './azure-wire.ts';

/** What is registered for one application. */
export interface AzureApp {
  readonly secrets?: readonly string[];
  /** PEM. */
  readonly certificates?: readonly string[];
  readonly federated?: readonly FederatedCredential[];
}

export interface EntraOptions {
  readonly tenantId: string;
  readonly apps: ReadonlyMap<string, AzureApp>;
  /** Client ids of user-assigned managed identities; the system-assigned one is always there. */
  readonly managedIdentities: readonly string[];
  readonly now: () => number;
  readonly tokenLifetimeSeconds: () => number;
}

export interface AccessToken {
  readonly tenantId: string;
  readonly audience: string;
  readonly clientId: string;
  readonly expiresAtMs: number;
}

/** The resources that this tenant knows. */
const resources = [
  'https://vault.azure.net',
  'https://vault.azure.cn',
  'https://vault.usgovcloudapi.net',
  'https://management.azure.com',
];

export class EntraModel {
  readonly #options: EntraOptions;
  readonly #tokens = new Map<string, AccessToken>();

  constructor(options: EntraOptions) {
    this.#options = options;
  }

  /** The token, if it was given out here and holds. */
  token(text: string): AccessToken | undefined {
    const token = this.#tokens.get(text);
    return token !== undefined && token.expiresAtMs > this.#options.now() ? token : undefined;
  }

  revokeAll(): void {
    this.#tokens.clear();
  }

  openIdConfiguration(tenantId: string, base: string): unknown {
    this.#knowTenant(tenantId);
    const root = `${base}/${tenantId}`;
    return {
      issuer: `${root}/v2.0`,
      authorization_endpoint: `${root}/oauth2/v2.0/authorize`,
      token_endpoint: `${root}/oauth2/v2.0/token`,
      jwks_uri: `${root}/discovery/v2.0/keys`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    };
  }

  async clientCredentials(tenantId: string, call: AzureCall): Promise<unknown> {
    this.#knowTenant(tenantId);
    const form = new URLSearchParams(call.body);
    if (form.get('grant_type') !== 'client_credentials') {
      const message = `The app requested an unsupported grant type '${form.get('grant_type')}'.`;
      throw new AzureFault(400, 'unsupported_grant_type', message, { aadsts: 70003 });
    }
    const clientId = form.get('client_id') ?? '';
    await this.#authenticate(clientId, form, `${call.url.origin}/${tenantId}/oauth2/v2.0/token`);
    return this.#issue(clientId, audienceOf(form.get('scope') ?? ''));
  }

  /** Of the instance metadata service. */
  managedIdentity(call: AzureCall): unknown {
    const refuse = (description: string): AzureFault =>
      new AzureFault(400, 'invalid_request', description, { aadsts: 0 });
    if (call.headers['metadata'] !== 'true') throw refuse('Required metadata header not specified');
    if (call.url.searchParams.get('api-version') !== '2018-02-01') throw refuse('Unsupported api-version');
    const clientId = call.url.searchParams.get('client_id') ?? 'system-assigned';
    if (clientId !== 'system-assigned' && !this.#options.managedIdentities.includes(clientId))
      throw refuse('Identity not found');
    const resource = call.url.searchParams.get('resource') ?? '';
    const { expires_in, ...token } = this.#issue(clientId, resource);
    const nowSeconds = Math.floor(this.#options.now() / 1_000);
    return {
      ...token,
      client_id: clientId,
      resource,
      expires_in: String(expires_in),
      expires_on: String(nowSeconds + expires_in),
      not_before: String(nowSeconds),
    };
  }

  #knowTenant(tenantId: string): void {
    if (tenantId === this.#options.tenantId) return;
    const message = `Tenant '${tenantId}' not found. Check to make sure you have the correct tenant ID.`;
    throw new AzureFault(400, 'invalid_tenant', message, { aadsts: 90002 });
  }

  async #authenticate(clientId: string, form: URLSearchParams, endpoint: string): Promise<void> {
    const app = this.#options.apps.get(clientId);
    if (app === undefined) {
      const message = `Application with identifier '${clientId}' was not found in the directory.`;
      throw new AzureFault(400, 'unauthorized_client', message, { aadsts: 700016 });
    }
    const secret = form.get('client_secret');
    const token = form.get('client_assertion');
    if (secret !== null && app.secrets?.includes(secret) === true) return;
    if (secret !== null) {
      const message =
        'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value.';
      throw new AzureFault(401, 'invalid_client', message, { aadsts: 7000215 });
    }
    if (
      token === null ||
      form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    ) {
      const message = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
      throw new AzureFault(401, 'invalid_client', message, { aadsts: 7000218 });
    }
    const assertion = { token, clientId, endpoint, now: this.#options.now() };
    if (isCertificateAssertion(token)) await verifyCertificateAssertion(assertion, app.certificates ?? []);
    else await verifyFederatedAssertion(assertion, app.federated ?? []);
  }

  #issue(
    clientId: string,
    audience: string,
  ): { token_type: string; access_token: string; expires_in: number; ext_expires_in: number } {
    if (!resources.includes(audience)) {
      const message = `The resource principal named ${audience} was not found in the tenant.`;
      throw new AzureFault(400, 'invalid_resource', message, { aadsts: 500011 });
    }
    const { now, tokenLifetimeSeconds, tenantId } = this.#options;
    const expires_in = tokenLifetimeSeconds();
    const access_token = `eyJ0eXAiOiJKV1QifQ.${randomBytes(24).toString('base64url')}.${randomBytes(16).toString('base64url')}`;
    this.#tokens.set(access_token, { tenantId, audience, clientId, expiresAtMs: now() + expires_in * 1_000 });
    return { token_type: 'Bearer', access_token, expires_in, ext_expires_in: expires_in };
  }
}

function audienceOf(scope: string): string {
  // MSAL adds the OpenID scopes to every request; they mean nothing for client credentials.
  const wanted = scope.split(' ').find((part) => part.endsWith('/.default'));
  if (wanted !== undefined) return wanted.slice(0, -'/.default'.length);
  const message = `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.`;
  throw new AzureFault(400, 'invalid_scope', message, { aadsts: 1002012 });
}
