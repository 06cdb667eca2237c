/** Where tests keep what takes long to make: outside of the checkout, shared by all of them. */
import { homedir } from 'node:os';
import { join } from 'node:path';

export function cacheFolder(): string {
  return process.env['EXTERNAL_SECRETS_CACHE'] || join(homedir(), '.cache', 'external-secrets-operator');
}
