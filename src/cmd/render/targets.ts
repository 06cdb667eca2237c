/** What each kind of manifest renders to. */
import type { ExternalSecret } from '../../api/externalsecret.ts';
import { externalSecretKind, pushKinds } from '../../api/kinds.ts';
import { isOfKind, parseManifest } from '../../api/manifest.ts';
import type { KubeObject } from '../../api/object.ts';
import type { PushSecret } from '../../api/pushsecret.ts';
import { externalSecrets, pushSecrets } from '../../api/resources.ts';
import type { ManifestTarget } from '../../api/target.ts';
import { targetNameOf } from '../../controllers/externalsecret/desiredsecret.ts';
import { renderResource } from '../../controllers/externalsecret/generic/render.ts';
import { type EngineFor, renderSecret, renderTemplate } from '../../controllers/externalsecret/render.ts';
import type { SecretMap } from '../../provider/provider.ts';
import type { ManifestDocument } from './documents.ts';
import { resourceManifest, secretManifest, type TargetName } from './output.ts';
import { contentOf, sourcesAmong } from './sources.ts';

export interface Rendered {
  readonly source: ManifestDocument;
  /** Values by key, for `--key`; a generic target has none. */
  readonly data: SecretMap;
  readonly manifest: (show: boolean) => string;
}

export interface RenderContext {
  readonly documents: readonly ManifestDocument[];
  readonly values: SecretMap;
  readonly engineFor: EngineFor;
}

const kinds = [externalSecretKind(), ...pushKinds().filter(({ resource }) => resource.kind === pushSecrets.kind)];

export function isRenderable(object: KubeObject): boolean {
  return kinds.some((kind) => isOfKind(object, kind));
}

/** `kind/name` */
export function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.name}`;
}

/** @throws ManifestError for a manifest that the API server would refuse, TerminalError for a template that fails */
export function renderManifest(source: ManifestDocument, context: RenderContext): Rendered {
  const { object } = parseManifest(kinds, source.object);
  // Parsed by the schema of its kind.
  if (object.kind === externalSecrets.kind) return renderExternalSecret(source, object as ExternalSecret, context);
  return renderPushSecret(source, object as PushSecret, context);
}

function renderExternalSecret(source: ManifestDocument, object: ExternalSecret, context: RenderContext): Rendered {
  const { manifest } = object.spec.target;
  const named = { name: targetNameOf(object), namespace: source.object.metadata.namespace };
  if (manifest !== undefined) return renderGeneric(source, object, { ...named, ...manifest }, manifest, context);
  const sources = sourcesAmong(context.documents, named.namespace);
  const rendered = renderSecret(object, context.values, context.engineFor, sources);
  return secret(source, named, rendered);
}

function renderGeneric(
  source: ManifestDocument,
  object: ExternalSecret,
  target: TargetName,
  manifest: ManifestTarget,
  { documents, values, engineFor }: RenderContext,
): Rendered {
  const templates = { engineFor, sources: sourcesAmong(documents, target.namespace) };
  const rendered = renderResource(object, { manifest, values, templates });
  return { source, data: new Map(), manifest: (show) => resourceManifest(target, rendered, show) };
}

/** What would be pushed: the Secret that is among the manifests, or the given values, with the template on top. */
function renderPushSecret(source: ManifestDocument, object: PushSecret, context: RenderContext): Rendered {
  const template = object.spec?.template;
  const { namespace } = source.object.metadata;
  const pushed = object.spec?.selector.secret?.name ?? object.metadata.name;
  const content = contentOf(context.documents, { kind: 'Secret', name: pushed, namespace });
  const values: SecretMap = new Map([...(content ?? []), ...context.values]);
  const sources = sourcesAmong(context.documents, namespace);
  const options = { engineFor: context.engineFor, sources, keepsValues: true };
  const bare = { type: undefined, data: values, labels: {}, annotations: {}, finalizers: [] };
  return secret(
    source,
    { name: pushed, namespace },
    template === undefined ? bare : renderTemplate(template, values, options),
  );
}

function secret(
  source: ManifestDocument,
  named: Pick<TargetName, 'name' | 'namespace'>,
  rendered: ReturnType<typeof renderSecret>,
): Rendered {
  const target = { apiVersion: 'v1', kind: 'Secret', ...named };
  return { source, data: rendered.data, manifest: (show) => secretManifest(target, rendered, show) };
}
