/** Metrics of the Kubernetes events that controllers write. */
import { Counter, type Registry } from 'prom-client';
import type { EventLoss } from '../../kube/events.ts';

const losses: readonly EventLoss[] = ['spam', 'full', 'refused'];

/** Counts events that nobody will see; series start at 0, so that alerts have a first point. */
export function lostEventCounter(registry: Registry): (reason: EventLoss) => void {
  const counter = new Counter({
    name: 'external_secrets_events_lost_total',
    help: 'Number of Kubernetes events that were not written: spam (too many about one object), full (too many at once), refused',
    labelNames: ['reason'],
    registers: [registry],
  });
  for (const reason of losses) counter.inc({ reason }, 0);
  return (reason) => counter.inc({ reason });
}
