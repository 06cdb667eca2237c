/** As much of a cluster as Vault's kubernetes auth method asks: TokenReview. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';
import { selfSignedCertificate } from '../../src/devserver/certificate.ts';

interface Account {
  readonly namespace: string;
  readonly name: string;
}

/** Vault wants it to look like a token. */
const reviewerToken = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJyZXZpZXdlciJ9.c2lnbmF0dXJl';

export class TokenReviewer {
  readonly #server: Server;
  readonly #key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  readonly #accounts = new Map<string, Account>();

  private constructor() {
    this.#server = createServer((incoming, outgoing) => {
      // Whoever asked has hung up.
      this.#serve(incoming, outgoing).catch(() => outgoing.destroy());
    });
  }

  static async start(): Promise<TokenReviewer> {
    const reviewer = new TokenReviewer();
    await new Promise<void>((resolve) => reviewer.#server.listen(0, '127.0.0.1', resolve));
    return reviewer;
  }

  /** For `auth/kubernetes/config`. */
  get vaultConfig(): object {
    // A TCP server's address is never a string.
    const { port } = this.#server.address() as AddressInfo;
    return {
      kubernetes_host: `http://127.0.0.1:${port}`,
      kubernetes_ca_cert: selfSignedCertificate(Date.now()).cert,
      token_reviewer_jwt: reviewerToken,
      disable_local_ca_jwt: true,
    };
  }

  /** A token of the ServiceAccount. Vault reads some of its claims before it asks. */
  async issue(account: Account): Promise<string> {
    const { namespace, name } = account;
    const token = await new SignJWT({
      sub: `system:serviceaccount:${namespace}:${name}`,
      'kubernetes.io': { namespace, serviceaccount: { name, uid: `uid-of-${name}` } },
    })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(this.#key);
    this.#accounts.set(token, account);
    return token;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    // The stream has no encoding set, so its chunks are buffers.
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const isReview = incoming.url === '/apis/authentication.k8s.io/v1/tokenreviews';
    const isKnown = incoming.headers.authorization === `Bearer ${reviewerToken}`;
    if (!isReview || !isKnown) return void outgoing.writeHead(isReview ? 401 : 404).end('{}');
    const review = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { spec: { token: string } };
    const status = this.#judge(review.spec.token);
    const answer = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', ...review, status });
    outgoing.writeHead(201, { 'content-type': 'application/json' }).end(answer);
  }

  #judge(token: string): object {
    const account = this.#accounts.get(token);
    if (account === undefined) return { authenticated: false, error: 'invalid bearer token' };
    const { namespace, name } = account;
    const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
    return {
      authenticated: true,
      user: { username: `system:serviceaccount:${namespace}:${name}`, uid: `uid-of-${name}`, groups },
    };
  }
}
