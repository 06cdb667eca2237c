/** Finds the resource of a kind by asking the API server, and remembers it. */
import { apiVersionOf, type Resource } from '../../../api/resource.ts';
import type { ManifestTarget } from '../../../api/target.ts';
import type { KubeClient } from '../../../kube/client.ts';
import { isNotFound } from '../../../kube/errors.ts';
import { Flight } from '../../../lib/flight.ts';

export class KindDirectory {
  readonly #kube: Pick<KubeClient, 'discover'>;
  readonly #known = new Map<string, Resource>();
  readonly #asking = new Map<string, Flight<readonly Resource[]>>();

  constructor(kube: Pick<KubeClient, 'discover'>) {
    this.#kube = kube;
  }

  /** Without asking. */
  known(kind: ManifestTarget): Resource | undefined {
    return this.#known.get(idOf(kind));
  }

  /** Undefined when no such kind is served now; the next call asks again. @throws ApiError */
  async find(kind: ManifestTarget, signal: AbortSignal): Promise<Resource | undefined> {
    const known = this.known(kind);
    if (known !== undefined) return known;
    const served = await this.#served(kind.apiVersion, signal);
    const found = served.find((resource) => resource.kind === kind.kind && apiVersionOf(resource) === kind.apiVersion);
    if (found !== undefined) this.#known.set(idOf(kind), found);
    return found;
  }

  /** The kind may be gone, or be another: the next call asks. */
  forget(kind: ManifestTarget): void {
    this.#known.delete(idOf(kind));
  }

  /** All who ask for a version at once ask together. */
  async #served(apiVersion: string, signal: AbortSignal): Promise<readonly Resource[]> {
    const running = this.#asking.get(apiVersion);
    const flight =
      running === undefined || running.isAbandoned
        ? new Flight((flightSignal) => this.#ask(apiVersion, flightSignal))
        : running;
    this.#asking.set(apiVersion, flight);
    try {
      return await flight.wait(signal);
    } finally {
      if (this.#asking.get(apiVersion) === flight) this.#asking.delete(apiVersion);
    }
  }

  async #ask(apiVersion: string, signal: AbortSignal): Promise<readonly Resource[]> {
    try {
      return await this.#kube.discover(apiVersion, { signal });
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  }
}

function idOf({ apiVersion, kind }: ManifestTarget): string {
  return `${apiVersion}/${kind}`;
}
