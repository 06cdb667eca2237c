/** What `metadataPolicy: Fetch` reads: a secret's custom metadata, and three facts about it. */
import type { RemoteSecret } from '../../provider/provider.ts';
import type { KvMetadata } from './kvengine.ts';
import { SecretValue } from './secretvalue.ts';

export function metadataSecret(key: string, metadata: KvMetadata): RemoteSecret {
  const data = new Map([
    ...metadata.custom,
    ['created_time', metadata.createdTime],
    ['current_version', String(metadata.currentVersion)],
    ['delete_version_after', metadata.deleteVersionAfter],
  ]);
  return new SecretValue({ key: `the metadata of ${key}`, data });
}
