/** What the controller of the webhook's certificate works with. */
import type { ObjectName } from '../../api/object.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../lib/clock.ts';
import type { RotationTiming } from './rotation.ts';

export interface WebhookCertificateDeps {
  readonly kube: Pick<KubeClient, 'get' | 'list' | 'mergePatch'>;
  readonly secret: Required<ObjectName>;
  readonly service: Required<ObjectName>;
  /** By which the API server calls the webhook. */
  readonly dnsName: string;
  /** CRDs that may be converted by the webhook. */
  readonly definitions: readonly string[];
  readonly timing: RotationTiming;
  /** `--crd-requeue-interval`. */
  readonly requeueIntervalMs: number;
  readonly clock: Clock;
}
