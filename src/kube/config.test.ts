import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../runtime/testing/fakeclock.ts';
import { type ClusterEnvironment, loadConnection } from './config.ts';
import type { ClusterConnection } from './connection.ts';

let folder: string;
let clock: FakeClock;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
  clock = new FakeClock();
});

afterEach(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  return path;
}

function load(environment: ClusterEnvironment, context?: string): Promise<ClusterConnection> {
  return loadConnection({
    environment: { HOME: folder, ...environment },
    clock,
    context,
    accountFolder: join(folder, 'account'),
  });
}

/** A kubeconfig with one of everything; `user` and `cluster` are lines of YAML. */
function kubeconfig(user: string, cluster = 'server: https://10.0.0.1:6443'): string {
  return `
current-context: main
contexts:
- {name: main, context: {cluster: c, user: u, namespace: team}}
clusters:
- name: c
  cluster:
    ${cluster}
users:
- name: u
  user:
    ${user}
`;
}

async function account(): Promise<void> {
  await file('account/token', 'token-1\n');
  await file('account/ca.crt', 'CA 1');
  await file('account/namespace', 'external-secrets');
}

const pod = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };

describe('where the cluster comes from', () => {
  test('KUBECONFIG counts before the pod, the pod before ~/.kube/config', async () => {
    await account();
    const path = await file('named', kubeconfig('token: x'));
    await file('.kube/config', kubeconfig('token: x', 'server: https://home:1'));
    expect((await load({ ...pod, KUBECONFIG: path })).server.host).toBe('10.0.0.1:6443');
    expect((await load(pod)).server.href).toBe('https://10.96.0.1/');
    expect((await load({})).server.host).toBe('home:1');
  });

  test('with nothing to be found it says where it looked', async () => {
    await expect(load({})).rejects.toThrow(
      `no cluster: not in a pod, and there is no kubeconfig at ${folder}/.kube/config`,
    );
  });

  test('of several files the first entry of a name counts, and missing files are passed over', async () => {
    const first = await file('a', 'current-context: main\nusers: [{name: u, user: {token: from-a}}]');
    const second = await file('b', kubeconfig('token: from-b'));
    const paths = [join(folder, 'absent'), first, second].join(delimiter);
    const connection = await load({ KUBECONFIG: paths });
    expect(await connection.authorization()).toBe('Bearer from-a');
    expect(connection.namespace).toBe('team');
  });

  test('a context can be chosen by name, and one that is missing is named', async () => {
    const path = await file('config', kubeconfig('token: x'));
    await expect(load({ KUBECONFIG: path }, 'other')).rejects.toThrow('the kubeconfig has no context other');
    expect((await load({ KUBECONFIG: path }, 'main')).namespace).toBe('team');
  });

  test('a JSON kubeconfig is a kubeconfig', async () => {
    const config = {
      'current-context': 'main',
      contexts: [{ name: 'main', context: { cluster: 'c' } }],
      clusters: [{ name: 'c', cluster: { server: 'http://127.0.0.1:8001' } }],
    };
    const connection = await load({ KUBECONFIG: await file('config', JSON.stringify(config)) });
    expect(connection.server.href).toBe('http://127.0.0.1:8001/');
    expect(await connection.authorization()).toBeUndefined();
  });

  test.each([
    ['broken YAML', 'users: [{token: hunter2'],
    ['something else', 'users: {token: hunter2}'],
  ])('%s is refused by name of the file and without its content', async (_, text) => {
    const path = await file('config', text);
    const error = await load({ KUBECONFIG: path }).catch((failure: unknown) => failure);
    expect(String(error)).toContain(path);
    expect(JSON.stringify([String(error), (error as Error).stack, (error as Error).cause])).not.toContain('hunter2');
  });
});

describe('users', () => {
  test('a token, a password, and nobody', async () => {
    const connect = async (user: string): Promise<string | undefined> => {
      const connection = await load({ KUBECONFIG: await file('config', kubeconfig(user)) });
      return await connection.authorization();
    };
    expect(await connect('token: abc')).toBe('Bearer abc');
    expect(await connect('{username: jane, password: pw}')).toBe(`Basic ${Buffer.from('jane:pw').toString('base64')}`);
    expect(await connect('{}')).toBeUndefined();
  });

  test('certificates come from data or from files beside the kubeconfig', async () => {
    await file('pki/ca.crt', 'CA');
    await file('pki/key.pem', 'KEY');
    const cert = Buffer.from('CERT').toString('base64');
    const user = `{client-certificate-data: ${cert}, client-key: pki/key.pem}`;
    const cluster = 'server: https://a\n    certificate-authority: pki/ca.crt\n    tls-server-name: kubernetes';
    const connection = await load({ KUBECONFIG: await file('config', kubeconfig(user, cluster)) });
    expect(await connection.tls()).toEqual({
      ca: 'CA',
      cert: 'CERT',
      key: 'KEY',
      serverName: 'kubernetes',
      skipVerify: false,
    });
  });

  test('impersonation becomes headers', async () => {
    const user = '{token: x, as: jane, as-uid: "7", as-groups: [dev, ops]}';
    const connection = await load({ KUBECONFIG: await file('config', kubeconfig(user)) });
    expect(connection.headers).toEqual([
      ['impersonate-group', 'dev'],
      ['impersonate-group', 'ops'],
      ['impersonate-uid', '7'],
      ['impersonate-user', 'jane'],
    ]);
  });

  test('a command is run once for all who ask, told its protocol, and again after a refusal', async () => {
    const script = await file(
      'login.mjs',
      `import { appendFileSync } from 'node:fs';
       appendFileSync(${JSON.stringify(join(folder, 'runs'))}, process.env.KUBERNETES_EXEC_INFO + '\\n');
       console.log(JSON.stringify({ kind: 'ExecCredential', status: { token: process.env.WHO + '-' + process.argv[2] } }));`,
    );
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: [script, 'x'],
      env: [{ name: 'WHO', value: 'me' }],
    };
    const connection = await load({ KUBECONFIG: await file('config', kubeconfig(`exec: ${JSON.stringify(exec)}`)) });
    const { readFile } = await import('node:fs/promises');
    const runs = async (): Promise<string[]> => (await readFile(join(folder, 'runs'), 'utf8')).trim().split('\n');
    const asked = await Promise.all([
      connection.authorization(),
      connection.authorization(),
      connection.authorization(),
    ]);
    expect(asked).toEqual(['Bearer me-x', 'Bearer me-x', 'Bearer me-x']);
    expect((await runs()).map((info) => JSON.parse(info).apiVersion)).toEqual(['client.authentication.k8s.io/v1']);
    connection.credentialsRefused();
    await connection.authorization();
    expect(await runs()).toHaveLength(2);
  });

  test('an identity provider is asked by client-node', async () => {
    const payload = Buffer.from(JSON.stringify({ exp: 4_102_444_800 })).toString('base64url');
    const token = `e30.${payload}.sig`;
    const user = `auth-provider: {name: oidc, config: {id-token: ${token}}}`;
    const connection = await load({ KUBECONFIG: await file('config', kubeconfig(user)) });
    expect(await connection.authorization()).toBe(`Bearer ${token}`);
  });

  test('an auth-provider that nobody knows is named', async () => {
    const connection = await load({ KUBECONFIG: await file('config', kubeconfig('auth-provider: {name: magic}')) });
    await expect(connection.authorization()).rejects.toThrow('auth-provider that is not known: magic');
  });
});

describe('in a pod', () => {
  test('account, namespace and authority are the files of the kubelet', async () => {
    await account();
    const connection = await load(pod);
    expect(connection.namespace).toBe('external-secrets');
    expect(await connection.authorization()).toBe('Bearer token-1');
    expect(await connection.tls()).toEqual({ ca: 'CA 1' });
  });

  test('a rotated token is taken up within a minute, or at once when the old one is refused', async () => {
    await account();
    const connection = await load(pod);
    await connection.authorization();
    await file('account/token', 'token-2');
    expect(await connection.authorization()).toBe('Bearer token-1');
    clock.advance(60_000);
    expect(await connection.authorization()).toBe('Bearer token-2');
    await file('account/token', 'token-3');
    connection.credentialsRefused();
    expect(await connection.authorization()).toBe('Bearer token-3');
  });

  test('a rotated authority is taken up by the next connection', async () => {
    await account();
    const connection = await load(pod);
    await file('account/ca.crt', 'CA 2');
    expect(await connection.tls()).toEqual({ ca: 'CA 2' });
  });

  test('while the token file is away the last token is used', async () => {
    await account();
    const connection = await load(pod);
    await connection.authorization();
    await rm(join(folder, 'account/token'));
    clock.advance(120_000);
    expect(await connection.authorization()).toBe('Bearer token-1');
  });

  test('an IPv6 service address makes a valid URL', async () => {
    await account();
    expect((await load({ KUBERNETES_SERVICE_HOST: 'fd00::1' })).server.href).toBe('https://[fd00::1]/');
  });
});
