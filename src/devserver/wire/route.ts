/** Which resource a path names. */

export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly namespace: string | undefined;
  readonly plural: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** Undefined: no path of a resource. */
export function resourcePath(path: string): ResourcePath | undefined {
  const segments = path.split('/').slice(1).map(decoded);
  if (segments.includes('')) return undefined;
  const [root, ...rest] = segments;
  if (root === 'api') return below('', rest);
  return root === 'apis' ? below(rest[0] ?? '', rest.slice(1)) : undefined;
}

function below(group: string, [version, ...rest]: readonly (string | undefined)[]): ResourcePath | undefined {
  if (version === undefined) return undefined;
  const [first, second, third, ...tail] = rest;
  const isScoped = first === 'namespaces' && third !== undefined && !isPartOfNamespace(group, third, tail.length);
  const namespace = isScoped ? second : undefined;
  const [plural, name, subresource, extra] = isScoped ? [third, ...tail] : rest;
  if (plural === undefined || extra !== undefined) return undefined;
  return { group, version, namespace, plural, name, subresource };
}

/** `/api/v1/namespaces/x/status` is a part of the namespace, not a resource in it. */
function isPartOfNamespace(group: string, third: string, deeper: number): boolean {
  return group === '' && deeper === 0 && (third === 'status' || third === 'finalize');
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
