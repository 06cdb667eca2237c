/**
 * A Kubernetes API server in one process, for `external-secrets dev`, the demo and fast tests: enough of the API for
 * this operator and for kubectl, kept in memory. `test/conformance` holds it against the real one.
 */
import { randomBytes } from 'node:crypto';
import type { KubeObject } from '../api/object.ts';
import type { Clock } from '../lib/clock.ts';
import { ApiServer } from './apiserver.ts';
import { serveDefinitions } from './background/definitions.ts';
import { collectGarbage } from './background/garbagecollector.ts';
import { followNamespaces } from './background/namespacelifecycle.ts';
import { Tasks } from './background/tasks.ts';
import { Catalog } from './catalog.ts';
import { selfSignedCertificate } from './certificate.ts';
import { Connections } from './connections.ts';
import type { Intercept } from './faults.ts';
import { type AccessPolicy, allowEverything } from './identity/access.ts';
import { Authentication } from './identity/authentication.ts';
import { TokenIssuer } from './identity/tokens.ts';
import { kubeconfigYaml } from './kubeconfig.ts';
import { loadObjects } from './load.ts';
import { Storage } from './storage.ts';
import type { ApiContext } from './verbs/context.ts';

export interface DevServerOptions {
  readonly clock: Clock;
  /** Default: a free one. */
  readonly port?: number;
  /** Default: everybody who has a token may do everything. */
  readonly policy?: AccessPolicy;
  /** How many changes of a kind a watch can be behind. Default 1,000. */
  readonly historySize?: number;
}

export interface DevServer {
  /** HTTPS on 127.0.0.1. */
  readonly url: string;
  /** PEM. */
  readonly caCertificate: string;
  /** Of ServiceAccounts' tokens: the URL they name, and the public keys (JWKS) that verify them. */
  readonly issuer: { readonly url: string; readonly jwks: { readonly keys: readonly object[] } };
  /** YAML. @param token default: the administrator's */
  kubeconfig(token?: string): string;
  /** Creates the objects or replaces those that are there, definitions and namespaces first. @throws StatusError */
  load(objects: readonly KubeObject[]): void;
  /** Sees every request for a resource and may have it fail; undefined ends that. */
  intercept(hook: Intercept | undefined): void;
  readonly openWatches: number;
  /** Ends all watches, in order or in the middle of an event. */
  dropWatches(options?: { readonly midLine?: boolean }): void;
  /** Forgets the history: watches and pages from before are answered with 410. */
  compact(): void;
  /** Stops listening for a while; all objects are still there after. */
  restart(whileDown?: () => Promise<void> | void): Promise<void>;
  stop(): Promise<void>;
}

const firstNamespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** Listens when it resolves. */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const { clock, port = 0, policy = allowEverything, historySize = 1_000 } = options;
  const certificate = selfSignedCertificate(clock.now());
  const connections = new Connections(certificate, port);
  await connections.listen();
  const tokens = await TokenIssuer.create({ issuer: connections.url, clock });

  const storage = new Storage({ historySize });
  const catalog = new Catalog(storage);
  const context: ApiContext = { storage, catalog, clock };
  const tasks = startBackground(context, certificate.cert);
  loadObjects(context, firstNamespaces.map(namespace));

  const adminToken = randomBytes(24).toString('base64url');
  const authentication = new Authentication({ adminToken, tokens, catalog });
  const api = new ApiServer(context, { catalog, authentication, tokens, policy });
  connections.serve(api);
  return {
    url: connections.url,
    caCertificate: certificate.cert,
    issuer: { url: tokens.issuer, jwks: tokens.jwks },
    kubeconfig: (token = adminToken) =>
      kubeconfigYaml({ url: connections.url, caCertificate: certificate.cert, token }),
    load: (objects) => loadObjects(context, objects),
    intercept(hook) {
      api.intercept = hook ?? (() => undefined);
    },
    get openWatches() {
      return connections.openWatches;
    },
    dropWatches: ({ midLine = false } = {}) => connections.dropWatches(midLine),
    compact: () => storage.compact(),
    async restart(whileDown) {
      await connections.close();
      await whileDown?.();
      await connections.listen();
    },
    async stop() {
      tasks.stop();
      await connections.close();
    },
  };
}

/** What controllers of a real cluster do. */
function startBackground(context: ApiContext, caCertificate: string): Tasks {
  const tasks = new Tasks();
  serveDefinitions(context, tasks);
  collectGarbage(context, tasks);
  followNamespaces({ context, tasks, caCertificate });
  return tasks;
}

function namespace(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}
