/** What the tests of the provider share: an Azure server, a cluster of a few objects, clients that are closed. */
// Loaded before any test begins: the provider loads them when it connects, which would be part of the first test's time.
import '@azure/identity';
import '@azure/keyvault-certificates';
import '@azure/keyvault-keys';
import '@azure/keyvault-secrets';
import {
  type AzureOptions,
  type AzureServer,
  startAzure,
  testApp,
  testTenant,
} from '../../../../test/support/azure.ts';
import { trust } from '../../../../test/support/azure-trust.ts';
import type { SecretsClient } from '../../../provider/provider.ts';
import { connectForTest, type TestConnectOptions } from '../../../provider/testing/connect.ts';
import { MemoryObjects } from '../../../provider/testing/memoryobjects.ts';
import { provider } from '../index.ts';

type Connected = Awaited<ReturnType<typeof connectForTest>>;

export class AzureWorld {
  readonly server: AzureServer;
  objects = new MemoryObjects();
  readonly #distrust: () => void;
  readonly #opened: Connected[] = [];

  private constructor(server: AzureServer) {
    this.server = server;
    this.#distrust = trust(server.ca);
  }

  static async start(options?: AzureOptions): Promise<AzureWorld> {
    return new AzureWorld(await startAzure(options));
  }

  /** A spec that works: a service principal with a client secret. */
  spec(members: object = {}): object {
    this.objects.putSecret('test/credentials', { data: { id: testApp.clientId, secret: `${testApp.clientSecret}\n` } });
    return { ...this.bareSpec(), authSecretRef: credentials, ...members };
  }

  bareSpec(): object {
    return { vaultUrl: this.server.url, tenantId: testTenant };
  }

  async connect(spec: object = this.spec(), options: TestConnectOptions = {}): Promise<SecretsClient> {
    return (await this.open(spec, options)).client;
  }

  async open(spec: object = this.spec(), options: TestConnectOptions = {}): Promise<Connected> {
    const environment = { AZURE_AUTHORITY_HOST: this.server.url, ...options.environment };
    const connected = await connectForTest(provider, spec, { objects: this.objects, ...options, environment });
    this.#opened.push(connected);
    return connected;
  }

  /** Between tests: closes all clients and heals the server. */
  async tidy(): Promise<void> {
    for (const { client, sessions } of this.#opened.splice(0)) {
      await client.close();
      await sessions.close();
    }
    this.server.reset();
    await this.server.listenAgain();
    this.objects = new MemoryObjects();
  }

  async stop(): Promise<void> {
    await this.tidy();
    this.#distrust();
    await this.server.stop();
  }
}

export const credentials = {
  clientId: { name: 'credentials', key: 'id' },
  clientSecret: { name: 'credentials', key: 'secret' },
};

/** Waits for nothing: a signal that never aborts. */
export const never = new AbortController().signal;
