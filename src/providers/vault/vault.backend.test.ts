/** The suites of `testing/`, on the real Vault. */
import { describe } from 'vitest';
import { lacksVault } from '../../../test/support/vaultbinary.ts';
import { describeAuth } from './testing/authsuite.ts';
import { describeDynamic } from './testing/dynamicsuite.ts';
import { describePush } from './testing/pushsuite.ts';
import { describeReads } from './testing/readsuite.ts';
import { describeTls } from './testing/tlssuite.ts';
import { describeTokens } from './testing/tokensuite.ts';
import { startRealWorld } from './testing/world.ts';

describe.skipIf(await lacksVault())('on a real Vault', () => {
  describeReads(startRealWorld);
  describeAuth(startRealWorld);
  describeTokens(startRealWorld);
  describeDynamic(startRealWorld);
  describePush(startRealWorld);
  describeTls(startRealWorld);
});
