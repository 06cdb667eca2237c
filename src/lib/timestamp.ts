/** Times as Kubernetes writes them. */

/** RFC 3339 in UTC with whole seconds. */
export function timestamp(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
