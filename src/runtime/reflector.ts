/** Follows a collection of the API server: list once, watch for ever, list again only when the server forgot too much. */
import type { KubeObject } from '../api/object.ts';
import type { Resource } from '../api/resource.ts';
import type { KubeClient, Selection, WatchEvent } from '../kube/client.ts';
import { isGone, isNotFound, isResourceVersionTooLarge } from '../kube/errors.ts';
import { Backoff } from './backoff.ts';
import { type Clock, sleep } from './clock.ts';
import { toError } from './errors.ts';
import { listAll } from './listall.ts';
import type { Logger } from './logger.ts';
import { isOlderVersion } from './resourceversion.ts';

/** Where the reflector tells what it sees. */
export interface ReflectorSink<T extends KubeObject> {
  /** The whole collection as it is now. */
  replaced(objects: readonly T[]): void;
  changed(object: T): void;
  removed(object: T): void;
}

export interface ReflectorOptions<T extends KubeObject> {
  readonly kube: Pick<KubeClient, 'list' | 'watch'>;
  readonly resource: Resource<T>;
  readonly selection: Selection;
  /** Run on each object of a list page before the next page is read, so that a long list is slim in memory. */
  readonly admit: (object: T) => T;
  readonly sink: ReflectorSink<T>;
  readonly clock: Clock;
  readonly log: Logger;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** client-go's constants: a watch lives 5 to 10 minutes, a failure waits 0.8 to 30 s, two good minutes forgive. */
const watchSeconds = 300;
const failureBackoff = { baseMs: 800, maxMs: 30_000, jitter: 1 };
const forgivenAfterMs = 120_000;
/** A watch that ends sooner and says nothing is a failure: otherwise a broken server would be asked in a hot loop. */
const shortestWatchMs = 1_000;
/** Versions can be forgotten once in a while; relisting more often than this waits like a failure. */
const relistAtOnceAfterMs = 10_000;

export class Reflector<T extends KubeObject> {
  readonly #options: ReflectorOptions<T>;
  readonly #backoff: Backoff;
  /** Where the watch goes on; undefined: a list is needed. */
  #version: string | undefined;
  #listedAt = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;
  #lastError: Error | undefined;
  #lastContactAt: number;
  #lastActivityAt: number;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#backoff = new Backoff({ ...failureBackoff, random: options.random });
    this.#lastContactAt = options.clock.monotonic();
    this.#lastActivityAt = this.#lastContactAt;
  }

  /** Why the last attempt failed; undefined while all is well. */
  get lastError(): Error | undefined {
    return this.#lastError;
  }

  /** Monotonic milliseconds at which the server was last heard of. */
  get lastContactAt(): number {
    return this.#lastContactAt;
  }

  /** Monotonic milliseconds at which the loop last did anything, if only to fail. */
  get lastActivityAt(): number {
    return this.#lastActivityAt;
  }

  /** Follows until the signal aborts. Never rejects: every failure is retried, those that need new RBAC rules too. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      for (;;) await this.#followUntilFailure(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #followUntilFailure(signal: AbortSignal): Promise<void> {
    try {
      for (;;) await this.#listAndWatch(signal);
    } catch (error) {
      signal.throwIfAborted();
      await this.#recover(toError(error), signal);
    }
  }

  async #listAndWatch(signal: AbortSignal): Promise<void> {
    this.#version ??= await this.#list(signal);
    await this.#watch(this.#version, signal);
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { kube, resource, selection, admit, sink } = this.#options;
    const onPage = (): void => this.#heardFromServer();
    const { items, resourceVersion } = await listAll(kube, resource, { selection, admit, onPage, signal }).catch(
      (error: unknown) => {
        throw isNotFound(error) ? new UnservedKindError(resource, error) : error;
      },
    );
    this.#listedAt = this.#options.clock.monotonic();
    sink.replaced(items);
    return resourceVersion;
  }

  async #watch(resourceVersion: string, signal: AbortSignal): Promise<void> {
    const { kube, resource, selection, clock, random } = this.#options;
    const startedAt = clock.monotonic();
    const timeoutSeconds = Math.round(watchSeconds * (1 + random()));
    const onOpen = (): void => this.#heardFromServer();
    let isSilent = true;
    for await (const event of kube.watch(resource, { ...selection, resourceVersion, timeoutSeconds, signal, onOpen })) {
      isSilent = false;
      this.#heardFromServer();
      this.#take(event);
    }
    if (isSilent && clock.monotonic() - startedAt < shortestWatchMs) throw new ShortWatchError();
  }

  #take(event: WatchEvent<T>): void {
    const { sink, admit } = this.#options;
    if (event.type === 'bookmark') {
      this.#advance(event.resourceVersion);
      return;
    }
    this.#advance(event.object.metadata.resourceVersion ?? '');
    if (event.type === 'deleted') sink.removed(event.object);
    else sink.changed(admit(event.object));
  }

  /** Going back means another history, that of a restored backup: what is known is void. */
  #advance(version: string): void {
    if (version === '') return;
    if (this.#version !== undefined && isOlderVersion(version, this.#version)) throw new VersionWentBackError();
    this.#version = version;
  }

  async #recover(failure: Error, signal: AbortSignal): Promise<void> {
    const { clock, log, resource } = this.#options;
    const now = clock.monotonic();
    this.#lastActivityAt = now;
    const isVoid = isGone(failure) || isResourceVersionTooLarge(failure) || failure instanceof VersionWentBackError;
    if (isVoid) this.#version = undefined;
    if (isVoid && now - this.#listedAt > relistAtOnceAfterMs) {
      log.info({ resource: resource.plural, error: failure }, 'watch lost its place, listing again');
      return;
    }
    if (now - this.#failedAt > forgivenAfterMs) this.#backoff.reset();
    this.#failedAt = now;
    this.#lastError = failure;
    const retryInMs = Math.round(this.#backoff.next());
    log.warn({ resource: resource.plural, error: failure, retryInMs }, 'list or watch failed, trying again');
    await sleep(clock, retryInMs, signal);
  }

  #heardFromServer(): void {
    this.#lastContactAt = this.#options.clock.monotonic();
    this.#lastActivityAt = this.#lastContactAt;
    this.#lastError = undefined;
  }
}

/** Whoever installs CRDs later need not restart anything: the list is tried again. */
class UnservedKindError extends Error {
  override readonly name = 'UnservedKindError';

  constructor(resource: Resource, cause: Error) {
    const definition = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
    super(`the cluster serves no ${definition} in version ${resource.version}: install the CRD that does`, { cause });
  }
}

class ShortWatchError extends Error {
  override readonly name = 'ShortWatchError';

  constructor() {
    super('the server ended the watch at once');
  }
}

class VersionWentBackError extends Error {
  override readonly name = 'VersionWentBackError';

  constructor() {
    super('the server went back to an older version: it has another history');
  }
}
