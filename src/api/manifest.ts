/** Offline reading of manifests: what the API server would check, default and drop, with errors that name the place. */
import { z } from 'zod';
import type { Kind } from './kinds.ts';
import type { KubeObject } from './object.ts';
import { apiVersionOf } from './resource.ts';

/** What is wrong with a manifest, a line for each place; free of the values that stand there. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  readonly issues: readonly string[];

  constructor(issues: readonly string[]) {
    super(issues.join('; '));
    this.issues = issues;
  }
}

export interface ParsedManifest {
  readonly kind: Kind;
  /** With defaults, without unknown fields, in the version it is stored in. */
  readonly object: KubeObject;
  /** Paths of fields that were dropped, as the API server drops them. */
  readonly unknownFields: readonly string[];
}

const Envelope = z.looseObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  metadata: z.looseObject({
    name: z.string().min(1),
    namespace: z.string().exactOptional(),
    labels: z.record(z.string(), z.string()).exactOptional(),
    annotations: z.record(z.string(), z.string()).exactOptional(),
  }),
});

/**
 * Reads one object of the operator's kinds. CEL rules of providers that are not built are left to the API server.
 * @throws ManifestError
 */
export function parseManifest(kinds: readonly Kind[], value: unknown): ParsedManifest {
  const envelope = checked(Envelope, value);
  const kind = kinds.find((candidate) => isOfKind(envelope, candidate));
  if (kind === undefined) throw new ManifestError([`kind ${envelope.kind} of ${envelope.apiVersion} is not known`]);
  const { apiVersion: _, kind: name, metadata, ...content } = envelope;
  const parsed = checked(kind.schema, content);
  return {
    kind,
    object: { apiVersion: apiVersionOf(kind.resource), kind: name, metadata, ...parsed },
    unknownFields: droppedPaths(content, parsed),
  };
}

/** Whether the object is of this kind, in any version that is served. */
export function isOfKind(object: Pick<KubeObject, 'apiVersion' | 'kind'>, { resource, servesV1beta1 }: Kind): boolean {
  if (object.kind !== resource.kind) return false;
  if (object.apiVersion === apiVersionOf(resource)) return true;
  return servesV1beta1 && object.apiVersion === `${resource.group}/v1beta1`;
}

function checked<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value, {
    error: (issue) => (issue.code === 'invalid_type' && issue.input === undefined ? 'is required' : undefined),
  });
  if (!result.success) throw new ManifestError(result.error.issues.map(issueText));
  return result.data;
}

function issueText({ path, message }: z.core.$ZodIssue): string {
  const place = z.core.toDotPath(path);
  return place === '' ? message : `${place}: ${message}`;
}

function droppedPaths(before: unknown, after: unknown, path: readonly PropertyKey[] = []): readonly string[] {
  if (!isObject(before) || !isObject(after)) return [];
  return Object.entries(before).flatMap(([name, value]) => {
    const place = [...path, Array.isArray(before) ? Number(name) : name];
    if (value !== undefined && !Object.hasOwn(after, name)) return [z.core.toDotPath(place)];
    return droppedPaths(value, after[name], place);
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
