/** Wires what targets other than Secrets need. */
import { managedLabel } from '../../api/constants.ts';
import type { ExternalSecretWatches } from '../../controllers/externalsecret/controller.ts';
import { KindDirectory } from '../../controllers/externalsecret/generic/kinds.ts';
import { observeResource } from '../../controllers/externalsecret/generic/observed.ts';
import { GenericTargets } from '../../controllers/externalsecret/generic/targets.ts';
import { LazyInformers } from '../../runtime/lazyinformers.ts';
import type { Foundation } from './foundation.ts';

export interface GenericTargetsWithInformers {
  readonly targets: GenericTargets;
  close(): Promise<void>;
}

/** Undefined unless `--unsafe-allow-generic-targets` is given: then nothing of other kinds is read or watched. */
export function openGenericTargets(
  { config, kube, clock, log }: Foundation,
  watches: Pick<ExternalSecretWatches, 'genericTargets'>,
): GenericTargetsWithInformers | undefined {
  if (!config.allowGenericTargets) return undefined;
  const informers = new LazyInformers({
    kube,
    namespace: config.namespace,
    labelSelectorFor: () => `${managedLabel}=true`,
    transform: observeResource,
    // What the handler hears of are the transform's digests.
    handlerFor: (resource) => watches.genericTargets(resource),
    clock,
    log,
  });
  return {
    targets: new GenericTargets({ kinds: new KindDirectory(kube), informers }),
    close: () => informers.close(),
  };
}
