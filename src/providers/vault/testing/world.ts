/** A Vault to test with, ours or the real one, and stores on it. */
import { FakeVault } from '../../../../test/support/vault.ts';
import { VaultAdmin } from '../../../../test/support/vault-admin.ts';
import { startVaultServer } from '../../../../test/support/vaultserver.ts';
import { connectForTest, type TestConnectOptions, type TestContext } from '../../../provider/testing/connect.ts';
import { MemoryObjects } from '../../../provider/testing/memoryobjects.ts';
import { VaultClient } from '../client.ts';
import { provider } from '../index.ts';

export interface VaultWorld {
  readonly url: string;
  readonly admin: VaultAdmin;
  stop(): Promise<void>;
}

export interface WorldOptions {
  /** PEM; absent: plain http. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** What a suite is started with. */
export type StartWorld = (options?: WorldOptions) => Promise<VaultWorld>;

export async function startFakeWorld(options?: WorldOptions): Promise<VaultWorld & { readonly vault: FakeVault }> {
  const vault = await FakeVault.start(options);
  return { url: vault.url, vault, admin: new VaultAdmin(vault.url, vault.rootToken), stop: () => vault.stop() };
}

/** @throws NoGoError when the server has to be built and cannot */
export async function startRealWorld(options?: WorldOptions): Promise<VaultWorld> {
  const server = await startVaultServer(options);
  return { ...server, admin: new VaultAdmin(server.url, server.rootToken) };
}

/** Objects with a token in Secret `credentials`; default: that of root. */
export function objectsWith(token = 'root'): MemoryObjects {
  const objects = new MemoryObjects();
  objects.putSecret('test/credentials', { data: { token: `${token}\n` } });
  return objects;
}

export const tokenAuth = { tokenSecretRef: { name: 'credentials', key: 'token' } };

export interface OpenStore extends TestContext, AsyncDisposable {
  readonly client: VaultClient;
}

/** A client of a store on `secret/`, version 2, as root unless the spec says otherwise; closed at the end of the block. */
export async function openStore(
  { url }: Pick<VaultWorld, 'url'>,
  spec: Readonly<Record<string, unknown>> = {},
  options: TestConnectOptions = {},
): Promise<OpenStore> {
  const whole = { server: url, path: 'secret', auth: tokenAuth, ...spec };
  const test = await connectForTest(provider, whole, { objects: objectsWith(), ...options });
  const { client } = test;
  if (!(client instanceof VaultClient)) throw new Error('the store could not be resolved');
  return {
    ...test,
    client,
    async [Symbol.asyncDispose]() {
      await test.client.close();
      if (options.sessions === undefined) await test.sessions.close();
    },
  };
}

export const never = new AbortController().signal;
