/** Wires what replicas need that share the ExternalSecrets among them. */
import { hash } from 'node:crypto';
import { Gauge, type Registry } from 'prom-client';
import type { ExternalSecret } from '../../api/externalsecret.ts';
import type { ExternalSecretIndex } from '../../controllers/externalsecret/controller.ts';
import { keyOf } from '../../runtime/key.ts';
import type { Lister } from '../../runtime/lister.ts';
import { Membership } from '../../runtime/membership.ts';
import type { WorkQueue } from '../../runtime/workqueue.ts';
import { WorkShare } from '../../runtime/workshare.ts';
import type { Foundation } from './foundation.ts';

export interface Sharing {
  readonly share: WorkShare;
  readonly membership: Membership;
}

/**
 * Undefined unless `--enable-work-sharing` is given. Under leader election one replica works, and has nothing to share.
 * @param externalSecrets all of them are looked at again when some come to this replica or leave it
 */
export function openSharing(
  foundation: Foundation,
  externalSecrets: Lister<ExternalSecret, ExternalSecretIndex>,
  queue: Pick<WorkQueue, 'add'>,
): Sharing | undefined {
  const { config, kube, connection, identity, clock, log, registry } = foundation;
  if (!config.workSharing || config.leaderElection.enabled) return undefined;
  const onRebalance = (): void => {
    for (const externalSecret of externalSecrets.values()) queue.add(keyOf(externalSecret), 'refresh');
  };
  const share = new WorkShare({ identity, onRebalance, clock });
  const setReplicas = replicaGauge(registry);
  const membership = new Membership({
    kube,
    namespace: connection.namespace,
    group: groupOf(foundation),
    identity,
    onChange(members) {
      setReplicas(members.length);
      share.setMembers(members);
    },
    clock,
    log,
  });
  return { share, membership };
}

/** Operators that do not look at the same ExternalSecrets are of different groups, though they run in one namespace. */
function groupOf({ config }: Foundation): string {
  const scope = [config.leaderElection.id, config.controllerClass, config.namespace ?? ''];
  return hash('sha1', scope.join('\n'), 'hex').slice(0, 16);
}

function replicaGauge(registry: Registry): (replicas: number) => void {
  const gauge = new Gauge({
    name: 'external_secrets_sharing_replicas',
    help: 'Number of replicas that share the ExternalSecrets, as this one sees it',
    registers: [registry],
  });
  return (replicas) => gauge.set(replicas);
}
