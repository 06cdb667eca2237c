/** The kubelet's part: keeps files as the Secret has them. */
import { setTimeout as wait } from 'node:timers/promises';
import type { KubeClient } from '../../src/kube/client.ts';
import { secrets } from '../../src/kube/resources.ts';
import type { WebhookFiles } from './webhookfiles.ts';

const everyMs = 100;

/** @returns ends it */
export function mountSecret(
  kube: KubeClient,
  secret: { readonly namespace: string; readonly name: string },
  files: WebhookFiles,
): () => Promise<void> {
  const stopping = new AbortController();
  const running = copy(kube, secret, files, stopping.signal);
  return async () => {
    stopping.abort();
    await running;
  };
}

async function copy(
  kube: KubeClient,
  secret: { readonly namespace: string; readonly name: string },
  files: WebhookFiles,
  stopping: AbortSignal,
): Promise<void> {
  let written: string | undefined;
  while (!stopping.aborted) {
    const { data = {}, metadata } = await kube.get(secrets, secret);
    if (metadata.resourceVersion !== written) {
      const decoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]);
      await files.write(Object.fromEntries(decoded));
      written = metadata.resourceVersion;
    }
    await wait(everyMs);
  }
}
