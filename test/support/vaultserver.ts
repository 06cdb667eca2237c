/** A real Vault on 127.0.0.1, unsealed, with a root token, in memory. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Component, killComponent, logOf, startComponent } from './component.ts';
import { buildGoBinary, type GoModule } from './gobinary.ts';

export const vaultModule: GoModule = {
  name: 'vault-server',
  binary: 'vault-server',
  ldflags: '-s -w',
  duration: '4 to 9 minutes the first time, on two cores',
};

export interface VaultServerOptions {
  /** PEM; absent: plain http. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

export interface VaultServer {
  readonly url: string;
  readonly rootToken: string;
  stop(): Promise<void>;
}

const rootToken = 'root';
const readyTimeoutMs = 30_000;

/** @throws NoGoError when it has to be built and cannot */
export async function startVaultServer({ tls }: VaultServerOptions = {}): Promise<VaultServer> {
  const command = await buildGoBinary(vaultModule);
  const folder = await mkdtemp(join(tmpdir(), 'external-secrets-vault-'));
  const address = `127.0.0.1:${await freePort()}`;
  const files = tls === undefined ? [] : await writeTlsFiles(folder, tls);
  const args = ['-addr', address, '-root-token', rootToken, '-log-level', 'error', ...files];
  const component: Component = { name: 'vault', folder, command, args };
  const url = `${tls === undefined ? 'http' : 'https'}://${address}`;
  await startComponent(component);
  await untilReady(url, component);
  return {
    url,
    rootToken,
    async stop() {
      await killComponent(component);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function writeTlsFiles(folder: string, { cert, key }: NonNullable<VaultServerOptions['tls']>): Promise<string[]> {
  const [certFile, keyFile] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  await writeFile(certFile, cert);
  await writeFile(keyFile, key, { mode: 0o600 });
  return ['-tls-cert', certFile, '-tls-key', keyFile];
}

async function untilReady(url: string, component: Component): Promise<void> {
  for (const startedAt = Date.now(); !(await isReady(url)); await wait(50)) {
    if (Date.now() - startedAt < readyTimeoutMs) continue;
    const log = await logOf(component);
    await killComponent(component);
    throw new Error(`Vault is not ready: ${log}`);
  }
}

function isReady(url: string): Promise<boolean> {
  const open = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const health = `${url}/v1/sys/health`;
    // Only whether it answers: the certificate may be signed by anybody.
    open(health, { rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    })
      .on('error', () => resolve(false))
      .end();
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    // A server that listens on TCP has an address of this form.
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}
