/** What each component exports about itself: Node's metrics, and which component of which version it is. */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { version } from '../../version.ts';

export type Component = 'controller' | 'webhook' | 'certcontroller';

/**
 * The registry of a component. `external_secrets_build_info` tells its process from all others that Prometheus scrapes:
 * queues, API requests and processes have the same metric names in every operator.
 */
export function componentRegistry(component: Component): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const info = new Gauge({
    name: 'external_secrets_build_info',
    help: 'Always 1; the labels say which component of External Secrets this is, and its version',
    labelNames: ['component', 'version'],
    registers: [registry],
  });
  info.set({ component, version }, 1);
  return registry;
}
