/** One namespace of the Vault server of tests: mounts, auth methods and policies of its own. */
import type { X509Certificate } from 'node:crypto';
import { AwsAuth } from './vault-aws.ts';
import { Database } from './vault-database.ts';
import { GoogleAuth, Jwts, KubernetesAuth } from './vault-jwts.ts';
import { type Engine, KvVersion1, KvVersion2 } from './vault-kv.ts';
import { AppRole, type AuthMethod, Certificates, type Grant, grantOf, Passwords } from './vault-logins.ts';
import { Policies } from './vault-policies.ts';
import { authOf, type IssuedToken, remainingSeconds, type Tokens } from './vault-tokens.ts';
import {
  denied,
  envelope,
  noContent,
  seconds,
  text,
  type VaultAnswer,
  type VaultCall,
  VaultFault,
} from './vault-wire.ts';

const methods: Readonly<Record<string, () => AuthMethod>> = {
  approle: () => new AppRole(),
  aws: () => new AwsAuth(),
  cert: () => new Certificates(),
  gcp: () => new GoogleAuth(),
  jwt: () => new Jwts(),
  kubernetes: () => new KubernetesAuth(),
  ldap: () => new Passwords(),
  userpass: () => new Passwords(),
};

export class VaultNamespace {
  readonly #name: string;
  readonly #tokens: Tokens;
  readonly #policies = new Policies();
  readonly #engines = new Map<string, Engine>();
  readonly #auths = new Map<string, AuthMethod>();

  constructor(name: string, tokens: Tokens) {
    this.#name = name;
    this.#tokens = tokens;
    // As a Vault in dev mode.
    this.#engines.set('secret', new KvVersion2());
  }

  auth(mount: string): AuthMethod {
    const auth = this.#auths.get(mount);
    if (auth === undefined) throw new Error(`no auth method is mounted at ${mount}`);
    return auth;
  }

  async handle(call: VaultCall, peer: X509Certificate | undefined): Promise<VaultAnswer> {
    const [, mount = '', login] = /^auth\/(.+?)\/login(?:\/(.*))?$/.exec(call.path) ?? [];
    const method = this.#auths.get(mount);
    if (method !== undefined) return this.#grant(`auth/${mount}`, await method.login(call, login ?? '', peer));
    const token = this.#authorize(call);
    if (call.path.startsWith('sys/')) return this.#system(call, token);
    if (call.path.startsWith('auth/token/')) return this.#token(call, token);
    if (call.path.startsWith('auth/')) return this.#configure(call);
    const [engineMount, engine] = this.#find(this.#engines, call.path);
    return engine.handle(call, call.path.slice(engineMount.length + 1));
  }

  #grant(origin: string, grant: Grant): VaultAnswer {
    return envelope({ auth: authOf(this.#tokens.issue({ ...grant, origin, namespace: this.#name })) });
  }

  /** @throws VaultFault 403 */
  #authorize({ token: id, operation, path }: VaultCall): IssuedToken {
    const token = this.#tokens.find(id);
    // A token is good in its own namespace and in those within it.
    const isHere = token.namespace === '' || `${this.#name}/`.startsWith(`${token.namespace}/`);
    const isOpen = path === 'sys/internal/ui/mounts';
    if (!isHere) throw denied();
    // To a token that is good it is said in other words, but nobody promises so.
    if (!isOpen && !this.#policies.allows(token.policies, operation, path))
      throw new VaultFault(403, '1 error occurred:\n\t* permission denied\n\n');
    return token;
  }

  #system(call: VaultCall, { policies }: IssuedToken): VaultAnswer {
    const { path, body } = call;
    const [, kind, name = ''] =
      /^sys\/(mounts|auth|policies\/acl|leases|internal\/ui\/mounts)\/?(.*)$/.exec(path) ?? [];
    switch (kind) {
      case 'mounts':
        this.#engines.set(name, this.#engineOf(name, body));
        return noContent;
      case 'auth':
        this.#auths.set(name, methodOf(text(body, 'type')));
        return noContent;
      case 'policies/acl':
        this.#policies.put(name, text(body, 'policy'));
        return noContent;
      case 'leases':
        return this.#lease(name, text(body, 'lease_id'));
      case 'internal/ui/mounts':
        return this.#mounts(policies);
      default:
        throw new VaultFault(404, 'unsupported path');
    }
  }

  #engineOf(mount: string, body: VaultCall['body']): Engine {
    if (text(body, 'type') === 'database') return new Database(mount, this.#tokens);
    const { version = '1' } = (body['options'] ?? {}) as { version?: string };
    return version === '2' ? new KvVersion2() : new KvVersion1();
  }

  #mounts(policies: readonly string[]): VaultAnswer {
    const visible = [...this.#engines].filter(([mount]) => this.#policies.sees(policies, `${mount}/`));
    const secret = visible.map(([mount, { type, options }]) => [`${mount}/`, { type, options, description: '' }]);
    return envelope({ data: { auth: {}, secret: Object.fromEntries(secret) } });
  }

  #lease(operation: string, id: string): VaultAnswer {
    if (operation.startsWith('revoke-prefix/')) {
      this.#tokens.revokePrefix(`${operation.slice('revoke-prefix/'.length)}/`);
      return noContent;
    }
    const lease = this.#tokens.leases.get(id);
    if (lease === undefined) throw new VaultFault(400, 'invalid lease');
    if (operation === 'revoke') {
      this.#tokens.revokeLease(id);
      return noContent;
    }
    return envelope({ data: { id, ttl: remainingSeconds(lease), renewable: true } });
  }

  #token({ path, body, operation }: VaultCall, token: IssuedToken): VaultAnswer {
    switch (path.slice('auth/token/'.length)) {
      case 'create': {
        const grant = grantOf({ token_ttl: seconds(body, 'ttl', 2_764_800), token_max_ttl: body['explicit_max_ttl'] });
        const policies = ['default', ...((body['policies'] ?? []) as readonly string[])];
        const type = text(body, 'type') === 'batch' ? 'batch' : 'service';
        const renewable = body['renewable'] !== false;
        const issued = this.#tokens.issue({ ...grant, policies, type, renewable, namespace: this.#name });
        return envelope({ auth: authOf(issued) });
      }
      case 'lookup-self':
        return envelope({
          data: { id: token.id, policies: token.policies, ttl: remainingSeconds(token), renewable: token.renewable },
        });
      case 'renew-self':
        return envelope({ auth: authOf(this.#tokens.renew(token.id, seconds(body, 'increment', 0))) });
      case 'revoke-self':
        if (token.type === 'batch') throw new VaultFault(400, 'batch tokens cannot be revoked');
        this.#tokens.revoke(token.id);
        return noContent;
      case 'revoke':
        this.#tokens.revoke(text(body, 'token'));
        return noContent;
      default:
        throw new VaultFault(operation === 'read' ? 404 : 405, 'unsupported operation');
    }
  }

  #configure(call: VaultCall): VaultAnswer | Promise<VaultAnswer> {
    const path = call.path.slice('auth/'.length);
    const [mount, method] = this.#find(this.#auths, path);
    return method.handle(call, path.slice(mount.length + 1));
  }

  /** @throws VaultFault 404, with a reason: it is not a secret that is missing */
  #find<T>(mounted: ReadonlyMap<string, T>, path: string): readonly [string, T] {
    const found = [...mounted].filter(([mount]) => path.startsWith(`${mount}/`));
    const [longest] = found.sort(([left], [right]) => right.length - left.length);
    if (longest === undefined) throw new VaultFault(404, `no handler for route "${path}". route entry not found.`);
    return longest;
  }
}

function methodOf(type: string): AuthMethod {
  const make = methods[type];
  if (make === undefined) throw new VaultFault(400, `plugin not found in the catalog: ${type}`);
  return make();
}
