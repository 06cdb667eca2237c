/** The suites of `testing/`, on the Vault in this process. */
import { describeAuth } from './testing/authsuite.ts';
import { describeDynamic } from './testing/dynamicsuite.ts';
import { describePush } from './testing/pushsuite.ts';
import { describeReads } from './testing/readsuite.ts';
import { describeTls } from './testing/tlssuite.ts';
import { describeTokens } from './testing/tokensuite.ts';
import { startFakeWorld } from './testing/world.ts';

describeReads(startFakeWorld);
describeAuth(startFakeWorld);
describeTokens(startFakeWorld);
describeDynamic(startFakeWorld);
describePush(startFakeWorld);
describeTls(startFakeWorld);
