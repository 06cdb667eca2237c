/** Order of resourceVersions: decimal numbers of any length in every API server (KEP-5504 made it part of the API). */

const decimal = /^[0-9]+$/;

/** Whether `version` is surely older than `other`; false for anything that cannot be compared. */
export function isOlderVersion(version: string | undefined, other: string): boolean {
  if (version === undefined || !decimal.test(version) || !decimal.test(other)) return false;
  return version.length === other.length ? version < other : version.length < other.length;
}
