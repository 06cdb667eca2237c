/** Whether the webhook can be called: certificate and trust are in place, and somebody answers. */
import type { EndpointSlice } from '../../kube/webhookresources.ts';
import type { Lister } from '../../runtime/lister.ts';

export class WebhookReadiness {
  readonly #slices: Pick<Lister<EndpointSlice>, 'values'>;
  #problem: string | undefined = 'the certificate has not been injected yet';

  constructor(slices: Pick<Lister<EndpointSlice>, 'values'>) {
    this.#slices = slices;
  }

  /** Runs a reconcile and remembers what came of it. */
  async observe<T>(reconcile: () => Promise<T>): Promise<T> {
    try {
      const result = await reconcile();
      this.#problem = undefined;
      return result;
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : 'the reconcile failed';
      throw error;
    }
  }

  problems(): readonly string[] {
    return [
      ...(this.#problem === undefined ? [] : [this.#problem]),
      ...(this.#hasAddress() ? [] : ['no webhook is ready to be called']),
    ];
  }

  #hasAddress(): boolean {
    return Array.from(this.#slices.values()).some(({ endpoints = [] }) =>
      endpoints.some(({ addresses, conditions }) => conditions?.ready !== false && addresses.length > 0),
    );
  }
}
