/** The suite that every provider passes: what the controllers rely on, whatever the backend. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Abilities, ContractBackend } from './backend.ts';
import { type Check, openCase } from './contractcase.ts';
import { describeFaults } from './contractfaults.ts';
import { describeFind } from './contractfind.ts';
import { describePush } from './contractpush.ts';
import { describeReads } from './contractreads.ts';
import { describeValues } from './contractvalues.ts';

export interface ContractOptions {
  /** Such as `aws SecretsManager`. */
  readonly name: string;
  readonly can: Abilities;
  /** Patience with one call while the backend hangs. Default 400 ms. */
  readonly hangTimeoutMs?: number;
  /** Runs once; the backend is stopped at the end. */
  start(): Promise<ContractBackend>;
}

/**
 * Registers the suite. A provider that passes can be used by every controller.
 * @example describeProviderContract({ name: 'fake', can: { bytes: 'text', find: ['name'] }, start: startFakeBackend });
 */
export function describeProviderContract(options: ContractOptions): void {
  const { name, can } = options;
  describe(`the provider contract, ${name}`, () => {
    let backend: ContractBackend | undefined;
    beforeAll(async () => {
      backend = await options.start();
    });
    afterAll(async () => backend?.stop());
    const check: Check = (title, run) =>
      it(title, async () => {
        if (backend === undefined) throw new Error('the backend did not start');
        await using test = await openCase(backend);
        await run(test);
      });
    describeLifecycle(check);
    describeValues(check, can);
    describeReads(check, can);
    if (can.find !== undefined) describeFind(check, can.find, can.findKeepsNames ?? true);
    if (can.push === true) describePush(check);
    describeFaults(check, can, options.hangTimeoutMs ?? 400);
  });
}

function describeLifecycle(check: Check): void {
  check('accepts its own spec', async ({ backend, context }) => {
    const spec = backend.provider.Spec.parse(backend.spec);
    expect(backend.provider.validate(spec, context.store).errors).toEqual([]);
  });

  check('connects, and proves that the store can be used', async ({ client, signal }) => {
    expect(await client.validate(signal)).toBe('ready');
  });

  check('closes, also when it is told to twice', async (test) => {
    const client = await test.connect();
    await client.close();
    await client.close();
  });
}
