/** From a request's credentials to its user: the administrator's token, tokens of ServiceAccounts, impersonation. */

import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { joinKey } from '../../runtime/key.ts';
import type { Catalog } from '../catalog.ts';
import { membersOf } from '../object.ts';
import { unauthorized } from '../status.ts';
import type { TokenIssuer } from './tokens.ts';
import { administrator, serviceAccountUser, type User } from './user.ts';

export interface AuthenticationOptions {
  readonly adminToken: string;
  readonly tokens: TokenIssuer;
  readonly catalog: Catalog;
}

export class Authentication {
  readonly #options: AuthenticationOptions;

  constructor(options: AuthenticationOptions) {
    this.#options = options;
  }

  /** @throws StatusError 401 */
  async userOf(headers: IncomingHttpHeaders): Promise<User> {
    const [, token] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
    if (token === undefined) throw unauthorized();
    const user = this.#isAdmin(token) ? administrator : await this.reviewed(token, [this.#options.tokens.issuer]);
    if (user === undefined) throw unauthorized();
    return impersonated(headers) ?? user;
  }

  /** Whose token it is; undefined when it is nobody's, or not for one of the audiences. */
  async reviewed(token: string, audiences: readonly string[]): Promise<User | undefined> {
    const { tokens, catalog } = this.#options;
    const claims = membersOf((await tokens.verify(token, audiences))?.['kubernetes.io']);
    const { namespace } = claims;
    const { name, uid } = membersOf(claims['serviceaccount']);
    if (typeof namespace !== 'string' || typeof name !== 'string' || typeof uid !== 'string') return undefined;
    const account = catalog.find('', 'v1', 'serviceaccounts')?.objects.get(joinKey(namespace, name));
    return account?.metadata.uid === uid ? serviceAccountUser(namespace, name, uid) : undefined;
  }

  #isAdmin(token: string): boolean {
    const [given, expected] = [Buffer.from(token), Buffer.from(this.#options.adminToken)];
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}

function impersonated(headers: IncomingHttpHeaders): User | undefined {
  const username = headers['impersonate-user'];
  if (typeof username !== 'string') return undefined;
  const groups = headers['impersonate-group'];
  const list = typeof groups === 'string' ? groups.split(',').map((group) => group.trim()) : (groups ?? []);
  return { username, groups: [...list, 'system:authenticated'] };
}
