/** Auth methods that take tokens of others: JWTs by the keys of who signed them, ServiceAccounts by asking their cluster. */
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeProtectedHeader,
  importSPKI,
  type JWTPayload,
  jwtVerify,
} from 'jose';
import { type AuthMethod, type Grant, grantOf, Named } from './vault-logins.ts';
import { absent, denied, noContent, text, texts, type VaultAnswer, type VaultCall, VaultFault } from './vault-wire.ts';

type Body = VaultCall['body'];
type KeySet = Parameters<typeof createLocalJWKSet>[0];

export class Jwts implements AuthMethod {
  readonly #roles = new Named();
  #config: Body = {};

  handle({ operation, body }: VaultCall, path: string): VaultAnswer {
    if (operation !== 'write') throw absent();
    if (path === 'config') this.#config = body;
    else this.#roles.put(path.replace(/^role\//, ''), body);
    return noContent;
  }

  async login({ body }: VaultCall): Promise<Grant> {
    const name = text(body, 'role') || text(this.#config, 'default_role');
    if (name === '') throw new VaultFault(400, 'missing role');
    const role = this.#roles.get(name);
    if (role === undefined) throw new VaultFault(400, `role "${name}" could not be found`);
    const claims = await this.#verify(text(body, 'jwt'));
    const audiences = [claims.aud ?? []].flat();
    if (!texts(role, 'bound_audiences').some((audience) => audiences.includes(audience)))
      throw new VaultFault(400, 'error validating token: invalid audience (aud) claim');
    const subject = text(role, 'bound_subject');
    if (subject !== '' && subject !== claims.sub) throw new VaultFault(400, 'error validating token: invalid subject');
    return grantOf(role);
  }

  async #verify(token: string): Promise<JWTPayload> {
    try {
      return (await this.#verified(token)).payload;
    } catch {
      throw new VaultFault(400, 'error validating token: error verifying token: failed to verify id token signature');
    }
  }

  async #verified(token: string): Promise<{ payload: JWTPayload }> {
    const url = text(this.#config, 'jwks_url');
    const options = { clockTolerance: 60 };
    if (url !== '') return jwtVerify(token, createRemoteJWKSet(new URL(url)), options);
    const [pem = ''] = texts(this.#config, 'jwt_validation_pubkeys');
    // As Vault: whatever algorithm the token names, with the key that was configured.
    return jwtVerify(token, await importSPKI(pem, decodeProtectedHeader(token).alg ?? ''), options);
  }
}

/** What a TokenReview answers. */
interface Review {
  readonly status?: { readonly authenticated?: boolean; readonly user?: { readonly username?: string } };
}

export class KubernetesAuth implements AuthMethod {
  readonly #roles = new Named();
  #config: Body = {};

  handle({ operation, body }: VaultCall, path: string): VaultAnswer {
    if (operation !== 'write') throw absent();
    if (path === 'config') this.#config = body;
    else this.#roles.put(path.replace(/^role\//, ''), body);
    return noContent;
  }

  async login({ body }: VaultCall): Promise<Grant> {
    const role = this.#roles.get(text(body, 'role'));
    if (role === undefined) throw new VaultFault(400, `invalid role name "${text(body, 'role')}"`);
    const { status } = await this.#review(text(body, 'jwt'), texts(role, 'audience'));
    const [, namespace = '', name = ''] =
      /^system:serviceaccount:([^:]+):(.+)$/.exec(status?.user?.username ?? '') ?? [];
    const isBound = (member: string, value: string): boolean =>
      texts(role, member).some((bound) => bound === '*' || bound === value);
    if (status?.authenticated !== true || !isBound('bound_service_account_namespaces', namespace)) throw denied();
    if (!isBound('bound_service_account_names', name)) throw denied();
    return grantOf(role);
  }

  async #review(token: string, audiences: readonly string[]): Promise<Review> {
    const url = `${text(this.#config, 'kubernetes_host')}/apis/authentication.k8s.io/v1/tokenreviews`;
    const reviewer = text(this.#config, 'token_reviewer_jwt') || token;
    const answer = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${reviewer}`, 'content-type': 'application/json' },
      body: JSON.stringify({ spec: { token, ...(audiences.length === 0 ? {} : { audiences }) } }),
    });
    if (!answer.ok) throw denied();
    return (await answer.json()) as Review;
  }
}

/** Google's: signed with the key of a service account, or by Google; the key set stands for both. */
export class GoogleAuth implements AuthMethod {
  readonly #roles = new Named();
  #keys: KeySet = { keys: [] };

  handle({ operation, body }: VaultCall, path: string): VaultAnswer {
    if (operation !== 'write') throw absent();
    if (path === 'config') this.#keys = body as unknown as KeySet;
    else this.#roles.put(path.replace(/^role\//, ''), body);
    return noContent;
  }

  async login({ body }: VaultCall): Promise<Grant> {
    const name = text(body, 'role');
    const role = this.#roles.get(name);
    if (role === undefined) throw new VaultFault(400, `role "${name}" not found`);
    const { payload } = await jwtVerify(text(body, 'jwt'), createLocalJWKSet(this.#keys)).catch(() => {
      throw new VaultFault(400, 'unable to parse and verify JWT');
    });
    const [audience = ''] = [payload.aud ?? []].flat();
    if (!/^(https?:\/\/)?vault\//.test(audience) || !audience.endsWith(`vault/${name}`))
      throw new VaultFault(400, `role requires JWT audience to end with "vault/${name}"`);
    const isLong = (payload.exp ?? 0) > Date.now() / 1_000 + 15 * 60;
    if (isLong) throw new VaultFault(400, 'role requires that service account JWTs expire within 15 minutes');
    if (!texts(role, 'bound_service_accounts').includes(payload.sub ?? '')) throw denied();
    return grantOf(role);
  }
}
