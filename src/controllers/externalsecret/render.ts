/** Turns provider data into the data, labels and annotations of the target, through `spec.target.template`. Pure. */
import type { ExternalSecret } from '../../api/externalsecret.ts';
import type { Template, TemplateFrom, TemplateItem } from '../../api/template.ts';
import { type DecodingStrategy, decode } from '../../lib/decoding.ts';
import type { SecretMap } from '../../provider/provider.ts';
import { TerminalError, toError } from '../../runtime/errors.ts';
import { parseStringMap } from '../../template/yaml/stringmap.ts';
import { hideQuotations } from './opentexts.ts';

/** Renders one template text. `name` is what errors call it. @throws when the template is wrong */
export interface TemplateEngine {
  render(text: string, values: SecretMap, name: string): Uint8Array;
}

/** Gives the engine of a template's `engineVersion`. */
export type EngineFor = (engineVersion: string | undefined) => TemplateEngine;

/** The ConfigMaps and Secrets that `templateFrom` names, read before rendering starts. */
export interface TemplateSources {
  /** The text under `key`. @throws TerminalError when the object or the key is missing */
  text(kind: 'ConfigMap' | 'Secret', name: string, key: string): string;
}

export interface RenderedSecret {
  readonly type: string | undefined;
  readonly data: SecretMap;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly finalizers: readonly string[];
}

/**
 * Applies the template in ESO's order: metadata, provider data, `templateFrom` entries in list order (inside one entry
 * ConfigMap, Secret, literal), `template.data`, then labels and annotations; what comes later wins.
 * @throws TerminalError naming the template that failed
 */
export function renderSecret(
  externalSecret: ExternalSecret,
  values: SecretMap,
  engineFor: EngineFor,
  sources: TemplateSources,
): RenderedSecret {
  const template = externalSecret.spec.target.template;
  if (template === undefined) return untemplated(externalSecret, values);
  return renderTemplate(template, values, { engineFor, sources, keepsValues: keepsProviderData(template) });
}

export interface TemplateContext {
  readonly engineFor: EngineFor;
  readonly sources: TemplateSources;
  /** The values themselves are part of the result, below what the template makes. */
  readonly keepsValues: boolean;
}

/**
 * A template by itself, of an ExternalSecret or a PushSecret.
 * @throws TerminalError naming the template that failed
 */
export function renderTemplate(
  template: Template,
  values: SecretMap,
  { engineFor, sources, keepsValues }: TemplateContext,
): RenderedSecret {
  assertSafeType(template);
  const rendering = new Rendering(values, engineFor(template.engineVersion));
  if (keepsValues) rendering.copyValues();
  for (const [index, from] of (template.templateFrom ?? []).entries()) rendering.applyFrom(from, index, sources);
  rendering.applyTexts('Data', template.data, 'data');
  rendering.applyTexts('Labels', template.metadata?.labels, 'metadata.labels');
  rendering.applyTexts('Annotations', template.metadata?.annotations, 'metadata.annotations');
  return {
    type: template.type || undefined,
    data: rendering.data,
    labels: rendering.labels,
    annotations: assertNoTokenRequest(template, rendering.annotations),
    finalizers: template.metadata?.finalizers ?? [],
  };
}

/** Without a template all labels and annotations of the ExternalSecret go to the Secret, as in ESO. */
export function untemplated(externalSecret: ExternalSecret, values: SecretMap): RenderedSecret {
  const { labels = {}, annotations = {} } = externalSecret.metadata;
  return { type: undefined, data: values, labels, annotations, finalizers: [] };
}

/** Whether what was read goes into the target as it is, under what the template makes. */
export function keepsProviderData(template: Template): boolean {
  const hasTexts = Object.keys(template.data ?? {}).length > 0 || (template.templateFrom ?? []).length > 0;
  return !hasTexts || template.mergePolicy === 'Merge';
}

type Target = 'Data' | 'Labels' | 'Annotations';

/** The target under construction. */
class Rendering {
  readonly data: SecretMap = new Map();
  readonly labels: Record<string, string> = {};
  readonly annotations: Record<string, string> = {};
  readonly #values: SecretMap;
  readonly #engine: TemplateEngine;

  constructor(values: SecretMap, engine: TemplateEngine) {
    this.#values = values;
    this.#engine = engine;
  }

  copyValues(): void {
    for (const [key, value] of this.#values) this.data.set(key, value);
  }

  applyTexts(target: Target, texts: Readonly<Record<string, string>> | undefined, path: string): void {
    for (const [key, text] of Object.entries(texts ?? {})) {
      this.#set(target, key, this.#render(text, key, `template.${path}`));
    }
  }

  applyFrom(from: TemplateFrom, index: number, sources: TemplateSources): void {
    const path = `template.templateFrom[${index}]`;
    const target = targetOf(from.target, path);
    const decoding = from.valuesDecodingStrategy;
    for (const [kind, reference] of [['ConfigMap', from.configMap] as const, ['Secret', from.secret] as const]) {
      for (const item of reference?.items ?? []) {
        const text = sources.text(kind, reference?.name ?? '', item.key);
        this.#applyItem(target, item, text, path, decoding);
      }
    }
    if (from.literal !== undefined) this.#applyMap(target, from.literal, 'literal', path, decoding);
  }

  #applyItem(
    target: Target,
    item: TemplateItem,
    text: string,
    path: string,
    decoding: DecodingStrategy | undefined,
  ): void {
    if (item.templateAs === 'KeysAndValues') {
      this.#applyMap(target, text, item.key, path, decoding);
      return;
    }
    this.#set(target, item.key, decode(decoding, this.#render(text, item.key, path)));
  }

  /** The rendered text is a YAML map of strings: keys and values both come from the template. */
  #applyMap(target: Target, text: string, name: string, path: string, decoding: DecodingStrategy | undefined): void {
    const rendered = this.#render(text, name, path);
    const entries = terminal(path, () => parseMap(rendered, text));
    for (const [key, value] of entries) {
      const name = Buffer.from(key, 'latin1').toString();
      this.#set(
        target,
        name,
        terminal(path, () => decode(decoding, Buffer.from(value, 'latin1'))),
      );
    }
  }

  #render(text: string, key: string, path: string): Uint8Array {
    return terminal(`${path}: unable to execute template at key ${key}`, () =>
      this.#engine.render(text, this.#values, key),
    );
  }

  #set(target: Target, key: string, value: Uint8Array): void {
    if (target === 'Data') this.data.set(key, value);
    else this[target === 'Labels' ? 'labels' : 'annotations'][key] = Buffer.from(value).toString();
  }
}

/** @param template may be repeated by errors: the keys that they quote can be made of values */
function parseMap(rendered: Uint8Array, template: string): ReadonlyMap<string, string> {
  try {
    return parseStringMap(Buffer.from(rendered).toString('latin1'));
  } catch (error) {
    throw new Error(hideQuotations(toError(error).message, template), { cause: error });
  }
}

/** `target` is matched without regard to case; anything but the three is refused for Secrets. */
function targetOf(target: string | undefined, path: string): Target {
  switch ((target ?? '').toLowerCase()) {
    case '':
    case 'data':
      return 'Data';
    case 'labels':
      return 'Labels';
    case 'annotations':
      return 'Annotations';
    default:
      throw new TerminalError(
        'SecretSyncedError',
        `${path}.target: "${target}" is not a part of a Secret; use Data, Labels or Annotations`,
      );
  }
}

const tokenType = 'kubernetes.io/service-account-token';
const tokenAnnotation = 'kubernetes.io/service-account.name';

/** A bootstrap token would let whoever writes an ExternalSecret join nodes to the cluster. */
function assertSafeType(template: Template): void {
  if (template.type === 'bootstrap.kubernetes.io/token') {
    throw new TerminalError('SecretSyncedError', `template.type: "${template.type}" is not allowed`);
  }
}

/** A token Secret naming a ServiceAccount would let whoever writes an ExternalSecret become it (CVE-2026-42876). */
function assertNoTokenRequest(
  template: Template,
  annotations: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (template.type === tokenType && Object.hasOwn(annotations, tokenAnnotation)) {
    throw new TerminalError(
      'SecretSyncedError',
      `template.type: "${tokenType}" with annotation "${tokenAnnotation}" is not allowed`,
    );
  }
  return annotations;
}

/** Runs a part of a rendering; whatever is wrong there, only the user can mend it. @throws TerminalError */
export function terminal<T>(where: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof TerminalError) throw error;
    const message = error instanceof Error ? error.message : 'failed';
    throw new TerminalError('SecretSyncedError', `${where}: ${message}`, { cause: error });
  }
}
