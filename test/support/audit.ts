/** What the API server's audit log says of one user. */
import { readFile } from 'node:fs/promises';

export interface ApiCall {
  readonly verb: string;
  readonly group: string;
  /** With its subresource, as in RBAC: `secretstores/status`. */
  readonly resource: string;
  /** Empty for calls about the cluster or about all namespaces. */
  readonly namespace: string;
  readonly code: number;
}

interface AuditEvent {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly apiGroup?: string;
    readonly namespace?: string;
  };
  readonly responseStatus?: { readonly code?: number };
}

/** In their order; calls of paths that are no resources are left out. */
export async function callsOf(auditLogPath: string, serviceAccount: string): Promise<readonly ApiCall[]> {
  const lines = (await readFile(auditLogPath, 'utf8')).trimEnd().split('\n');
  const events = lines.map((line) => JSON.parse(line) as AuditEvent);
  return events
    .filter(({ user }) => user.username === `system:serviceaccount:${serviceAccount}`)
    .flatMap(({ verb, objectRef, responseStatus }) => {
      if (objectRef?.resource === undefined) return [];
      const { resource, subresource, apiGroup: group = '', namespace = '' } = objectRef;
      const full = subresource === undefined ? resource : `${resource}/${subresource}`;
      return [{ verb, group, resource: full, namespace, code: responseStatus?.code ?? 0 }];
    });
}

export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** `verb resource.group`, one for each thing that the rules grant. */
export function grantsOf(rules: readonly PolicyRule[]): ReadonlySet<string> {
  return new Set(
    rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => grant(verb, resource, group)))),
    ),
  );
}

export function grant(verb: string, resource: string, group: string): string {
  return group === '' ? `${verb} ${resource}` : `${verb} ${resource}.${group}`;
}
