/** Who is who at Google: service accounts and their keys, pools of outside identities, tokens, and what each may do. */
import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify, type KeyObject } from 'jose';
import { isSignedWith, signatureClaim } from './aws-signature.ts';
import { GcpError, OAuthError } from './gcp-error.ts';

/** Who trusts whose tokens. */
export interface PoolProvider {
  readonly issuer: string;
  readonly key: KeyObject;
  /** Of the subject token. */
  readonly audience: string;
}

export interface IssuedToken {
  readonly principal: string;
  readonly expiresAtMs: number;
}

const tokenLifetimeMs = 3_600_000;
/** How much the clocks of a client and Google may differ. */
const clockSkewMs = 300_000;
const oauthEndpoint = 'https://oauth2.googleapis.com/token';

// Making a key takes a while, and every test may have the same.
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const testPrivateKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

export class Identities {
  /** Service accounts, with the keys that they were given. */
  readonly serviceAccounts = new Map<string, Set<string>>();
  /** By the full audience of a token exchange. */
  readonly providers = new Map<string, PoolProvider>();
  /** Secret access keys of AWS accounts that are trusted, by access key id. */
  readonly awsKeys = new Map<string, string>();
  /** What each principal may do, as `permission resource`; `*` stands for everything. */
  readonly grants = new Map<string, Set<string>>();
  /** What is added to the server's clock. */
  clockOffsetMs = 0;
  readonly #tokens = new Map<string, IssuedToken>();

  now(): number {
    return Date.now() + this.clockOffsetMs;
  }

  issue(principal: string): string {
    const token = `ya29.${randomUUID()}`;
    this.#tokens.set(token, { principal, expiresAtMs: this.now() + tokenLifetimeMs });
    return token;
  }

  revokeAll(): void {
    this.#tokens.clear();
  }

  /** @throws GcpError `UNAUTHENTICATED` */
  authenticate(authorization: string | undefined): string {
    const issued = this.#tokens.get(authorization?.replace(/^Bearer /, '') ?? '');
    if (issued !== undefined && issued.expiresAtMs > this.now()) return issued.principal;
    throw new GcpError(
      'UNAUTHENTICATED',
      'Request had invalid authentication credentials. Expected OAuth 2 access token.',
    );
  }

  /** @throws GcpError `PERMISSION_DENIED` */
  authorize(principal: string, permission: string, resource: string): void {
    const granted = this.grants.get(principal) ?? new Set();
    if (granted.has('*') || granted.has(`${permission} ${resource}`) || granted.has(`${permission} *`)) return;
    throw new GcpError(
      'PERMISSION_DENIED',
      `Permission '${permission}' denied for resource '${resource}' (or it may not exist).`,
    );
  }

  /** A key file, as Google gives it out. */
  createKey(email: string): Record<string, string> {
    const keyId = randomUUID().replaceAll('-', '');
    const keys = this.serviceAccounts.get(email) ?? new Set();
    this.serviceAccounts.set(email, keys.add(keyId));
    return {
      type: 'service_account',
      project_id: 'test-project',
      private_key_id: keyId,
      private_key: testPrivateKey,
      client_email: email,
      token_uri: oauthEndpoint,
      universe_domain: 'googleapis.com',
    };
  }

  /** Trades a signed assertion for a token (RFC 7523). */
  async grantByAssertion(assertion: string): Promise<string> {
    const { kid } = decodeProtectedHeader(assertion);
    const currentDate = new Date(this.now());
    const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
    const { payload } = await jwtVerify(assertion, key, {
      audience: oauthEndpoint,
      currentDate,
      clockTolerance: clockSkewMs / 1_000,
    }).catch((error: unknown) => {
      throw new OAuthError(
        'invalid_grant',
        error instanceof errors.JWTExpired ? staleAssertion : 'Invalid JWT Signature.',
      );
    });
    const { iss = '', iat = 0, exp = 0, scope } = payload;
    if (iat * 1_000 > this.now() + clockSkewMs || exp - iat > 3_600)
      throw new OAuthError('invalid_grant', staleAssertion);
    if (typeof scope !== 'string' || scope === '')
      throw new OAuthError('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
    const keys = this.serviceAccounts.get(iss);
    // All keys here are one; whoever names its own must name one that is still good.
    if (keys === undefined || keys.size === 0 || (kid !== undefined && !keys.has(kid)))
      throw new OAuthError('invalid_grant', 'Invalid grant: account not found');
    return this.issue(`serviceAccount:${iss}`);
  }

  /** Trades an outside token for one of a pool's identities (RFC 8693). */
  async exchange(request: Readonly<Record<string, string>>): Promise<string> {
    const { audience = '', subject_token_type: type, subject_token: token = '' } = request;
    if (request['grant_type'] !== 'urn:ietf:params:oauth:grant-type:token-exchange')
      throw new OAuthError('unsupported_grant_type', 'Unsupported grant type');
    if (type === 'urn:ietf:params:aws:token-type:aws4_request') return this.issue(this.#awsPrincipal(token, audience));
    const provider = this.providers.get(audience);
    if (provider === undefined)
      throw new OAuthError('invalid_target', 'The target service indicated by the "audience" parameters is invalid.');
    return this.issue(await this.#subjectOf(token, audience, provider));
  }

  /** Tells an account's token to who may act as it. */
  generateAccessToken(email: string, principal: string): { accessToken: string; expireTime: string } {
    if (!this.serviceAccounts.has(email))
      throw new GcpError('NOT_FOUND', `Not found; Gaia id not found for email ${email}`);
    this.authorize(principal, 'iam.serviceAccounts.getAccessToken', email);
    const expireTime = new Date(this.now() + tokenLifetimeMs).toISOString();
    return { accessToken: this.issue(`serviceAccount:${email}`), expireTime };
  }

  async #subjectOf(token: string, audience: string, provider: PoolProvider): Promise<string> {
    const options = { issuer: provider.issuer, audience: provider.audience, currentDate: new Date(this.now()) };
    const { payload } = await jwtVerify(token, provider.key, options).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : '';
      throw new OAuthError('invalid_grant', `The given credential is rejected by the attribute condition: ${reason}`);
    });
    const [, pool] = /^identitynamespace:([^:]+):/.exec(audience) ?? [];
    if (pool === undefined) return `principal:${audience}/subject/${payload.sub}`;
    const [, , namespace, name] = payload.sub?.split(':') ?? [];
    return `serviceAccount:${pool}[${namespace}/${name}]`;
  }

  /** Google sends the signed request on to AWS; here its signature is checked. */
  #awsPrincipal(token: string, audience: string): string {
    const { url, method, headers: list } = JSON.parse(decodeURIComponent(token)) as AwsSubject;
    const headers = Object.fromEntries(list.map(({ key, value }) => [key.toLowerCase(), value]));
    const claim = signatureClaim(headers);
    const secret = this.awsKeys.get(claim?.accessKeyId ?? '');
    const { pathname: path, search } = new URL(url);
    const signed = { method, path, query: search.slice(1), headers, body: '' };
    const isFor = headers['x-goog-cloud-target-resource'] === audience;
    if (claim === undefined || secret === undefined || !isFor || !isSignedWith(secret, claim, signed))
      throw new OAuthError('invalid_grant', 'Received a non-2xx response from AWS: SignatureDoesNotMatch');
    return `principal:${audience}/aws/${claim.accessKeyId}/${claim.region}`;
  }
}

interface AwsSubject {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly { readonly key: string; readonly value: string }[];
}

const staleAssertion =
  'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.';
