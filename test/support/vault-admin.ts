/** Sets up a Vault for tests, the real one or ours, through its API. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface VaultResponse {
  readonly status: number;
  readonly body: {
    readonly data?: Readonly<Record<string, unknown>>;
    readonly auth?: { readonly client_token: string; readonly accessor: string };
    readonly errors?: readonly string[];
  };
}

type Capability = 'create' | 'read' | 'update' | 'delete' | 'list';

export class VaultAdmin {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** @throws when Vault refuses */
  async write(path: string, body: object | string = {}): Promise<VaultResponse['body']> {
    return (await this.#expect('POST', path, typeof body === 'string' ? body : JSON.stringify(body))).body;
  }

  async read(path: string): Promise<VaultResponse['body']> {
    return (await this.#expect('GET', path)).body;
  }

  async delete(path: string): Promise<void> {
    await this.#expect('DELETE', path);
  }

  /** Whatever the answer is. */
  send(method: string, path: string, body?: string): Promise<VaultResponse> {
    const url = `${this.#url}/v1/${path.split('/').map(encodeURIComponent).join('/')}`;
    const open = url.startsWith('https:') ? httpsRequest : httpRequest;
    const headers = { 'x-vault-token': this.#token, 'content-type': 'application/json' };
    return new Promise((resolve, reject) => {
      // The certificate is one of the test's own.
      const outgoing = open(url, { method, headers, rejectUnauthorized: false, agent: false }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: incoming.statusCode ?? 0, body: text === '' ? {} : JSON.parse(text) });
        });
      });
      outgoing.on('error', reject).end(body);
    });
  }

  async policy(name: string, rules: Readonly<Record<string, readonly Capability[]>>): Promise<void> {
    const path = Object.fromEntries(Object.entries(rules).map(([key, capabilities]) => [key, { capabilities }]));
    await this.write(`sys/policies/acl/${name}`, { policy: JSON.stringify({ path }) });
  }

  /** A token with these policies. */
  async token(policies: readonly string[], options: object = {}): Promise<string> {
    const { auth } = await this.write('auth/token/create', { policies, ...options });
    return auth?.client_token ?? '';
  }

  /** Whether what was leased is still there. */
  async hasLease(id: string): Promise<boolean> {
    return (await this.send('PUT', 'sys/leases/lookup', JSON.stringify({ lease_id: id }))).status === 200;
  }

  /** Whether a token is still there. */
  async hasToken(token: string): Promise<boolean> {
    return (await new VaultAdmin(this.#url, token).send('GET', 'auth/token/lookup-self')).status === 200;
  }

  /** Seconds that a token has left; 0: it never ends. */
  async ttl(token: string): Promise<number> {
    const { data } = await new VaultAdmin(this.#url, token).read('auth/token/lookup-self');
    return Number(data?.['ttl']);
  }

  async #expect(method: string, path: string, body?: string): Promise<VaultResponse> {
    const response = await this.send(method, path, body);
    if (response.status < 300) return response;
    throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(response.body.errors)}`);
  }
}
