/** Wires the controller of ExternalSecrets. */
import { externalSecrets } from '../../api/resources.ts';
import type { DependencyWatch } from '../../controllers/dependencywatch.ts';
import type { Engines, ExternalSecretDeps } from '../../controllers/externalsecret/deps.ts';
import { FreshView } from '../../controllers/externalsecret/freshview.ts';
import type { GeneratorRunner } from '../../controllers/externalsecret/generators.ts';
import type { GenericTargets } from '../../controllers/externalsecret/generic/targets.ts';
import { Outages } from '../../controllers/externalsecret/outages.ts';
import { longestOverdueMs } from '../../controllers/externalsecret/overdue.ts';
import { reconcileExternalSecret } from '../../controllers/externalsecret/reconcile.ts';
import { ObjectEvents } from '../../controllers/objectevents.ts';
import { StoreDirectory } from '../../controllers/secretstore/directory.ts';
import type { StoreAccess } from '../../controllers/secretstore/storeaccess.ts';
import { PrometheusExternalSecretMetrics } from '../../observability/metrics/externalsecret.ts';
import type { Controller } from '../../runtime/controller.ts';
import { itemRateLimiter } from '../../runtime/ratelimiter.ts';
import type { WorkQueue } from '../../runtime/workqueue.ts';
import type { WorkShare } from '../../runtime/workshare.ts';
import { type Foundation, openController } from './foundation.ts';
import type { OperatorInformers } from './informers.ts';

export interface ExternalSecretControllerOptions {
  readonly foundation: Foundation;
  readonly informers: OperatorInformers;
  readonly queue: WorkQueue;
  readonly clients: StoreAccess;
  readonly runner: GeneratorRunner;
  readonly dependencies: DependencyWatch;
  readonly share: Pick<WorkShare, 'isMine'>;
  readonly changedDependencies: Set<string>;
  /** Absent: not allowed. */
  readonly genericTargets: GenericTargets | undefined;
}

/** Permissions and missing secrets are mended by people, outside the cluster. */
const slowBackoff = { baseMs: 30_000, maxMs: 7 * 60_000, jitter: 0.2 };

export function externalSecretController(options: ExternalSecretControllerOptions): Controller {
  const { foundation, informers, queue, clients, runner, dependencies, share, changedDependencies, genericTargets } =
    options;
  const { kube, registry, reads, clock } = foundation;
  const metrics = new PrometheusExternalSecretMetrics(registry, foundation.labels());
  const { lister } = informers.externalSecrets;
  metrics.watchOverdue(registry, () => longestOverdueMs(lister.values(), clock.now()));
  const deps: ExternalSecretDeps = {
    share,
    kube,
    view: new FreshView(lister),
    managedSecrets: informers.managedSecrets.lister,
    genericTargets,
    dependencies,
    stores: storeDirectory(foundation, informers),
    clients,
    reads,
    generators: runner,
    engines: lazyEngines(foundation),
    recorder: new ObjectEvents(foundation.recorder('external-secrets'), externalSecrets),
    metrics,
    clock,
    changedDependencies,
    slowRetries: itemRateLimiter(slowBackoff),
    outageRetries: itemRateLimiter(),
    outages: new Outages(),
    wake: (keys) => {
      for (const key of keys) queue.add(key, 'urgent');
    },
    startedAtMs: clock.now(),
  };
  return openController(foundation, 'externalsecret', queue, (key, context) =>
    reconcileExternalSecret(deps, key, context),
  );
}

function lazyEngines(foundation: Foundation): () => Promise<Engines> {
  let loading: Promise<Engines> | undefined;
  return () => (loading ??= loadEngines(foundation));
}

async function loadEngines({ config, clock }: Foundation): Promise<Engines> {
  const { GoTemplateEngine, templateEngines } = await import('../../controllers/externalsecret/engines.ts');
  const { leftDelimiter, rightDelimiter, maxOutputBytes, maxSteps } = config.template;
  const common = { limits: { maxOutputBytes, maxSteps }, now: () => clock.now() };
  return {
    engineFor: templateEngines({ ...common, leftDelimiter, rightDelimiter, missingKey: 'error' }),
    transforms: new GoTemplateEngine({ ...common, missingKey: 'default' }),
  };
}

function storeDirectory({ config }: Foundation, informers: OperatorInformers): StoreDirectory {
  const namespaces = informers.namespaces?.lister;
  return new StoreDirectory({
    secretStores: informers.secretStores.lister,
    clusterSecretStores: informers.clusterSecretStores?.lister,
    namespaces: (name) => {
      const namespace = namespaces?.get(name);
      return namespace && (namespace.metadata.labels ?? {});
    },
    controllerClass: config.controllerClass,
    floodGate: config.floodGate,
  });
}
