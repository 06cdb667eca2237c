/** Who may do what: policies in Vault's JSON form, on paths with `+` and a `*` at the end. */

type Capability = 'create' | 'read' | 'update' | 'delete' | 'list' | 'sudo' | 'deny';
type Rules = Readonly<Record<string, readonly Capability[]>>;

/** What every token may do, as far as this server knows the paths. */
const defaultRules: Rules = {
  'auth/token/lookup-self': ['read'],
  'auth/token/renew-self': ['update'],
  'auth/token/revoke-self': ['update'],
  'cubbyhole/*': ['create', 'read', 'update', 'delete', 'list'],
};

const capabilities = { read: ['read'], list: ['list'], write: ['create', 'update'], delete: ['delete'] } as const;

export class Policies {
  readonly #policies = new Map<string, Rules>([['default', defaultRules]]);

  /** @param policy `{"path": {"secret/*": {"capabilities": [...]}}}` */
  put(name: string, policy: string): void {
    const { path } = JSON.parse(policy) as { path: Readonly<Record<string, { capabilities: readonly Capability[] }>> };
    const rules = Object.entries(path).map(([pattern, rule]) => [pattern, rule.capabilities] as const);
    this.#policies.set(name, Object.fromEntries(rules));
  }

  allows(policies: readonly string[], operation: keyof typeof capabilities, path: string): boolean {
    if (policies.includes('root')) return true;
    const wanted: readonly Capability[] = capabilities[operation];
    return this.#rules(policies).some(
      ([pattern, granted]) => matches(pattern, path) && wanted.some((capability) => granted.includes(capability)),
    );
  }

  /** Whether anything below a mount may be done: then the mount is visible. */
  sees(policies: readonly string[], mount: string): boolean {
    if (policies.includes('root')) return true;
    return this.#rules(policies).some(([pattern]) => pattern.startsWith(mount));
  }

  #rules(policies: readonly string[]): readonly (readonly [string, readonly Capability[]])[] {
    return policies.flatMap((name) => Object.entries(this.#policies.get(name) ?? {}));
  }
}

function matches(pattern: string, path: string): boolean {
  const isPrefix = pattern.endsWith('*');
  const segments = (isPrefix ? pattern.slice(0, -1) : pattern).split('/').map((segment) => {
    return segment === '+' ? '[^/]+' : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${segments.join('/')}${isPrefix ? '' : '$'}`).test(path);
}
