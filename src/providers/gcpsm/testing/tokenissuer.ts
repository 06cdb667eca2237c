/** A cluster's own issuer of ServiceAccount tokens, whose key pools at Google can trust. */
import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import type { GcpServer } from '../../../../test/support/gcp.ts';
import type { ServiceAccountToken } from '../../../provider/context.ts';
import type { QualifiedName, TokenOptions } from '../../../provider/objectreader.ts';

export class TokenIssuer {
  readonly issuer = 'https://kubernetes.default.svc';
  /** Every token that was asked for. */
  readonly issued: { readonly name: string; readonly audiences: readonly string[] }[] = [];
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  /** For `MemoryObjects`. */
  readonly createToken = async (
    { namespace, name }: QualifiedName,
    { audiences, expirationSeconds }: TokenOptions,
  ): Promise<ServiceAccountToken> => {
    this.issued.push({ name: `${namespace}/${name}`, audiences });
    const expiresAtMs = Date.now() + expirationSeconds * 1_000;
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(this.issuer)
      .setSubject(`system:serviceaccount:${namespace}:${name}`)
      .setAudience(audiences.length === 0 ? this.issuer : [...audiences])
      .setExpirationTime(new Date(expiresAtMs))
      .sign(this.#keys.privateKey);
    return { token, expiresAtMs };
  };

  /** Makes the identity provider `audience` at Google trust this cluster's tokens for `tokenAudience`. */
  trustedBy(server: GcpServer, audience: string, tokenAudience: string): void {
    const key = this.#keys.publicKey;
    server.identities.providers.set(audience, { issuer: this.issuer, key, audience: tokenAudience });
  }
}
