/** What Argo CD takes for drift: its comparison of an object that has a CRD, without server-side diff. */

/**
 * Paths at which the cluster's object differs from the manifest. Members that the manifest does not have are not looked
 * at; lists are compared whole, as a JSON merge patch replaces them.
 */
export function driftPaths(manifest: unknown, live: unknown, path = ''): readonly string[] {
  if (isMap(manifest) && isMap(live))
    return Object.entries(manifest).flatMap(([key, value]) =>
      driftPaths(value, live[key], path === '' ? key : `${path}.${key}`),
    );
  return isSame(manifest, live) ? [] : [path];
}

function isSame(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => isSame(item, right[index]));
  if (!isMap(left) || !isMap(right)) return left === right;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => isSame(left[key], right[key]));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
