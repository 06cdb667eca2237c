/** A real control plane on 127.0.0.1: etcd, kube-apiserver and kube-controller-manager, out of one binary. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { selfSignedCertificate } from '../../src/devserver/certificate.ts';
import { kubeconfigYaml } from '../../src/devserver/kubeconfig.ts';
import { type Component, killComponent, logOf, startComponent } from './component.ts';
import { buildGoBinary, type GoModule } from './gobinary.ts';

const version = 'v1.37.2';
const versionFlags = { gitVersion: version, gitMajor: '1', gitMinor: '37', gitTreeState: 'clean' };

export const controlPlaneModule: GoModule = {
  name: 'control-plane',
  binary: 'kcp',
  // Without a version kubectl and Helm refuse to talk to it.
  ldflags: [
    '-s -w',
    ...Object.entries(versionFlags).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`),
  ].join(' '),
  duration: '7 to 14 minutes the first time, on two cores',
};

/** What another process needs to know of a control plane that runs. */
export interface ControlPlaneState {
  readonly folder: string;
  readonly binary: string;
  readonly url: string;
  readonly caCertificate: string;
  /** Of the administrator. */
  readonly kubeconfigPath: string;
  readonly apiServerArgs: readonly string[];
  /** One JSON event a line: who asked for what, and whether it was allowed. */
  readonly auditLogPath: string;
}

const readyTimeoutMs = 120_000;

/** ServiceAccounts alone: what they are allowed is what tests ask about, and the log of all else would be long. */
const auditPolicy = `
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: None
    userGroups: [system:masters]
  - level: Metadata
`;

/** Ready when it resolves. @throws NoGoError when it has to be built and cannot */
export async function startControlPlane(): Promise<ControlPlaneState> {
  const binary = await buildGoBinary(controlPlaneModule);
  const folder = await mkdtemp(join(tmpdir(), 'external-secrets-control-plane-'));
  const [etcdPort, peerPort, apiPort] = await freePorts(3);
  const state = await writeFiles(folder, binary, `https://127.0.0.1:${apiPort}`, `http://127.0.0.1:${etcdPort}`);
  try {
    const etcdArgs = etcdFlags(folder, `http://127.0.0.1:${etcdPort}`, `http://127.0.0.1:${peerPort}`);
    await startComponent({ ...component(state, 'etcd'), args: ['etcd', ...etcdArgs] });
    await startApiServer(state);
    const managerArgs = controllerManagerFlags(folder, state.kubeconfigPath);
    await startComponent({ ...component(state, 'manager'), args: ['kube-controller-manager', ...managerArgs] });
    return state;
  } catch (error) {
    await stopControlPlane(state);
    throw error;
  }
}

/** Kills the API server as if it had crashed, and starts it again on the same port. */
export async function restartApiServer(state: ControlPlaneState, whileDown?: () => Promise<void>): Promise<void> {
  await killComponent(component(state, 'apiserver'));
  await whileDown?.();
  await startApiServer(state);
}

export async function stopControlPlane(state: ControlPlaneState): Promise<void> {
  for (const name of ['manager', 'apiserver', 'etcd']) await killComponent(component(state, name));
  await rm(state.folder, { recursive: true, force: true });
}

async function startApiServer(state: ControlPlaneState): Promise<void> {
  const server = component(state, 'apiserver');
  await startComponent({ ...server, args: ['kube-apiserver', ...state.apiServerArgs] });
  for (const startedAt = Date.now(); !(await isReady(state)); await wait(100)) {
    if (Date.now() - startedAt > readyTimeoutMs) throw new Error(`kube-apiserver is not ready: ${await logOf(server)}`);
  }
}

function component({ binary, folder }: ControlPlaneState, name: string): Component {
  return { name, folder, command: binary, args: [] };
}

function isReady({ url, caCertificate }: ControlPlaneState): Promise<boolean> {
  return new Promise((resolve) => {
    get(`${url}/readyz`, { ca: caCertificate }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', () => resolve(false));
  });
}

async function writeFiles(folder: string, binary: string, url: string, etcdUrl: string): Promise<ControlPlaneState> {
  const { cert, key } = selfSignedCertificate(Date.now());
  const token = randomBytes(24).toString('base64url');
  const accounts = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const kubeconfigPath = join(folder, 'kubeconfig');
  await writeFile(join(folder, 'server.crt'), cert);
  await writeFile(join(folder, 'server.key'), key);
  await writeFile(join(folder, 'accounts.key'), accounts.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await writeFile(join(folder, 'accounts.pub'), accounts.publicKey.export({ type: 'spki', format: 'pem' }));
  await writeFile(join(folder, 'tokens.csv'), `${token},kubernetes-admin,kubernetes-admin,system:masters\n`);
  await writeFile(join(folder, 'audit-policy.yaml'), auditPolicy);
  await writeFile(kubeconfigPath, kubeconfigYaml({ url, caCertificate: cert, token }));
  const apiServerArgs = apiServerFlags(folder, url, etcdUrl);
  const auditLogPath = join(folder, 'audit.log');
  return { folder, binary, url, caCertificate: cert, kubeconfigPath, apiServerArgs, auditLogPath };
}

function etcdFlags(folder: string, clientUrl: string, peerUrl: string): readonly string[] {
  return flags({
    name: 'default',
    'data-dir': join(folder, 'etcd'),
    'listen-client-urls': clientUrl,
    'advertise-client-urls': clientUrl,
    'listen-peer-urls': peerUrl,
    'initial-advertise-peer-urls': peerUrl,
    'initial-cluster': `default=${peerUrl}`,
    'log-level': 'warn',
    'unsafe-no-fsync': 'true',
  });
}

function apiServerFlags(folder: string, url: string, etcdUrl: string): readonly string[] {
  return flags({
    'etcd-servers': etcdUrl,
    'bind-address': '127.0.0.1',
    'advertise-address': '127.0.0.1',
    'secure-port': new URL(url).port,
    'tls-cert-file': join(folder, 'server.crt'),
    'tls-private-key-file': join(folder, 'server.key'),
    'cert-dir': folder,
    'token-auth-file': join(folder, 'tokens.csv'),
    'authorization-mode': 'RBAC',
    'audit-policy-file': join(folder, 'audit-policy.yaml'),
    'audit-log-path': join(folder, 'audit.log'),
    'service-account-issuer': url,
    'service-account-key-file': join(folder, 'accounts.pub'),
    'service-account-signing-key-file': join(folder, 'accounts.key'),
    'service-cluster-ip-range': '10.0.0.0/24',
    'endpoint-reconciler-type': 'none',
    'max-requests-inflight': '2000',
    'max-mutating-requests-inflight': '1000',
  });
}

function controllerManagerFlags(folder: string, kubeconfigPath: string): readonly string[] {
  return flags({
    kubeconfig: kubeconfigPath,
    controllers: '*,-nodeipam,-node-lifecycle-controller',
    'root-ca-file': join(folder, 'server.crt'),
    'service-account-private-key-file': join(folder, 'accounts.key'),
    'leader-elect': 'false',
    'bind-address': '127.0.0.1',
    'secure-port': '0',
  });
}

function flags(values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}

/** Held all at once, so that they differ. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map((server) => {
      return new Promise<number>((resolve) => {
        // A server that listens on TCP has an address of this form.
        server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
      });
    }),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
