/**
 * AWS on 127.0.0.1: Secrets Manager, Parameter Store and STS as the SDKs see them on the wire. Signatures, sessions and
 * IAM policies count; faults can be switched on; every call is counted. Checked against moto by the same cases.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { AwsFaults, faultOf } from './aws-faults.ts';
import type { IamPolicy } from './aws-iam.ts';
import {
  type Assumption,
  type AwsKey,
  type AwsRole,
  Identities,
  type Principal,
  type WebIdentity,
} from './aws-identities.ts';
import type { PeekedSecret, SecretValue } from './aws-secret.ts';
import { type SecretSeed, SecretsManagerModel } from './aws-secretsmanager.ts';
import { signatureClaim } from './aws-signature.ts';
import { type ParameterSeed, ParametersModel, type PeekedParameter } from './aws-ssm.ts';
import { type AwsAnswer, type AwsCall, AwsFault, answer, faultAnswer, parseCall, send, sendHalf } from './aws-wire.ts';

export interface AwsOptions {
  /** Default `123456789012`. */
  readonly accountId?: string;
  /** The region of `putSecret` and `putParameter` unless they say otherwise. Default `us-east-1`. */
  readonly region?: string;
  /** How long every answer takes. Default 0. */
  readonly latencyMs?: number;
  /** Access keys of IAM users. Default: `testKey`. */
  readonly keys?: Readonly<Record<string, AwsKey>>;
  /** By ARN. Default: every role exists and trusts everybody. */
  readonly roles?: Readonly<Record<string, AwsRole>>;
  /** What users and roles without a policy of their own may do. Default: everything. */
  readonly policy?: IamPolicy;
  /** Where the issuer of web identity tokens publishes its keys. Default: tokens are read, not verified. */
  readonly jwksUrl?: string;
  /** Verifies a web identity token in another way, and answers its claims. */
  readonly verifyToken?: (token: string) => Promise<JWTPayload>;
  /** The audience that web identity tokens must have. Default `sts.amazonaws.com`. */
  readonly audience?: string;
  /** Values for secrets that nobody put: a benchmark needs no million secrets. */
  readonly secretFor?: (name: string) => string | undefined;
}

/** The access key that works unless `keys` says otherwise. */
export const testKey = { accessKeyId: 'AKIATESTTESTTEST', secretAccessKey: 'test-secret-access-key' } as const;

export async function startAws(options: AwsOptions = {}): Promise<AwsServer> {
  const server = new AwsServer(options);
  await server.listenAgain();
  return server;
}

/** Listens on a free port of 127.0.0.1, the same one for as long as it lives. */
export class AwsServer {
  readonly accountId: string;
  readonly faults = new AwsFaults(() => this.#letGo());
  readonly #options: AwsOptions;
  readonly #region: string;
  readonly #identities: Identities;
  readonly #secrets: SecretsManagerModel;
  readonly #parameters: ParametersModel;
  readonly #server: Server;
  readonly #held = new Set<ServerResponse>();
  #port = 0;
  #counts = new Map<string, number>();
  #inFlight = 0;
  #maxInFlight = 0;

  constructor(options: AwsOptions) {
    const { accountId = '123456789012', region = 'us-east-1', secretFor, roles } = options;
    const now = (): number => Date.now();
    this.accountId = accountId;
    this.#options = options;
    this.#region = region;
    const keys = options.keys ?? { [testKey.accessKeyId]: { secretAccessKey: testKey.secretAccessKey } };
    const verifyWebIdentity = webIdentityVerifier(options);
    this.#identities = new Identities({ accountId, keys, roles, verifyWebIdentity, now }, options.policy);
    this.#secrets = new SecretsManagerModel({ accountId, region, secretFor, now });
    this.#parameters = new ParametersModel({ accountId, region });
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** ESO's endpoint variables, all naming this server. */
  env(): Record<string, string> {
    return { AWS_SECRETSMANAGER_ENDPOINT: this.url, AWS_SSM_ENDPOINT: this.url, AWS_STS_ENDPOINT: this.url };
  }

  /** Makes a secret or gives it a new version. @returns the version's id */
  putSecret(name: string, value: SecretValue, seed?: SecretSeed): string {
    return this.#secrets.put(name, value, seed);
  }

  removeSecret(name: string, region?: string): void {
    this.#secrets.remove(name, region);
  }

  secret(name: string, region?: string): PeekedSecret | undefined {
    return this.#secrets.peek(name, region);
  }

  /** Makes a parameter or gives it a new version. @returns the version's number */
  putParameter(name: string, value: string, seed?: ParameterSeed): number {
    return this.#parameters.put(name, value, seed);
  }

  removeParameter(name: string, region?: string): void {
    this.#parameters.remove(name, region);
  }

  parameter(name: string, region?: string): PeekedParameter | undefined {
    return this.#parameters.peek(name, region);
  }

  /** Calls by operation since the last `reset`, refused ones as well. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  get maxInFlight(): number {
    return this.#maxInFlight;
  }

  /** How roles were assumed, oldest first. */
  get assumptions(): readonly Assumption[] {
    return this.#identities.assumptions;
  }

  /** What users and roles without a policy of their own may do; undefined: everything. */
  setPolicy(policy: IamPolicy | undefined): void {
    this.#identities.policy = policy;
  }

  /** Every session that STS gave out has expired. */
  expireSessions(): void {
    this.#identities.expireSessions();
  }

  /** Zeroes the counters and heals all faults; secrets stay. */
  reset(): void {
    this.#counts = new Map();
    this.#maxInFlight = 0;
    this.faults.heal();
  }

  /** Nobody listens any more, until `listenAgain`. */
  async goAway(): Promise<void> {
    this.#letGo();
    this.#server.closeAllConnections();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  async listenAgain(): Promise<void> {
    if (!this.#server.listening) this.#port = await listen(this.#server, this.#port);
  }

  async stop(): Promise<void> {
    await this.goAway();
  }

  #letGo(): void {
    for (const response of this.#held) response.destroy();
    this.#held.clear();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const call = parseCall([request.headers['x-amz-target']].flat()[0], body);
    this.#counts.set(call.operation, (this.#counts.get(call.operation) ?? 0) + 1);
    this.#inFlight += 1;
    this.#maxInFlight = Math.max(this.#maxInFlight, this.#inFlight);
    try {
      const { latencyMs = 0 } = this.#options;
      if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
      await this.#respond(call, request, response, body);
    } finally {
      this.#inFlight -= 1;
    }
  }

  async #respond(call: AwsCall, request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const rule = this.faults.take(call.operation);
    if (rule?.kind === 'hang') this.#held.add(response);
    else if (rule?.kind === 'reset') request.socket.destroy();
    else {
      const fault = rule === undefined ? undefined : faultOf(rule);
      const outcome = fault === undefined ? await this.#outcome(call, request, body) : faultAnswer(call.service, fault);
      if (rule?.kind === 'cutShort') sendHalf(response, outcome);
      else if (rule?.kind === 'notJson') send(response, { ...outcome, body: Buffer.from('<html>Bad Gateway</html>') });
      else send(response, outcome);
    }
  }

  async #outcome(call: AwsCall, request: IncomingMessage, body: string): Promise<AwsAnswer> {
    try {
      return answer(call, await this.#run(call, request, body));
    } catch (error) {
      if (error instanceof AwsFault) return faultAnswer(call.service, error);
      throw error;
    }
  }

  async #run(call: AwsCall, request: IncomingMessage, body: string): Promise<unknown> {
    if (call.operation === 'AssumeRoleWithWebIdentity') return this.#identities.assumeRoleWithWebIdentity(call.input);
    const { method = '', url: path = '', headers } = request;
    const principal = this.#identities.authenticate(call.service, { method, path, headers, body });
    if (call.service === 'sts') return this.#runSts(call, principal);
    const caller = {
      region: signatureClaim(headers)?.region ?? this.#region,
      authorize: (action: string, resource: string, context: Readonly<Record<string, string>> = {}) =>
        this.#identities.authorize(principal, action, resource, context),
    };
    if (call.service === 'secretsmanager') return this.#secrets.handle(call.operation, call.input, caller);
    if (call.service === 'ssm') return this.#parameters.handle(call.operation, call.input, caller);
    throw new AwsFault('UnknownOperationException', `${call.service} is not served here`);
  }

  #runSts(call: AwsCall, principal: Principal): unknown {
    if (call.operation === 'AssumeRole') return this.#identities.assumeRole(call.input, principal);
    if (call.operation === 'GetCallerIdentity') return this.#identities.callerIdentity(principal);
    throw new AwsFault('InvalidAction', `Could not find operation ${call.operation}`);
  }
}

function webIdentityVerifier(options: AwsOptions): (token: string) => Promise<WebIdentity> {
  const { audience = 'sts.amazonaws.com', jwksUrl } = options;
  const jwks = jwksUrl === undefined ? undefined : createRemoteJWKSet(new URL(jwksUrl));
  const verify =
    options.verifyToken ??
    (async (token: string) => (jwks === undefined ? decodeJwt(token) : (await jwtVerify(token, jwks)).payload));
  return async (token) => {
    const claims = await verify(token).catch((error: unknown) => {
      const code = error instanceof errors.JWTExpired ? 'ExpiredTokenException' : 'InvalidIdentityToken';
      throw new AwsFault(code, error instanceof Error ? error.message : 'the token cannot be verified');
    });
    if ((claims.exp ?? 0) * 1_000 < Date.now())
      throw new AwsFault('ExpiredTokenException', `Token expired: current date/time must be before the expiration`);
    if (![claims.aud ?? []].flat().includes(audience))
      throw new AwsFault('InvalidIdentityToken', 'Incorrect token audience');
    return { subject: claims.sub ?? '', audience };
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
