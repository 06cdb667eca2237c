/** Signs tokens of ServiceAccounts and publishes what others need to verify them. */
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../../lib/clock.ts';

export interface TokenIssuerOptions {
  /** The URL that tokens name as their issuer. */
  readonly issuer: string;
  readonly clock: Clock;
}

export interface ServiceAccountIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface IssuedToken {
  readonly token: string;
  /** RFC 3339. */
  readonly expirationTimestamp: string;
}

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

const algorithm = 'ES256';
const keyId = 'devserver';

export class TokenIssuer {
  readonly issuer: string;
  /** The public keys, as a JSON Web Key Set. */
  readonly jwks: { readonly keys: readonly JWK[] };
  readonly #keys: KeyPair;
  readonly #clock: Clock;

  private constructor({ issuer, clock }: TokenIssuerOptions, keys: KeyPair, jwk: JWK) {
    this.issuer = issuer;
    this.jwks = { keys: [{ ...jwk, kid: keyId, alg: algorithm, use: 'sig' }] };
    this.#keys = keys;
    this.#clock = clock;
  }

  static async create(options: TokenIssuerOptions): Promise<TokenIssuer> {
    const keys = await generateKeyPair(algorithm);
    return new TokenIssuer(options, keys, await exportJWK(keys.publicKey));
  }

  /** The OpenID Connect discovery document. */
  get configuration(): object {
    return {
      issuer: this.issuer,
      jwks_uri: `${this.issuer}/openid/v1/jwks`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [algorithm],
    };
  }

  async issue(
    account: ServiceAccountIdentity,
    audiences: readonly string[],
    lifetimeSeconds: number,
  ): Promise<IssuedToken> {
    const { namespace, name, uid } = account;
    const issuedAt = Math.floor(this.#clock.now() / 1_000);
    const expiresAt = issuedAt + lifetimeSeconds;
    const claims = { 'kubernetes.io': { namespace, serviceaccount: { name, uid } } };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: algorithm, kid: keyId })
      .setIssuer(this.issuer)
      .setSubject(`system:serviceaccount:${namespace}:${name}`)
      .setAudience([...audiences])
      .setIssuedAt(issuedAt)
      .setNotBefore(issuedAt)
      .setExpirationTime(expiresAt)
      .setJti(crypto.randomUUID())
      .sign(this.#keys.privateKey);
    return { token, expirationTimestamp: new Date(expiresAt * 1_000).toISOString().replace('.000Z', 'Z') };
  }

  /** Undefined: not a token of this issuer for one of these audiences, or not valid any more. */
  async verify(token: string, audiences: readonly string[]): Promise<JWTPayload | undefined> {
    const currentDate = new Date(this.#clock.now());
    const { issuer } = this;
    const expected = { issuer, audience: [...audiences], currentDate, algorithms: [algorithm] };
    return jwtVerify(token, this.#keys.publicKey, expected).then(
      ({ payload }) => payload,
      () => undefined,
    );
  }
}
