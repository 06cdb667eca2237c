/** What was rendered, as a manifest. Values are masked unless they are asked for. */
import { isUtf8 } from 'node:buffer';
import { stringify } from 'yaml';
import type { RenderedResource } from '../../controllers/externalsecret/generic/render.ts';
import { jsonObjectOf, type Tree, type TreeMap } from '../../controllers/externalsecret/generic/tree.ts';
import type { RenderedSecret } from '../../controllers/externalsecret/render.ts';

export interface TargetName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
}

/** Text as `stringData`, so that it can be read; bytes that are no text as `data`. */
export function secretManifest(target: TargetName, rendered: RenderedSecret, show: boolean): string {
  const entries = [...rendered.data].toSorted(([left], [right]) => (left < right ? -1 : 1));
  const texts = entries.filter(([, value]) => !show || isUtf8(value));
  const binaries = entries.filter(([, value]) => show && !isUtf8(value));
  return yaml({
    ...envelope(target, rendered.labels, rendered.annotations),
    type: rendered.type ?? 'Opaque',
    ...optional('stringData', Object.fromEntries(texts.map(([key, value]) => [key, shown(value, show)]))),
    ...optional(
      'data',
      Object.fromEntries(binaries.map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
    ),
  });
}

export function resourceManifest(target: TargetName, rendered: RenderedResource, show: boolean): string {
  const content: TreeMap = show ? rendered.content : masked(rendered.content);
  const [labels, annotations] = [Object.fromEntries(rendered.labels), Object.fromEntries(rendered.annotations)];
  return yaml({ ...envelope(target, labels, annotations), ...jsonObjectOf(content) });
}

/** `*** (12 bytes)` */
export function shown(value: Uint8Array, show: boolean): string {
  if (show) return Buffer.from(value).toString();
  return `*** (${value.length} ${value.length === 1 ? 'byte' : 'bytes'})`;
}

function envelope(
  { apiVersion, kind, name, namespace }: TargetName,
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
): object {
  const metadata = {
    name,
    ...(namespace !== undefined && { namespace }),
    ...optional('labels', labels),
    ...optional('annotations', annotations),
  };
  return { apiVersion, kind, metadata };
}

function optional(name: string, map: Readonly<Record<string, string>>): object {
  return Object.keys(map).length === 0 ? {} : { [name]: map };
}

/** All texts and numbers, whatever they stand in. */
function masked(tree: TreeMap): TreeMap {
  return new Map(Array.from(tree, ([key, value]) => [key, maskedTree(value)]));
}

function maskedTree(tree: Tree): Tree {
  if (Array.isArray(tree)) return tree.map(maskedTree);
  if (tree instanceof Map) return masked(tree);
  return typeof tree === 'string' || typeof tree === 'number' ? shown(Buffer.from(String(tree)), false) : tree;
}

function yaml(manifest: object): string {
  return stringify(manifest, { lineWidth: 0 });
}
