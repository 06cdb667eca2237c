/** Whether the real Vault can be had: built, or built now. */
import { buildGoBinary, NoGoError } from './gobinary.ts';
import { vaultModule } from './vaultserver.ts';

/**
 * For `describe.skipIf`; says why on the console. With `CI=true` there is no excuse.
 * @throws when the build fails
 */
export async function lacksVault(): Promise<boolean> {
  try {
    await buildGoBinary(vaultModule);
    return false;
  } catch (error) {
    if (!(error instanceof NoGoError) || process.env['CI'] === 'true') throw error;
    console.warn(`the suites on a real Vault are skipped: ${error.message}`);
    return true;
  }
}
