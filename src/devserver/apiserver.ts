/** Serves requests by their paths: what is public, discovery, reviews, resources. Knows nothing of connections. */
import type { Catalog } from './catalog.ts';
import { discoveryDocument, versionDocument } from './discovery.ts';
import { type Fault, type Intercept, refusal } from './faults.ts';
import { expectAllowed } from './identity/access.ts';
import { type ReviewContext, review } from './identity/reviews.ts';
import type { User } from './identity/user.ts';
import { openApiDocument } from './openapi.ts';
import { type Outcome, ResourceServer } from './resourceserver.ts';
import { noSuchPath } from './status.ts';
import type { ApiContext } from './verbs/context.ts';
import { type ApiAnswer, type ApiRequest, decodeBody, jsonAnswer } from './wire/message.ts';
import { type Operation, operationOf, seen } from './wire/operation.ts';
import { resourcePath } from './wire/route.ts';

/** Served, or to be broken off. */
export type ServerOutcome = Outcome | 'disconnect';

export class ApiServer {
  /** Set by tests. */
  intercept: Intercept = () => undefined;
  readonly #catalog: Catalog;
  readonly #reviews: ReviewContext;
  readonly #resources: ResourceServer;

  constructor(context: ApiContext, reviews: ReviewContext) {
    this.#catalog = context.catalog;
    this.#reviews = reviews;
    this.#resources = new ResourceServer(context, reviews);
  }

  /** @throws StatusError */
  async serve(request: ApiRequest): Promise<ServerOutcome> {
    const document = this.#publicDocument(request.path);
    if (document !== undefined) return document;
    const user = await this.#reviews.authentication.userOf(request.headers);
    const described = discoveryDocument(request.path, this.#catalog) ?? openApiDocument(request.path, this.#catalog);
    if (described !== undefined) return jsonAnswer(200, described);
    return this.#serveResource(request, user);
  }

  #publicDocument(path: string): ApiAnswer | undefined {
    const { tokens } = this.#reviews;
    switch (path) {
      case '/healthz':
      case '/livez':
      case '/readyz':
        return { status: 200, body: 'ok', contentType: 'text/plain' };
      case '/version':
        return jsonAnswer(200, versionDocument);
      case '/.well-known/openid-configuration':
        return jsonAnswer(200, tokens.configuration);
      case '/openid/v1/jwks':
        return { ...jsonAnswer(200, tokens.jwks), contentType: 'application/jwk-set+json' };
      default:
        return undefined;
    }
  }

  async #serveResource(request: ApiRequest, user: User): Promise<ServerOutcome> {
    const path = resourcePath(request.path);
    if (path === undefined) throw noSuchPath();
    if (request.method === 'POST') {
      const { group, plural } = path;
      const reviewed = await review(this.#reviews, group, plural, () => decodeBody(request), user);
      if (reviewed !== undefined) return jsonAnswer(201, reviewed);
    }
    const operation = operationOf(request, path, this.#catalog);
    const { plural: resource, ...rest } = path;
    expectAllowed(this.#reviews.policy, { user, verb: operation.verb, resource, ...rest });
    return this.#withFault(operation, this.intercept(seen(operation)));
  }

  async #withFault(operation: Operation, fault: Fault | undefined): Promise<ServerOutcome> {
    if (fault?.type === 'refuse') throw refusal(fault);
    if (fault?.type === 'disconnect') return 'disconnect';
    const outcome = await this.#resources.serve(operation);
    return fault?.type === 'loseAnswer' ? 'disconnect' : outcome;
  }
}
