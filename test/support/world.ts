/**
 * The cluster that a suite runs against, the same to look at whichever it is: the dev server inside the test's own
 * process (`TEST_WORLD=devserver`), or a real control plane that all files of a run share (`control-plane`). With
 * `KUBECONFIG_FOR_TESTS` set the second is that cluster.
 */
import { afterAll, beforeAll, describe, inject } from 'vitest';
import type { KubeObject } from '../../src/api/object.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { loadConnection } from '../../src/kube/config.ts';
import { openKubeClient } from '../../src/kube/open.ts';
import { namespaces } from '../../src/kube/resources.ts';
import { realClock } from '../../src/runtime/clock.ts';
import { Applier } from './applier.ts';
import { eventually } from './eventually.ts';
import { findKubectl, type KubectlCommand, type KubectlResult, runKubectl } from './kubectl.ts';
import { RawClient, textAt } from './rawclient.ts';
import { sharedCluster, startDevWorld, type WorldSource } from './worldsource.ts';

/** Of ServiceAccounts' tokens. */
interface Issuer {
  readonly url: string;
  readonly jwks: { readonly keys: readonly object[] };
}

export interface World {
  readonly type: 'devserver' | 'control-plane';
  readonly url: string;
  /** Of an administrator. */
  readonly kubeconfigPath: string;
  readonly kube: KubeClient;
  /** For requests that `kube` does not make. */
  readonly raw: RawClient;
  readonly issuer: Issuer;
  readonly canRestart: boolean;
  readonly hasKubectl: boolean;
  /** A new one, deleted with the world. Ready for ServiceAccounts' tokens. @returns its name */
  createNamespace(prefix?: string): Promise<string>;
  /** Server-side apply. @param manifest YAML text, or the path of a file @param namespace of objects that name none */
  apply(manifest: string, namespace?: string): Promise<void>;
  applyObject(object: KubeObject, namespace?: string): Promise<void>;
  /** As an administrator; never rejects because of what kubectl says. */
  kubectl(...args: readonly string[]): Promise<KubectlResult>;
  kubectlWithInput(input: string, ...args: readonly string[]): Promise<KubectlResult>;
  /** The API server goes away as if it had crashed, and comes back on the same port with the same objects. */
  restart(whileDown?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** Defines a suite with its own world, or skips it and says why there is none. */
export function describeWorld(title: string, define: (world: () => World) => void): void {
  const missing = worldMissing();
  describe.skipIf(missing !== undefined)(missing === undefined ? title : `${title} (${missing})`, () => {
    let world: World | undefined;
    beforeAll(async () => {
      world = await startWorld();
    });
    afterAll(() => world?.stop());
    define(() => {
      if (world === undefined) throw new Error('the world exists only while tests run');
      return world;
    });
  });
}

/** Why there is no world to test in; undefined when there is one. */
function worldMissing(): string | undefined {
  if (process.env['TEST_WORLD'] !== 'control-plane') return undefined;
  const cluster = inject('cluster');
  return cluster.type === 'unavailable' ? cluster.reason : undefined;
}

/** With the CRDs of `crds/` installed. */
export async function startWorld(): Promise<World> {
  const isReal = process.env['TEST_WORLD'] === 'control-plane';
  return openWorld(isReal ? sharedCluster(inject('cluster')) : await startDevWorld());
}

async function openWorld(source: WorldSource): Promise<World> {
  const { type, kubeconfigPath } = source;
  const connection = await loadConnection({ environment: { KUBECONFIG: kubeconfigPath }, clock: realClock });
  const kube = await openKubeClient({ connection, clock: realClock, userAgent: 'test/1.0' });
  const raw = await RawClient.open(connection);
  const applier = new Applier(raw);
  const command = await findKubectl();
  const created: string[] = [];
  return {
    type,
    url: connection.server.origin,
    kubeconfigPath,
    kube,
    raw,
    issuer: await issuerOf(raw),
    canRestart: source.restart !== undefined,
    hasKubectl: command !== undefined,
    async createNamespace(prefix = 'test') {
      const name = `${prefix}-${crypto.randomUUID().slice(0, 8)}`;
      created.push(name);
      await createNamespace(kube, raw, name);
      return name;
    },
    apply: (manifest, namespace = 'default') => applier.apply(manifest, namespace),
    applyObject: (object, namespace = 'default') => applier.applyObject(object, namespace),
    kubectl: (...args) => runKubectl(found(command), args, { kubeconfigPath }),
    kubectlWithInput: (input, ...args) => runKubectl(found(command), args, { kubeconfigPath, input }),
    async restart(whileDown) {
      if (source.restart === undefined) throw new Error('this cluster cannot be restarted');
      await source.restart(whileDown);
    },
    async stop() {
      // They go on going after this; nobody waits for them.
      await Promise.all(created.map((name) => kube.delete(namespaces, { name }).catch(() => undefined)));
      await kube.close();
      raw.close();
      await source.stop();
    },
  };
}

async function createNamespace(kube: KubeClient, raw: RawClient, name: string): Promise<void> {
  await kube.create(namespaces, { metadata: { name } });
  await eventually(async () => {
    const { status } = await raw.send(`/api/v1/namespaces/${name}/serviceaccounts/default`);
    if (status !== 200) throw new Error(`namespace ${name} has no ServiceAccount yet`);
  });
}

async function issuerOf(raw: RawClient): Promise<Issuer> {
  const { body: configuration } = await raw.send('/.well-known/openid-configuration');
  const { body: jwks } = await raw.send('/openid/v1/jwks', { accept: 'application/jwk-set+json' });
  // A key set, by its content type.
  return { url: textAt(configuration, 'issuer'), jwks: jwks as Issuer['jwks'] };
}

function found(command: KubectlCommand | undefined): KubectlCommand {
  if (command === undefined) throw new Error('there is no kubectl');
  return command;
}
