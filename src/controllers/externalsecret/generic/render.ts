/** Turns provider data into the content and metadata of a generic target, through `spec.target.template`. Pure. */
import type { ExternalSecret } from '../../../api/externalsecret.ts';
import type { ManifestTarget } from '../../../api/target.ts';
import type { Template, TemplateFrom, TemplateItem } from '../../../api/template.ts';
import { decode } from '../../../lib/decoding.ts';
import type { SecretMap } from '../../../provider/provider.ts';
import { type EngineFor, keepsProviderData, type TemplateEngine, type TemplateSources, terminal } from '../render.ts';
import { ResourceDraft } from './draft.ts';
import { textOf } from './leaf.ts';
import { type Place, placeOf, providerPlace } from './place.ts';
import type { TreeMap } from './tree.ts';

export interface RenderedResource {
  /** What stands beside the metadata, as far as it is ours. */
  readonly content: TreeMap;
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  readonly finalizers: readonly string[];
}

export interface ResourceInput {
  readonly manifest: ManifestTarget;
  readonly values: SecretMap;
  /** Present when there is a template. */
  readonly templates?: TemplateInput | undefined;
  /** The target as it is, when it is shared with others. Is changed. */
  readonly base?: TreeMap | undefined;
}

export interface TemplateInput {
  readonly engineFor: EngineFor;
  readonly sources: TemplateSources;
}

/** kubectl's memory of the ExternalSecret: on another object it would mislead the next `kubectl apply`. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * In the order of `renderSecret`: provider data, `templateFrom` in list order (ConfigMap, Secret, literal),
 * `template.data`, labels, annotations; what comes later wins.
 * @throws TerminalError that names the template which failed
 */
export function renderResource(externalSecret: ExternalSecret, input: ResourceInput): RenderedResource {
  const { manifest, values, templates, base } = input;
  const template = externalSecret.spec.target.template;
  const draft = new ResourceDraft(base);
  if (template === undefined || keepsProviderData(template)) putProviderData(draft, manifest, values);
  if (template === undefined) copyMetadata(draft, externalSecret);
  else if (templates !== undefined) {
    const engine = templates.engineFor(template.engineVersion);
    new ResourceTemplating({ draft, manifest, values, engine, sources: templates.sources }).apply(template);
  }
  const { labels, annotations } = draft;
  return { content: draft.content(), labels, annotations, finalizers: template?.metadata?.finalizers ?? [] };
}

function putProviderData(draft: ResourceDraft, manifest: ManifestTarget, values: SecretMap): void {
  const place = providerPlace(manifest);
  for (const [key, value] of values) terminal(`key ${key}`, () => draft.putText(place, key, textOf(value)));
}

/** Without a template all labels and annotations of the ExternalSecret go to the target, as in ESO. */
function copyMetadata(draft: ResourceDraft, { metadata }: ExternalSecret): void {
  const { labels = {}, annotations = {} } = metadata;
  for (const [key, value] of Object.entries(labels)) draft.putText({ kind: 'labels' }, key, value);
  for (const [key, value] of Object.entries(annotations)) {
    if (key !== lastApplied) draft.putText({ kind: 'annotations' }, key, value);
  }
}

interface ResourceTemplatingOptions {
  readonly draft: ResourceDraft;
  readonly manifest: ManifestTarget;
  readonly values: SecretMap;
  readonly engine: TemplateEngine;
  readonly sources: TemplateSources;
}

type Decoding = TemplateFrom['valuesDecodingStrategy'];

class ResourceTemplating {
  readonly #options: ResourceTemplatingOptions;

  constructor(options: ResourceTemplatingOptions) {
    this.#options = options;
  }

  apply(template: Template): void {
    for (const [index, from] of (template.templateFrom ?? []).entries()) {
      this.#applyFrom(from, `template.templateFrom[${index}]`);
    }
    this.#applyTexts(placeOf('data', this.#options.manifest), template.data, 'template.data');
    this.#applyTexts({ kind: 'labels' }, template.metadata?.labels, 'template.metadata.labels');
    this.#applyTexts({ kind: 'annotations' }, template.metadata?.annotations, 'template.metadata.annotations');
  }

  #applyTexts(place: Place, texts: Readonly<Record<string, string>> | undefined, where: string): void {
    for (const [key, text] of Object.entries(texts ?? {})) this.#putValue(place, key, text, where, undefined);
  }

  #applyFrom(from: TemplateFrom, where: string): void {
    const { manifest, sources } = this.#options;
    const place = terminal(`${where}.target`, () => placeOf(from.target, manifest));
    const decoding = from.valuesDecodingStrategy;
    for (const [kind, reference] of [['ConfigMap', from.configMap] as const, ['Secret', from.secret] as const]) {
      for (const item of reference?.items ?? []) {
        this.#applyItem(place, item, sources.text(kind, reference?.name ?? '', item.key), where, decoding);
      }
    }
    if (from.literal !== undefined) this.#putDocument(place, 'literal', from.literal, where, decoding);
  }

  #applyItem(place: Place, item: TemplateItem, text: string, where: string, decoding: Decoding): void {
    if (item.templateAs === 'KeysAndValues') this.#putDocument(place, item.key, text, where, decoding);
    else this.#putValue(place, item.key, text, where, decoding);
  }

  #putValue(place: Place, key: string, text: string, where: string, decoding: Decoding): void {
    terminal(`${where}: unable to execute template at key ${key}`, () =>
      this.#options.draft.putValue(place, key, textOf(decode(decoding, this.#render(text, key)))),
    );
  }

  #putDocument(place: Place, name: string, text: string, where: string, decoding: Decoding): void {
    terminal(`${where}: unable to execute template at key ${name}`, () =>
      this.#options.draft.putDocument(place, textOf(this.#render(text, name)), (value) =>
        textOf(decode(decoding, Buffer.from(value))),
      ),
    );
  }

  #render(text: string, name: string): Uint8Array {
    return this.#options.engine.render(text, this.#options.values, name);
  }
}
