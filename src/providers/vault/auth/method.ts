/** The ways to be somebody at a Vault. */

/** One request to the `login` path of an auth method. */
export interface LoginRequest {
  /** Below `/v1/`. */
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A way to a token of our own. */
export interface LoginMethod {
  /** All that the token depends on, secrets only as hashes: two methods with one identity make equal tokens. */
  readonly identity: readonly unknown[];
  /** What to send; made anew for each login, as most of what proves an identity lives for minutes. */
  request(signal: AbortSignal): Promise<LoginRequest>;
}

export type Authentication =
  | { readonly kind: 'anonymous' }
  /** Somebody else made the token, and looks after it. */
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'login'; readonly method: LoginMethod };

/** @param mount of the auth method, as users write it */
export function loginPath(mount: string, ...rest: readonly string[]): string {
  return ['auth', mount.replace(/^\/+|\/+$/g, ''), 'login', ...rest].join('/');
}
