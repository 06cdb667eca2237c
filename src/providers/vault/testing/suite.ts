/** Suites that run on both Vaults: each gets a world of its own. */
import { afterAll, beforeAll, describe } from 'vitest';
import type { StartWorld, VaultWorld } from './world.ts';

/** Defines a suite; `world` is there from the first test on. */
export function describeOn(title: string, start: StartWorld, define: (world: () => VaultWorld) => void): void {
  describe(title, () => {
    let world: VaultWorld | undefined;
    beforeAll(async () => {
      world = await start();
    });
    afterAll(async () => world?.stop());
    define(() => {
      if (world === undefined) throw new Error('the Vault did not start');
      return world;
    });
  });
}
