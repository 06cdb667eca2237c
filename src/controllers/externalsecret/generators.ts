/** Runs generators on behalf of ExternalSecrets: finds the object, checks its class, gives it a namespace to work in. */
import { type ClusterGenerator, clusterSpecKeys, type GeneratorObject } from '../../api/generator.ts';
import type { KubeObject } from '../../api/object.ts';
import type { GeneratorRef } from '../../api/refs.ts';
import type { Resource } from '../../api/resource.ts';
import { clusterGenerators, generators as generatorResources } from '../../api/resources.ts';
import { orAbort } from '../../lib/abort.ts';
import { defaultRetrySettings } from '../../provider/apicaller.ts';
import { RateBudget } from '../../provider/budget.ts';
import { type ConnectServices, connectContext } from '../../provider/connectcontext.ts';
import type { Generator, GeneratorContext } from '../../provider/generator.ts';
import type { ObjectReader } from '../../provider/objectreader.ts';
import type { SecretMap } from '../../provider/provider.ts';
import type { Registry } from '../../provider/registry.ts';
import { ScopedLookups } from '../../provider/scopedobjects.ts';
import { TerminalError } from '../../runtime/errors.ts';
import { joinKey } from '../../runtime/key.ts';
import type { LazyInformers } from '../../runtime/lazyinformers.ts';

export interface GeneratorRunnerOptions {
  /** By kind. */
  readonly generators: Registry<Generator>;
  readonly informers: LazyInformers;
  readonly reader: ObjectReader;
  readonly services: ConnectServices;
  readonly controllerClass: string;
}

interface NamedGenerator {
  readonly kind: string;
  readonly spec: unknown;
}

export class GeneratorRunner {
  readonly #options: GeneratorRunnerOptions;

  constructor(options: GeneratorRunnerOptions) {
    this.#options = options;
  }

  /**
   * Makes new values. The generator is looked up in `namespace` alone, and works in it, also when a ClusterGenerator
   * holds its spec.
   * @throws TerminalError when there is no such generator, ProviderError when it fails
   */
  async generate(reference: GeneratorRef, namespace: string, signal: AbortSignal): Promise<SecretMap> {
    const { kind, spec } = await this.#find(reference, namespace, signal);
    const load = this.#options.generators.get(kind);
    if (load === undefined) throw terminal(`generator "${kind}" is not supported by this operator yet`);
    const generator = await load();
    const { values } = await generator.generate(this.#parse(generator, spec), this.#context(namespace, signal));
    return values;
  }

  /** The class of a generator: `spec.controller`, where its kind has that field. Undefined: nobody's in particular. */
  async isOwnClass(reference: GeneratorRef, namespace: string, signal: AbortSignal): Promise<boolean> {
    const object = await this.#lookup(reference, namespace, signal);
    const named = object && namedGeneratorOf(reference, object);
    const controller = (named?.spec as { readonly controller?: string } | undefined)?.controller;
    return !controller || controller === this.#options.controllerClass;
  }

  async #find(reference: GeneratorRef, namespace: string, signal: AbortSignal): Promise<NamedGenerator> {
    const object = await this.#lookup(reference, namespace, signal);
    if (object !== undefined) return namedGeneratorOf(reference, object);
    const where = reference.kind === 'ClusterGenerator' ? '' : ` in namespace "${namespace}"`;
    throw terminal(`${reference.kind} "${reference.name}" does not exist${where}`);
  }

  async #lookup(reference: GeneratorRef, namespace: string, signal: AbortSignal): Promise<KubeObject | undefined> {
    const resource: Resource = resourceOf(reference);
    const informer = this.#options.informers.of(resource);
    await orAbort(informer.whenSynced(signal), signal);
    return informer.lister.get(joinKey(resource.namespaced ? namespace : undefined, reference.name));
  }

  #parse(generator: Generator, spec: unknown): unknown {
    const parsed = generator.Spec.safeParse(spec ?? {});
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw terminal(`${generator.kind}: spec.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`);
  }

  #context(namespace: string, signal: AbortSignal): GeneratorContext {
    const { reader, services } = this.#options;
    const objects = new ScopedLookups({ scope: { kind: 'namespace', namespace }, reader, signal });
    const store = { kind: 'SecretStore', name: 'generator', namespace, uid: '', generation: 0 } as const;
    const budget = new RateBudget({ clock: services.clock });
    return connectContext({ services, store, objects, budget, retry: defaultRetrySettings, signal });
  }
}

function resourceOf(reference: GeneratorRef): Resource {
  return reference.kind === 'ClusterGenerator' ? clusterGenerators : generatorResources[reference.kind];
}

/** A ClusterGenerator holds the spec of another kind. The informer of a resource holds objects of its kind. */
function namedGeneratorOf(reference: GeneratorRef, object: KubeObject): NamedGenerator {
  if (reference.kind !== 'ClusterGenerator') {
    return { kind: reference.kind, spec: (object as GeneratorObject).spec };
  }
  const { spec } = object as ClusterGenerator;
  if (spec === undefined) throw terminal(`ClusterGenerator "${reference.name}" has no spec`);
  return { kind: spec.kind, spec: spec.generator[clusterSpecKeys[spec.kind]] };
}

function terminal(message: string): TerminalError {
  return new TerminalError('SecretSyncedError', message);
}
