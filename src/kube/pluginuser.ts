/** Users whose credentials come from a command or an identity provider, by the authenticators of client-node. */
import type { User } from '@kubernetes/client-node';
import type { Credentials } from './credentials.ts';
import type { KubeconfigContext } from './kubeconfig.ts';

/** What the authenticators have in common; they write into the request options that they are given. */
interface Authenticator {
  applyAuthentication(user: User, options: AppliedOptions): Promise<void>;
}

interface AppliedOptions {
  headers: Record<string, string>;
  cert?: string;
  key?: string;
}

/**
 * One module each: the package's index costs 0.7 s and 90 MB, the command runner 3 ms and 5 MB. OpenID Connect is the
 * one that needs most of the package.
 */
async function loadAuthenticator(context: KubeconfigContext): Promise<Authenticator> {
  if (context.user.exec != null) {
    const { ExecAuth } = await import('@kubernetes/client-node/dist/exec_auth.js');
    return new ExecAuth();
  }
  const name = context.user['auth-provider']?.name;
  switch (name) {
    case 'oidc': {
      const { OpenIDConnectAuth } = await import('@kubernetes/client-node/dist/oidc_auth.js');
      return new OpenIDConnectAuth();
    }
    case 'azure': {
      const { AzureAuth } = await import('@kubernetes/client-node/dist/azure_auth.js');
      return new AzureAuth();
    }
    case 'gcp': {
      const { GoogleCloudPlatformAuth } = await import('@kubernetes/client-node/dist/gcp_auth.js');
      return new GoogleCloudPlatformAuth();
    }
    default:
      throw new Error(`the kubeconfig's user ${context.userName} has an auth-provider that is not known: ${name}`);
  }
}

export class PluginUser implements Credentials {
  readonly #context: KubeconfigContext;
  readonly #user: User;
  #authenticator: Promise<Authenticator> | undefined;
  #asking: Promise<AppliedOptions> | undefined;

  constructor(context: KubeconfigContext) {
    this.#context = context;
    this.#user = pluginUser(context);
  }

  async authorization(): Promise<string | undefined> {
    const { headers } = await this.#credentials();
    return headers['Authorization'];
  }

  async certificate(): Promise<{ cert?: string | undefined; key?: string | undefined }> {
    const { cert, key } = await this.#credentials();
    return { cert, key };
  }

  /** A new authenticator remembers nothing. */
  refused(): void {
    this.#authenticator = undefined;
  }

  /** The authenticators keep what they got until it expires; those who ask meanwhile share one run of the command. */
  #credentials(): Promise<AppliedOptions> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<AppliedOptions> {
    this.#authenticator ??= loadAuthenticator(this.#context);
    const applied: AppliedOptions = { headers: {} };
    await (await this.#authenticator).applyAuthentication(this.#user, applied);
    return applied;
  }
}

function pluginUser(context: KubeconfigContext): User {
  const { exec, 'auth-provider': authProvider } = context.user;
  if (exec == null) return { name: context.userName, authProvider };
  // The protocol's way to tell a command which version it is asked in; client-node leaves it out.
  const info = { apiVersion: exec.apiVersion, kind: 'ExecCredential', spec: { interactive: false } };
  const env = [...(exec.env ?? []), { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }];
  return { name: context.userName, exec: { ...exec, args: exec.args ?? [], env } };
}
