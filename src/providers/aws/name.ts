/** Names of secrets and parameters, with what the store puts before them. */

/** ARNs are whole already. */
export function prefixed(prefix: string | undefined, key: string): string {
  return key.startsWith('arn:') ? key : `${prefix ?? ''}${key}`;
}
