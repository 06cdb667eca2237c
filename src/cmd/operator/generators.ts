/** Wires the generators that ExternalSecrets name, and the watches on the kinds in use. */
import type { ExternalSecretWatches } from '../../controllers/externalsecret/controller.ts';
import { GeneratorRunner } from '../../controllers/externalsecret/generators.ts';
import { generators } from '../../generators/registry.generated.ts';
import type { ObjectReader } from '../../provider/objectreader.ts';
import { LazyInformers } from '../../runtime/lazyinformers.ts';
import { withoutManagedFields } from '../../runtime/transform.ts';
import type { Foundation } from './foundation.ts';

export interface GeneratorsWithInformers {
  readonly runner: GeneratorRunner;
  close(): Promise<void>;
}

/** A kind of generator is watched from its first use. */
export function openGenerators(
  { config, kube, services, clock, log }: Foundation,
  watches: Pick<ExternalSecretWatches, 'generators'>,
  reader: ObjectReader,
): GeneratorsWithInformers {
  const { namespace, controllerClass } = config;
  const informers = new LazyInformers({
    kube,
    namespace,
    transform: withoutManagedFields,
    handlerFor: ({ kind }) => watches.generators(kind),
    clock,
    log,
  });
  return {
    runner: new GeneratorRunner({ generators, informers, reader, services, controllerClass }),
    close: () => informers.close(),
  };
}
