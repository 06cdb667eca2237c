/** A store on the test server: a service account that may do everything, and its key in a Secret. */
import type { GcpServer } from '../../../../test/support/gcp.ts';
import type { SecretsClient } from '../../../provider/provider.ts';
import { connectForTest, type TestConnectOptions, type TestContext } from '../../../provider/testing/connect.ts';
import { MemoryObjects } from '../../../provider/testing/memoryobjects.ts';
import { provider } from '../index.ts';

export const project = 'test-project';
export const account = 'tester@test-project.iam.gserviceaccount.com';

export const keyAuth = { secretRef: { secretAccessKeySecretRef: { name: 'gcp', key: 'key.json' } } } as const;

/** Options that connect to the server, with its key in `test/gcp`. */
export function keyOptions(server: GcpServer, host?: string): TestConnectOptions & { readonly objects: MemoryObjects } {
  const objects = new MemoryObjects();
  objects.putSecret('test/gcp', { data: { 'key.json': server.createServiceAccount(account) } });
  return { objects, environment: server.environment(host) };
}

export function connectByKey(
  server: GcpServer,
  spec: object = {},
  options: TestConnectOptions = {},
): Promise<TestContext & { readonly client: SecretsClient }> {
  return connectForTest(
    provider,
    { projectID: project, auth: keyAuth, ...spec },
    { ...keyOptions(server), ...options },
  );
}
