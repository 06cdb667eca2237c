/** How a kubeconfig's user proves who they are. */
import { readFile } from 'node:fs/promises';
import type { Clock } from '../lib/clock.ts';
import type { KubeconfigContext, KubeconfigUser } from './kubeconfig.ts';
import { PluginUser } from './pluginuser.ts';
import { TokenFile } from './tokenfile.ts';

export interface Credentials {
  authorization(): string | undefined | Promise<string | undefined>;
  /** PEM. */
  certificate(): Promise<{ readonly cert?: string | undefined; readonly key?: string | undefined }>;
  refused(): void;
}

/** Tokens and certificates directly; commands and identity providers by client-node's plugins. */
export function credentialsOf(context: KubeconfigContext, clock: Clock): Credentials {
  const { user } = context;
  if (user.exec != null || user['auth-provider'] != null) return new PluginUser(context);
  if (user.tokenFile !== undefined) {
    const file = new TokenFile(user.tokenFile, clock);
    return {
      authorization: () => file.authorization(),
      certificate: () => certificateOf(user),
      refused: () => file.expire(),
    };
  }
  const authorization = staticAuthorization(user);
  return { authorization: () => authorization, certificate: () => certificateOf(user), refused() {} };
}

/** Base64 data wins over a file, as with kubectl. */
export async function pemOf(data: string | undefined, path: string | undefined): Promise<string | undefined> {
  if (data !== undefined && data !== '') return Buffer.from(data, 'base64').toString('utf8');
  return path === undefined || path === '' ? undefined : await readFile(path, 'utf8');
}

function staticAuthorization(user: KubeconfigUser): string | undefined {
  if (user.token !== undefined && user.token !== '') return `Bearer ${user.token}`;
  if (user.username === undefined || user.username === '') return undefined;
  return `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`;
}

async function certificateOf(user: KubeconfigUser): Promise<{ cert: string | undefined; key: string | undefined }> {
  return {
    cert: await pemOf(user['client-certificate-data'], user['client-certificate']),
    key: await pemOf(user['client-key-data'], user['client-key']),
  };
}
