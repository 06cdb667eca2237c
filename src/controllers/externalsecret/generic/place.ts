/** Where in a generic target a template's output goes. Pure. */
import type { ManifestTarget } from '../../../api/target.ts';
import { type Path, PathError, parsePath } from './path.ts';

export type Place =
  | { readonly kind: 'labels' | 'annotations' }
  | {
      readonly kind: 'content';
      readonly path: Path;
      /** What stands there is text: a ConfigMap's data. Elsewhere rendered values are read as YAML. */
      readonly holdsText: boolean;
      /** A document put there takes the place of what was there before, instead of being merged into it. */
      readonly replaces: boolean;
    };

/** Identity and ownership are ours, the status is the controller's that acts on the object. */
const forbidden = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/**
 * The four names are matched without regard to case; anything else is a path, and one of a single key replaces, as in
 * ESO.
 * @throws PathError
 */
export function placeOf(target: string | undefined, manifest: ManifestTarget): Place {
  switch ((target ?? '').toLowerCase()) {
    case '':
    case 'data':
      return content(['data'], manifest);
    case 'spec':
      return content(['spec'], manifest);
    case 'labels':
    case 'metadata.labels':
      return { kind: 'labels' };
    case 'annotations':
    case 'metadata.annotations':
      return { kind: 'annotations' };
    default:
      return placeAt(parsePath(target ?? ''), manifest);
  }
}

/** Where the provider's data goes: the data of a ConfigMap, `spec.data` of every other kind. */
export function providerPlace(manifest: ManifestTarget): Place {
  return content(isConfigMap(manifest) ? ['data'] : ['spec', 'data'], manifest);
}

function placeAt(path: Path, manifest: ManifestTarget): Place {
  if (forbidden.has(path[0])) {
    throw new PathError(
      `"${path[0]}" cannot be written by a template, except for metadata.labels and metadata.annotations`,
    );
  }
  return { ...content(path, manifest), replaces: path.length === 1 };
}

function content(path: Path, manifest: ManifestTarget): Extract<Place, { kind: 'content' }> {
  return { kind: 'content', path, holdsText: isConfigMap(manifest) && path[0] === 'data', replaces: false };
}

function isConfigMap({ apiVersion, kind }: ManifestTarget): boolean {
  return apiVersion === 'v1' && kind === 'ConfigMap';
}
