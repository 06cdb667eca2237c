/** Targets that are not Secrets (`spec.target.manifest`), behind `--unsafe-allow-generic-targets`. */
import type { ExternalSecret } from '../../api/externalsecret.ts';
import { TerminalError } from '../../runtime/errors.ts';
import type { ExternalSecretDeps } from './deps.ts';
import type { SyncOutcome } from './outcome.ts';

/** As ESO does without its flag: the object says that such targets are not allowed. */
export async function syncManifest(_deps: ExternalSecretDeps, externalSecret: ExternalSecret): Promise<SyncOutcome> {
  const { apiVersion = '', kind = '' } = externalSecret.spec.target.manifest ?? {};
  throw new TerminalError(
    'ResourceSyncedError',
    `invalid generic target: targets of kind ${apiVersion} ${kind} are not supported by this version`,
  );
}
