/** Auth methods that know a password of some kind: AppRole, userpass and LDAP, TLS certificates. */
import { randomUUID, X509Certificate } from 'node:crypto';
import type { TokenOptions } from './vault-tokens.ts';
import {
  absent,
  denied,
  envelope,
  noContent,
  seconds,
  text,
  texts,
  type VaultAnswer,
  type VaultCall,
  VaultFault,
} from './vault-wire.ts';

/** What a login grants. */
export type Grant = Omit<TokenOptions, 'namespace'>;

/** An auth method, which is asked for paths below its mount. */
export interface AuthMethod {
  /** Setting it up; needs rights. */
  handle(call: VaultCall, path: string): VaultAnswer | Promise<VaultAnswer>;
  /** @param path below `login` */
  login(call: VaultCall, path: string, peer: X509Certificate | undefined): Grant | Promise<Grant>;
}

const monthSeconds = 768 * 3_600;

/** The settings that all roles have. */
export function grantOf(role: Readonly<Record<string, unknown>>): Grant {
  const policies = ['default', ...texts(role, 'token_policies'), ...texts(role, 'policies')];
  const type = text(role, 'token_type') === 'batch' ? 'batch' : 'service';
  // 0 means: as the mount has it.
  const maxTtlSeconds = seconds(role, 'token_max_ttl', 0) || monthSeconds;
  return { policies, ttlSeconds: seconds(role, 'token_ttl', 0) || monthSeconds, maxTtlSeconds, type };
}

/** Roles, users: whatever is written to `<kind>/<name>`. */
export class Named {
  readonly #entries = new Map<string, Readonly<Record<string, unknown>>>();

  put(name: string, entry: Readonly<Record<string, unknown>>): VaultAnswer {
    this.#entries.set(name, entry);
    return noContent;
  }

  delete(name: string): VaultAnswer {
    this.#entries.delete(name);
    return noContent;
  }

  get(name: string): Readonly<Record<string, unknown>> | undefined {
    return this.#entries.get(name);
  }

  [Symbol.iterator](): IterableIterator<[string, Readonly<Record<string, unknown>>]> {
    return this.#entries[Symbol.iterator]();
  }
}

export class AppRole implements AuthMethod {
  readonly #roles = new Map<
    string,
    { readonly id: string; readonly settings: VaultCall['body']; secretIds: string[] }
  >();

  handle({ operation, body }: VaultCall, path: string): VaultAnswer {
    const [, name = '', what] = /^role\/([^/]+)(?:\/(.*))?$/.exec(path) ?? [];
    if (what === undefined && operation === 'write') {
      this.#roles.set(name, { id: randomUUID(), settings: body, secretIds: [] });
      return noContent;
    }
    const role = this.#roles.get(name);
    if (role === undefined) throw absent();
    if (what === 'role-id') return envelope({ data: { role_id: role.id } });
    if (what !== 'secret-id') throw absent();
    const secretId = randomUUID();
    role.secretIds.push(secretId);
    return envelope({ data: { secret_id: secretId } });
  }

  login({ body }: VaultCall): Grant {
    const role = [...this.#roles.values()].find(({ id }) => id === text(body, 'role_id'));
    if (role?.secretIds.includes(text(body, 'secret_id')) !== true)
      throw new VaultFault(400, 'invalid role or secret ID');
    return grantOf(role.settings);
  }
}

/** Also stands for LDAP, whose users are written here as those of userpass are. */
export class Passwords implements AuthMethod {
  readonly #users = new Named();

  handle({ operation, body }: VaultCall, path: string): VaultAnswer {
    const [, name] = /^users\/([^/]+)$/.exec(path) ?? [];
    if (name === undefined || !['write', 'delete'].includes(operation)) throw absent();
    return operation === 'delete' ? this.#users.delete(name) : this.#users.put(name.toLowerCase(), body);
  }

  login({ body }: VaultCall, name: string): Grant {
    const user = this.#users.get(name.toLowerCase());
    if (user === undefined || text(user, 'password') !== text(body, 'password'))
      throw new VaultFault(400, 'invalid username or password');
    return grantOf(user);
  }
}

export class Certificates implements AuthMethod {
  readonly #certificates = new Named();

  handle({ operation, body }: VaultCall, path: string): VaultAnswer {
    const [, name] = /^certs\/([^/]+)$/.exec(path) ?? [];
    if (name === undefined || operation !== 'write') throw absent();
    return this.#certificates.put(name, body);
  }

  login({ body }: VaultCall, _path: string, peer: X509Certificate | undefined): Grant {
    if (peer === undefined) throw new VaultFault(400, 'client certificate must be supplied');
    const wanted = text(body, 'name');
    for (const [name, entry] of this.#certificates) {
      const known = new X509Certificate(text(entry, 'certificate'));
      if ((wanted === '' || wanted === name) && known.fingerprint256 === peer.fingerprint256) return grantOf(entry);
    }
    throw denied();
  }
}
