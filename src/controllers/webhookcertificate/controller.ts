/** What makes the webhook's certificate be looked at: any change of its Secret or of who calls the webhook. */
import type { KubeObject } from '../../api/object.ts';
import { enqueue } from '../../runtime/enqueue.ts';
import type { EventHandler } from '../../runtime/informer.ts';
import type { WorkQueue } from '../../runtime/workqueue.ts';

/** There is one thing to look after. */
const key = 'webhook';

export function webhookCertificateHandler(queue: Pick<WorkQueue, 'add'>): EventHandler<KubeObject> {
  return enqueue(queue, { keysOf: () => [key] });
}

/** The first look, also when there is nothing to see yet. */
export function lookOnce(queue: Pick<WorkQueue, 'add'>): void {
  queue.add(key);
}
