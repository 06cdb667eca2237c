/** A store on the AWS server for tests, with static keys. */
import { testKey } from './aws.ts';
import type { StoreOptions, Workspace } from './workspace.ts';

export interface AwsStoreOptions extends StoreOptions {
  /** Default: the right one. */
  readonly secretAccessKey?: string;
  /** Members of `spec.provider.aws`. */
  readonly aws?: object;
}

/** Applies the store and the Secret `aws` with its keys. The operator needs the server's `env()`. */
export async function applyAwsStore(space: Workspace, options: AwsStoreOptions = {}): Promise<void> {
  await applyAwsKey(space, options.secretAccessKey);
  const secretRef = {
    accessKeyIDSecretRef: { name: 'aws', key: 'id' },
    secretAccessKeySecretRef: { name: 'aws', key: 'secret' },
  };
  const aws = { service: 'SecretsManager', region: 'us-east-1', auth: { secretRef }, ...options.aws };
  await space.applyStoreOf({ aws }, options);
}

export function applyAwsKey(space: Workspace, secretAccessKey: string = testKey.secretAccessKey): Promise<void> {
  return space.applySecret('aws', { id: testKey.accessKeyId, secret: secretAccessKey });
}
