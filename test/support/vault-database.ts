/** A database engine whose database is a list of users in memory. */
import { randomBytes } from 'node:crypto';
import type { Engine } from './vault-kv.ts';
import type { Tokens } from './vault-tokens.ts';
import { envelope, noContent, seconds, type VaultAnswer, type VaultCall, VaultFault } from './vault-wire.ts';

interface Role {
  readonly ttlSeconds: number;
}

export class Database implements Engine {
  readonly type = 'database';
  readonly options = null;
  readonly #tokens: Tokens;
  readonly #mount: string;
  readonly #roles = new Map<string, Role>();
  readonly #users = new Map<string, string>();

  constructor(mount: string, tokens: Tokens) {
    this.#mount = mount;
    this.#tokens = tokens;
  }

  handle(call: VaultCall, path: string): VaultAnswer {
    const [, part, name = ''] = /^([^/]*)\/?(.*)$/.exec(path) ?? [];
    if (part === 'config' && call.operation === 'write') return noContent;
    if (part === 'roles' && call.operation === 'write') {
      this.#roles.set(name, { ttlSeconds: seconds(call.body, 'default_ttl', 3_600) });
      return noContent;
    }
    if (part === 'creds' && call.operation === 'read') return this.#credentials(name, call.token);
    throw new VaultFault(404, `no handler for route "${this.#mount}/${path}". route entry not found.`);
  }

  #credentials(roleName: string, token: string): VaultAnswer {
    const role = this.#roles.get(roleName);
    if (role === undefined) throw new VaultFault(400, `unknown role: ${roleName}`);
    const username = `v-token-${roleName}-${randomBytes(10).toString('hex')}`;
    const password = randomBytes(15).toString('base64url');
    this.#users.set(username, password);
    const leaseId = `${this.#mount}/creds/${roleName}/${randomBytes(12).toString('hex')}`;
    this.#tokens.lease(leaseId, token, role.ttlSeconds, () => void this.#users.delete(username));
    return envelope({
      lease_id: leaseId,
      lease_duration: role.ttlSeconds,
      renewable: true,
      data: { username, password },
    });
  }
}
