/** Follows what the operator does to the objects of the dev cluster, for the table and for `--out`. */
import { externalSecretsGroup, generatorsGroup, managedLabel } from '../../api/constants.ts';
import type { KubeObject } from '../../api/object.ts';
import { apiVersionOf, type Resource } from '../../api/resource.ts';
import * as apiResources from '../../api/resources.ts';
import type { KubeClient } from '../../kube/client.ts';
import { configMaps, namespaces, type Secret, secrets, serviceAccounts } from '../../kube/resources.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { EventHandler, Informer } from '../../runtime/informer.ts';
import type { Logger } from '../../runtime/logger.ts';
import { SharedInformer } from '../../runtime/sharedinformer.ts';
import type { Screen } from './screen.ts';
import type { SecretFiles } from './secretfiles.ts';
import { isReady, isSettled, rowOf, type Watched } from './table.ts';

export interface OverviewOptions {
  readonly kube: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly screen: Screen;
  readonly files: SecretFiles | undefined;
}

const shownKinds: readonly Resource<Watched>[] = [
  apiResources.clusterSecretStores,
  apiResources.secretStores,
  apiResources.externalSecrets,
];
/** Changes come in bursts; ages move by themselves. */
const redrawAfterMs = 100;
const redrawEveryMs = 1_000;
/** Nothing may be on its way any more when all is said to be settled. */
const quietMs = 300;

export class Overview {
  readonly #options: OverviewOptions;
  readonly #informers: readonly Informer<Watched>[];
  readonly #secrets: Informer<Secret>;
  #changedAt: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: OverviewOptions) {
    const { kube, clock, log } = options;
    this.#options = options;
    this.#changedAt = clock.monotonic();
    this.#informers = shownKinds.map((resource) => new SharedInformer({ kube, resource, clock, log }));
    const selection = { labelSelector: `${managedLabel}=true` };
    this.#secrets = new SharedInformer({ kube, resource: secrets, selection, clock, log });
    for (const informer of this.#informers) informer.addHandler(this.#onChange());
    this.#secrets.addHandler(this.#onSecret());
  }

  async run(signal: AbortSignal): Promise<void> {
    const ages = setInterval(() => this.#draw(), redrawEveryMs);
    await Promise.all([...this.#informers, this.#secrets].map((informer) => informer.run(signal)));
    clearInterval(ages);
    clearTimeout(this.#timer);
    this.#draw();
  }

  /** Waits until every object was dealt with: true when all are ready. Undefined: the signal aborted before. */
  async settled(signal: AbortSignal): Promise<boolean | undefined> {
    for (;;) {
      const objects = this.#informers.flatMap(({ lister }) => [...lister.values()]);
      const isQuiet = this.#options.clock.monotonic() - this.#changedAt > quietMs;
      if (isQuiet && this.#informers.every(({ hasSynced }) => hasSynced) && objects.every(isSettled)) {
        return objects.every(isReady);
      }
      if (signal.aborted) return undefined;
      await new Promise((resolve) => setTimeout(resolve, redrawAfterMs));
    }
  }

  #onChange(): EventHandler<KubeObject> {
    const changed = (): void => {
      this.#changedAt = this.#options.clock.monotonic();
      this.#timer ??= setTimeout(() => this.#draw(), redrawAfterMs);
    };
    return { added: changed, updated: changed, deleted: changed };
  }

  #onSecret(): EventHandler<Secret> {
    const { files } = this.#options;
    return {
      added: (secret) => files?.write(secret),
      updated: (secret) => files?.write(secret),
      deleted: (secret) => files?.remove(secret),
    };
  }

  #draw(): void {
    this.#timer = undefined;
    const now = this.#options.clock.now();
    const rows = this.#informers.flatMap(({ resource, lister }) =>
      Array.from(lister.values(), (object) => rowOf(resource.kind, object, now)).sort((a, b) =>
        a.name < b.name ? -1 : 1,
      ),
    );
    this.#options.screen.show(rows);
  }
}

const served: readonly Resource[] = [
  ...Object.values(apiResources.generators),
  apiResources.externalSecrets,
  apiResources.secretStores,
  apiResources.clusterSecretStores,
  apiResources.clusterExternalSecrets,
  apiResources.pushSecrets,
  apiResources.clusterPushSecrets,
  apiResources.clusterGenerators,
  apiResources.generatorStates,
  secrets,
  configMaps,
  serviceAccounts,
  namespaces,
];

/** The resource of a manifest's kind, in whichever version it is written. */
export function resourceOf({ apiVersion = '', kind }: KubeObject): Resource | undefined {
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  const isOurs = group === externalSecretsGroup || group === generatorsGroup;
  return served.find(
    (resource) => resource.kind === kind && (isOurs ? resource.group === group : apiVersionOf(resource) === apiVersion),
  );
}
