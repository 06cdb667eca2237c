/** Sees what goes to a Vault, whichever it is. */
import { FaultProxy } from '../../../provider/testing/faultproxy.ts';

export class Recorder {
  readonly #proxy: FaultProxy;
  /** Tokens by the requests that they were sent with. */
  readonly #sent: { readonly request: string; readonly token: string }[] = [];

  private constructor(proxy: FaultProxy) {
    this.#proxy = proxy;
    this.listen();
  }

  static async start(url: string): Promise<Recorder> {
    return new Recorder(await FaultProxy.start(url));
  }

  get url(): string {
    return this.#proxy.url;
  }

  get proxy(): FaultProxy {
    return this.#proxy;
  }

  /** Listens, and lets everything through. */
  listen(): void {
    this.#proxy.answer(({ method, url = '', headers }) => {
      const path = decodeURIComponent(url).replace('/v1/', '');
      this.#sent.push({ request: `${method} ${path}`, token: String(headers['x-vault-token'] ?? '') });
      return undefined;
    });
  }

  /** How many requests there were to a path, in any way. */
  count(path: string): number {
    return this.#sent.filter(({ request }) => request.endsWith(` ${path}`)).length;
  }

  /** The different tokens that were sent to a path, in the order of their first use. */
  tokens(path: string): readonly string[] {
    const sent = this.#sent.filter(({ request }) => request.endsWith(` ${path}`));
    return [...new Set(sent.map(({ token }) => token))];
  }

  forget(): void {
    this.#sent.length = 0;
  }

  stop(): Promise<void> {
    return this.#proxy.stop();
  }
}
