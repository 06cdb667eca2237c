/** The composition root: the one place that knows every part of the operator and ties them together. */
import type { Registry } from 'prom-client';
import { DependencyWatch } from '../../controllers/dependencywatch.ts';
import { ExternalSecretWatches } from '../../controllers/externalsecret/controller.ts';
import { ClusterObjects } from '../../controllers/secretstore/clusterobjects.ts';
import { recheck, storeRetries } from '../../controllers/secretstore/controller.ts';
import { StoreAccess } from '../../controllers/secretstore/storeaccess.ts';
import { type AccessVerdict, reviewPathAccess } from '../../kube/reviews.ts';
import { ClientPool } from '../../provider/clientpool.ts';
import { providers } from '../../providers/registry.generated.ts';
import type { Controller } from '../../runtime/controller.ts';
import { LeaderElector } from '../../runtime/leaderelection.ts';
import { type ManagedInformer, Manager } from '../../runtime/manager.ts';
import type { Membership } from '../../runtime/membership.ts';
import { Watchdog } from '../../runtime/watchdog.ts';
import type { WebhookCertificates } from '../certcontroller/certificates.ts';
import { externalSecretController } from './externalsecrets.ts';
import { type Foundation, layFoundation, leadershipGauge, type OperatorOptions, openQueue } from './foundation.ts';
import { openGenerators } from './generators.ts';
import { openGenericTargets } from './generictargets.ts';
import { createInformers, type OperatorInformers, runningInformers } from './informers.ts';
import { openSharing } from './sharing.ts';
import { storeControllers } from './stores.ts';

export interface Operator {
  readonly registry: Registry;
  /** Asks the cluster whether the holder of a bearer token may read `/metrics`. */
  reviewMetricsAccess(token: string): Promise<AccessVerdict>;
  /** Why the process should be restarted; empty while it works. */
  livenessProblems(): string[];
  /** Why it is not ready; empty once its caches are filled. */
  readinessProblems(): string[];
  /**
   * Works until `signal` aborts and everything has stopped in order.
   * @throws LeadershipLostError: the process must exit non-zero
   */
  run(signal: AbortSignal): Promise<void>;
}

/** Connects nothing yet: `run` does. */
export async function createOperator(options: OperatorOptions): Promise<Operator> {
  const foundation = await layFoundation(options);
  const informers = createInformers(foundation);
  const { config, kube, services, clock, log } = foundation;
  const queues = {
    ExternalSecret: openQueue(foundation, 'externalsecret'),
    SecretStore: openQueue(foundation, 'secretstore', storeRetries),
    ClusterSecretStore: openQueue(foundation, 'clustersecretstore', storeRetries),
  };
  const dependencies = new DependencyWatch({
    kube,
    namespace: config.namespace,
    clock,
    log,
    onChange(change) {
      const stores = pool.dependencyChanged(change.object, change.resourceVersion);
      recheck(queues, stores);
      watches.storesReopened(stores);
      watches.dependencyChanged(change);
    },
  });
  const reader = new ClusterObjects(kube, (kind) => dependencies.watch(kind));
  const pool = new ClientPool({ services, reader });
  const clients = new StoreAccess(pool, providers);
  const changedDependencies = new Set<string>();
  const watches = new ExternalSecretWatches({
    externalSecrets: informers.externalSecrets,
    queue: queues.ExternalSecret,
    changedDependencies,
    watchDependencies: (kind) => dependencies.watch(kind),
  });
  const sharing = openSharing(foundation, informers.externalSecrets.lister, queues.ExternalSecret);
  const generators = openGenerators(foundation, watches, reader);
  const generic = openGenericTargets(foundation, watches);
  listen(informers, watches, dependencies);
  const controllers: Controller[] = [
    ...storeControllers({ foundation, informers, queues, clients, providers, watches }),
    externalSecretController({
      foundation,
      informers,
      queue: queues.ExternalSecret,
      clients,
      runner: generators.runner,
      dependencies,
      share: sharing?.share ?? { isMine: () => true },
      changedDependencies,
      genericTargets: generic?.targets,
    }),
  ];
  const certificates = await openCertificates(foundation);
  if (certificates !== undefined) controllers.push(certificates.controller);
  const running = [...runningInformers(informers), ...(certificates?.informers ?? [])];
  return assemble(foundation, running, controllers, sharing?.membership, [
    async () => sharing?.share.close(),
    () => pool.close(),
    () => foundation.sessions.close(),
    () => dependencies.close(),
    () => generators.close(),
    async () => generic?.close(),
    () => kube.close(),
  ]);
}

/** Undefined unless this process is the webhook as well, and keeps its certificate: others do without its libraries. */
async function openCertificates(foundation: Foundation): Promise<WebhookCertificates | undefined> {
  const { config, kube, runtimeMetrics, clock, log } = foundation;
  if (config.admission?.certificates === undefined) return undefined;
  const { openWebhookCertificates } = await import('../certcontroller/certificates.ts');
  return openWebhookCertificates({ config: config.admission.certificates, kube, metrics: runtimeMetrics, clock, log });
}

/** Changes of stores and targets, besides those of ExternalSecrets themselves, reach ExternalSecrets. */
function listen(informers: OperatorInformers, watches: ExternalSecretWatches, dependencies: DependencyWatch): void {
  informers.secretStores.addHandler(watches.stores());
  informers.clusterSecretStores?.addHandler(watches.stores());
  informers.namespaces?.addHandler(watches.namespaces());
  informers.managedSecrets.addHandler(watches.targets());
  // A Secret that we manage can be a credential or a template's source as well.
  informers.managedSecrets.addHandler(dependencies.handler('Secret'));
}

function assemble(
  foundation: Foundation,
  informers: readonly ManagedInformer[],
  controllers: readonly Controller[],
  membership: Membership | undefined,
  closers: readonly (() => Promise<void>)[],
): Operator {
  const { clock, log, registry, recorders, config } = foundation;
  const watchdog = new Watchdog({ clock, informers, controllers });
  const manager = new Manager({
    informers,
    controllers,
    elector: config.leaderElection.enabled ? leaderElector(foundation) : membership,
    closers: [...recorders.map((recorder) => () => recorder.flush()), ...closers],
    drainTimeoutMs: config.shutdownTimeoutMs,
    clock,
    log,
  });
  return {
    registry,
    reviewMetricsAccess: (token) => reviewPathAccess(foundation.kube, token, '/metrics'),
    livenessProblems: () => watchdog.livenessProblems(),
    readinessProblems: () => watchdog.readinessProblems(),
    run: (signal) => manager.run(signal),
  };
}

function leaderElector({ kube, connection, config, identity, clock, log, registry }: Foundation): LeaderElector {
  const { id, leaseDurationMs, renewDeadlineMs, retryPeriodMs } = config.leaderElection;
  return new LeaderElector({
    kube,
    lease: { namespace: connection.namespace, name: id },
    identity,
    leaseDurationMs,
    renewDeadlineMs,
    retryPeriodMs,
    clock,
    log,
    onLeading: leadershipGauge(registry, id),
  });
}
