/** What one case of the contract suite works with: a client of its own, and a name that nobody else uses. */
import { randomUUID } from 'node:crypto';
import type { ConnectContext } from '../context.ts';
import type { SecretsClient } from '../provider.ts';
import type { ContractBackend } from './backend.ts';
import { connectForTest, type TestConnectOptions } from './connect.ts';

export interface ContractCase extends AsyncDisposable {
  readonly backend: ContractBackend;
  readonly client: SecretsClient;
  readonly context: ConnectContext;
  readonly name: string;
  readonly signal: AbortSignal;
  /** Another client of the same store; closed with the case. */
  connect(options?: TestConnectOptions): Promise<SecretsClient>;
}

/** Registers one case of the suite. */
export type Check = (title: string, run: (test: ContractCase) => Promise<void>) => void;

export async function openCase(backend: ContractBackend): Promise<ContractCase> {
  const opened: (() => Promise<void>)[] = [];
  const open = async (
    options: TestConnectOptions = {},
  ): Promise<{ client: SecretsClient; context: ConnectContext }> => {
    const test = await connectForTest(backend.provider, backend.spec, { ...backend.connect, ...options });
    opened.push(async () => {
      await test.client.close();
      await test.sessions.close();
    });
    return test;
  };
  const { client, context } = await open();
  return {
    backend,
    client,
    context,
    name: `contract-${randomUUID().slice(0, 13)}`,
    signal: new AbortController().signal,
    connect: async (options) => (await open(options)).client,
    async [Symbol.asyncDispose]() {
      for (const close of opened) await close();
    },
  };
}
