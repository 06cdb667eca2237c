/**
 * The image, as far as it can be had without a container runtime: exactly its files, on a root that cannot be written,
 * run by a user without a name or a home.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsServer, startAws, testKey } from '../support/aws.ts';
import { type AzureServer, startAzure, testApp, testTenant } from '../support/azure.ts';
import { freePorts } from '../support/controlplane.ts';
import { eventually } from '../support/eventually.ts';
import { GcpServer } from '../support/gcp.ts';
import { layImageOut } from '../support/imagefiles.ts';
import { FakeVault, rootToken } from '../support/vault.ts';
import { VaultAdmin } from '../support/vault-admin.ts';
import { startWorld, type World } from '../support/world.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** `nobody`, as the Dockerfile's USER; only root can become somebody else. */
const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

let folder: string;
let image: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'external-secrets-image-'));
  image = join(folder, 'app');
  await layImageOut(image);
  await cp(process.execPath, join(folder, 'node'));
  await chmod(folder, 0o755);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess {
  const command = [join(image, 'dist', 'main.js'), ...args];
  // As in a container: no home, nothing of who started it.
  const env = { NODE_ENV: 'production', ...environment };
  return spawn(join(folder, 'node'), command, { ...user, cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function run(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  const child = start(args);
  const output = collect(child);
  const [code] = (await once(child, 'close')) as [number];
  return { code, output: output() };
}

function collect(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  return () => output;
}

describe('the image', () => {
  it.each([[], ['webhook'], ['certcontroller'], ['render'], ['dev']])('says what it can do: %s', async (...command) => {
    expect(await run(...command, '--help')).toMatchObject({ code: 0, output: expect.stringContaining('Usage:') });
  });

  it('holds no package that is there for building and testing alone', async () => {
    const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
      readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
    };
    const installed = (await readdir(join(image, 'node_modules'))).map((name) => `node_modules/${name}`);
    expect(installed.length).toBeGreaterThan(50);
    expect(installed.filter((path) => lock.packages[path]?.dev === true)).toEqual([]);
  });

  it('knows its own parts: each package that it holds is in its bill of materials, and nothing else', async () => {
    const { components } = JSON.parse(await readFile(join(image, 'sbom.json'), 'utf8')) as {
      readonly components: readonly { readonly name: string; readonly purl: string }[];
    };
    const names = new Set(components.map(({ name }) => name));
    const folders = (await readdir(join(image, 'node_modules'))).filter((name) => !name.startsWith('@'));
    // A package may be installed under another name than its own.
    const held = await Promise.all(folders.map(nameOf));
    expect(held.filter((name) => !names.has(name))).toEqual([]);
    for (const bundled of ['zod', '@aws-sdk/client-secrets-manager', 'undici']) expect(names).toContain(bundled);
    for (const absent of ['vitest', 'typescript', 'esbuild']) expect(names).not.toContain(absent);
    expect(components.every(({ purl }) => purl.startsWith('pkg:npm/'))).toBe(true);
  });

  it('is made by the Dockerfile of what is tested here', async () => {
    const dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8');
    expect(dockerfile).toContain('RUN node scripts/build.mjs && node scripts/image-files.mjs /image');
    expect(dockerfile).toContain('COPY --from=build /image /app');
    expect(dockerfile).toContain('USER 65534:65534');
    expect(dockerfile).toContain('ENTRYPOINT ["node", "/app/dist/main.js"]');
  });
});

async function nameOf(installed: string): Promise<string> {
  const description = await readFile(join(image, 'node_modules', installed, 'package.json'), 'utf8');
  return (JSON.parse(description) as { readonly name: string }).name;
}

describe('an operator from the image', () => {
  let world: World;
  let aws: AwsServer;
  let azure: AzureServer;
  let google: GcpServer;
  let vault: FakeVault;
  let operator: ChildProcess;
  let output: () => string;
  let namespace: string;

  beforeAll(async () => {
    world = await startWorld();
    [aws, azure, google, vault] = await Promise.all([startAws({}), startAzure(), GcpServer.start(), FakeVault.start()]);
    namespace = await world.createNamespace('image');
    aws.putSecret('word', 'from aws');
    azure.putSecret('word', 'from azurekv');
    google.secrets.put('projects/test-project/secrets/word', Buffer.from('from gcpsm'));
    const admin = new VaultAdmin(vault.url, rootToken);
    await admin.write('sys/mounts/secret', { type: 'kv', options: { version: '2' } });
    await admin.write('secret/data/word', { data: { value: 'from vault' } });
    const key = google.createServiceAccount('reader@test-project.iam.gserviceaccount.com');
    await world.apply(
      storesOf({ namespace, azureUrl: azure.url, vaultUrl: vault.url, googleKey: key, serverUrl: world.url }),
    );
    operator = await startOperator();
    output = collect(operator);
  });

  afterAll(async () => {
    operator.kill('SIGTERM');
    await Promise.all([aws.stop(), azure.stop(), google.stop(), vault.stop()]);
    await world.stop();
  });

  async function startOperator(): Promise<ChildProcess> {
    const files = { kubeconfig: await readFile(world.kubeconfigPath, 'utf8'), 'ca.crt': azure.ca };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text, { mode: 0o644 });
    const environment = {
      ...aws.env(),
      ...google.environment(),
      AZURE_AUTHORITY_HOST: azure.url,
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.crt'),
      KUBECONFIG: join(folder, 'kubeconfig'),
    };
    const [live] = await freePorts(1);
    return start(
      ['--concurrent=1', '--metrics-addr=0', `--live-addr=127.0.0.1:${live}`, `--namespace=${namespace}`],
      environment,
    );
  }

  it.each(['aws', 'azurekv', 'gcpsm', 'vault', 'fake'])('finds all files that %s needs', async (provider) => {
    await eventually(async () => {
      const name = ['get', 'secret', provider, '--namespace', namespace, '--output', 'jsonpath={.data.word}'];
      const { stdout } = await world.kubectl(...name);
      expect(Buffer.from(stdout, 'base64').toString(), output().slice(-2_000)).toBe(`from ${provider}`);
    }, 60_000);
  });
});

interface Servers {
  readonly namespace: string;
  readonly azureUrl: string;
  readonly vaultUrl: string;
  readonly googleKey: string;
  readonly serverUrl: string;
}

function storesOf({ namespace, azureUrl, vaultUrl, googleKey }: Servers): string {
  const key = (name: string): object => ({ name: 'credentials', key: name });
  const providers: Readonly<Record<string, object>> = {
    aws: {
      service: 'SecretsManager',
      region: 'us-east-1',
      auth: { secretRef: { accessKeyIDSecretRef: key('awsId'), secretAccessKeySecretRef: key('awsKey') } },
    },
    azurekv: {
      vaultUrl: azureUrl,
      tenantId: testTenant,
      authSecretRef: { clientId: key('azureId'), clientSecret: key('azureSecret') },
    },
    gcpsm: { projectID: 'test-project', auth: { secretRef: { secretAccessKeySecretRef: key('google') } } },
    vault: { server: vaultUrl, path: 'secret', version: 'v2', auth: { tokenSecretRef: key('vault') } },
    fake: { data: [{ key: 'word', value: 'from fake' }] },
  };
  const stringData = {
    awsId: testKey.accessKeyId,
    awsKey: testKey.secretAccessKey,
    azureId: testApp.clientId,
    azureSecret: testApp.clientSecret,
    google: googleKey,
    vault: rootToken,
  };
  const credentials = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'credentials', namespace }, stringData };
  const objects = Object.entries(providers).flatMap(([name, spec]) => storeAndSecret(name, namespace, spec));
  return [credentials, ...objects].map((object) => JSON.stringify(object)).join('\n---\n');
}

function storeAndSecret(name: string, namespace: string, spec: object): readonly object[] {
  const apiVersion = 'external-secrets.io/v1';
  const remoteRef = name === 'vault' ? { key: 'word', property: 'value' } : { key: 'word' };
  return [
    { apiVersion, kind: 'SecretStore', metadata: { name, namespace }, spec: { provider: { [name]: spec } } },
    {
      apiVersion,
      kind: 'ExternalSecret',
      metadata: { name, namespace },
      spec: { secretStoreRef: { name, kind: 'SecretStore' }, data: [{ secretKey: 'word', remoteRef }] },
    },
  ];
}
