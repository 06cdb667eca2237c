/** Which version of a secret is read when none, or `latest`, is asked for. */
import { ProviderError } from '../../provider/errors.ts';
import type { AccessedVersion, SecretManagerApi } from './api.ts';
import { GoogleApiError } from './apierror.ts';
import { latestVersion, type Place, secretName, versionName } from './resourcename.ts';

/** `LatestOrFail`, which is the default, and everything else that is not this. */
export const latestOrFetch = 'LatestOrFetch';

/** The latest version; the newest that is enabled when the latest is not. */
export async function accessNewest(
  api: SecretManagerApi,
  place: Place,
  key: string,
  signal: AbortSignal,
): Promise<AccessedVersion> {
  try {
    return await api.accessSecretVersion(versionName(place, key, latestVersion), signal);
  } catch (error) {
    const newest = isNotEnabled(error) ? await api.newestEnabledVersion(secretName(place, key), signal) : undefined;
    if (newest === undefined) throw error;
    return api.accessSecretVersion(newest.name ?? '', signal);
  }
}

/**
 * Whether a version was refused for being disabled or destroyed. The API has one code for every unmet condition, a
 * disabled encryption key for one: only the message tells, as ESO 2.9 has it.
 */
export function isNotEnabled(error: unknown): boolean {
  if (!(error instanceof ProviderError) || !(error.cause instanceof GoogleApiError)) return false;
  const { code, message } = error.cause;
  return code === 'FAILED_PRECONDITION' && /\b(?:DISABLED|DESTROYED) state/.test(message);
}
