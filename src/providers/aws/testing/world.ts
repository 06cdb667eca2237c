/** Stores on the AWS test server. */
import { type AwsServer, testKey } from '../../../../test/support/aws.ts';
import type { SecretsClient } from '../../../provider/provider.ts';
import { connectForTest, type TestConnectOptions, type TestContext } from '../../../provider/testing/connect.ts';
import { MemoryObjects } from '../../../provider/testing/memoryobjects.ts';
import { provider } from '../index.ts';

/** The access key that works, in the Secret `test/aws`. */
export const keyAuth = {
  secretRef: {
    accessKeyIDSecretRef: { name: 'aws', key: 'id' },
    secretAccessKeySecretRef: { name: 'aws', key: 'secret' },
  },
} as const;

export const region = 'us-east-1';

export function keyObjects(): MemoryObjects {
  const objects = new MemoryObjects();
  objects.putSecret('test/aws', { data: { id: testKey.accessKeyId, secret: testKey.secretAccessKey } });
  return objects;
}

export type OpenStore = TestContext & { readonly client: SecretsClient };

/** By the access key that works, unless the spec says otherwise. */
export function openStore(aws: AwsServer, spec: object = {}, options: TestConnectOptions = {}): Promise<OpenStore> {
  return connectForTest(
    provider,
    { service: 'SecretsManager', region, auth: keyAuth, ...spec },
    { objects: keyObjects(), environment: aws.env(), ...options },
  );
}
