/**
 * Azure on 127.0.0.1: one key vault, Entra ID and the instance metadata service as the official clients see them on the
 * wire, written from Microsoft's API descriptions. Tokens, assertions, tenants and permissions count; faults can be
 * switched on; every call is counted.
 */
import { randomUUID } from 'node:crypto';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { type Authority, createAuthority } from '../../src/kube/testing/certificates.ts';
import type { CertificateContent, CertificateImport } from './azure-certificates.ts';
import { type AzureApp, EntraModel } from './azure-entra.ts';
import { AzureFaults, faultOf } from './azure-faults.ts';
import type { Jwk } from './azure-keys.ts';
import type { ObjectSeed, ObjectVersion } from './azure-objects.ts';
import type { SecretContent } from './azure-secrets.ts';
import { VaultModel, vaultOperation } from './azure-vault.ts';
import {
  type AzureAnswer,
  type AzureCall,
  AzureFault,
  faultAnswer,
  json,
  readBody,
  send,
  sendHalf,
} from './azure-wire.ts';

export interface AzureOptions {
  /** Default: `testTenant`. */
  readonly tenantId?: string;
  /** By client id. Default: `testApp`. */
  readonly apps?: Readonly<Record<string, AzureApp>>;
  /** Client ids of user-assigned managed identities. */
  readonly managedIdentities?: readonly string[];
  /** Who signs the server's certificate. Default: an authority of its own. */
  readonly authority?: Authority;
  /** How long every answer takes. Default 0. */
  readonly latencyMs?: number;
}

export const testTenant = '11111111-1111-4111-8111-111111111111';
/** The application that works unless `apps` says otherwise. */
export const testApp = {
  clientId: '22222222-2222-4222-8222-222222222222',
  clientSecret: 'test-client-secret',
} as const;

export async function startAzure(options: AzureOptions = {}): Promise<AzureServer> {
  // Of its own name: where two authorities have the same, only one of them is tried.
  const authority = options.authority ?? (await createAuthority(`the authority of an Azure server ${randomUUID()}`));
  const server = new AzureServer(options, authority.cert, await authority.issue('127.0.0.1'));
  await server.listenAgain();
  return server;
}

/** Listens on two free ports of 127.0.0.1, the same ones for as long as it lives. */
export class AzureServer {
  readonly tenantId: string;
  /** Whom to trust, PEM. */
  readonly ca: string;
  readonly faults = new AzureFaults(() => this.#letGo());
  readonly vault: VaultModel;
  /** What the vault's challenge names, and wants of tokens. */
  vaultTenantId: string;
  vaultResource = 'https://vault.azure.net';
  /** How far the server's clock is ahead. */
  skewMs = 0;
  tokenLifetimeSeconds = 3_599;
  readonly #entra: EntraModel;
  readonly #latencyMs: number;
  readonly #https: Server;
  /** The metadata service speaks plain HTTP. */
  readonly #http: NetServer;
  readonly #held = new Set<ServerResponse>();
  #port = 0;
  #imdsPort = 0;
  #counts = new Map<string, number>();
  #connections = 0;

  constructor(options: AzureOptions, ca: string, tls: { readonly cert: string; readonly key: string }) {
    const apps = options.apps ?? { [testApp.clientId]: { secrets: [testApp.clientSecret] } };
    const now = (): number => Date.now() + this.skewMs;
    this.ca = ca;
    this.tenantId = options.tenantId ?? testTenant;
    this.vaultTenantId = this.tenantId;
    this.#latencyMs = options.latencyMs ?? 0;
    this.#entra = new EntraModel({
      tenantId: this.tenantId,
      apps: new Map(Object.entries(apps)),
      managedIdentities: options.managedIdentities ?? [],
      now,
      tokenLifetimeSeconds: () => this.tokenLifetimeSeconds,
    });
    this.vault = new VaultModel({
      tenantId: () => this.vaultTenantId,
      resource: () => this.vaultResource,
      token: (text) => this.#entra.token(text),
      now,
    });
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      this.#handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
    };
    this.#https = createServer(tls, listener);
    this.#https.on('secureConnection', () => (this.#connections += 1));
    this.#http = createHttpServer(listener);
  }

  /** The vault's URL, and Entra ID's authority host. */
  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  get imdsUrl(): string {
    return `http://127.0.0.1:${this.#imdsPort}`;
  }

  /** Makes a secret or gives it a new version. @returns the version's id */
  putSecret(name: string, value: string, seed: ObjectSeed & { readonly contentType?: string } = {}): string {
    const { contentType, ...rest } = seed;
    return this.vault.secrets.put(name, { value, contentType }, rest).version;
  }

  secret(name: string): ObjectVersion<SecretContent> | undefined {
    return this.vault.secrets.objects.peek(name);
  }

  /** @param jwk with its private members */
  putKey(name: string, jwk: Jwk, seed: ObjectSeed = {}): string {
    return this.vault.keys.put(name, jwk, seed).version;
  }

  key(name: string): ObjectVersion<Jwk> | undefined {
    return this.vault.keys.objects.peek(name);
  }

  putCertificate(name: string, certificate: CertificateImport): string {
    return this.vault.certificates.put(name, certificate).version;
  }

  certificate(name: string): ObjectVersion<CertificateContent> | undefined {
    return this.vault.certificates.objects.peek(name);
  }

  /** Every token that was given out is refused from now on. */
  revokeTokens(): void {
    this.#entra.revokeAll();
  }

  /** Calls by operation since the last `reset`, refused ones as well; those without a token as `Challenge`. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** TLS connections so far. */
  get connections(): number {
    return this.#connections;
  }

  /** Zeroes the counters and heals all faults; objects stay. */
  reset(): void {
    this.#counts = new Map();
    this.faults.heal();
  }

  /** Nobody listens any more, until `listenAgain`. */
  async goAway(): Promise<void> {
    this.#letGo();
    this.#https.closeAllConnections();
    for (const server of [this.#https, this.#http])
      if (server.listening) await new Promise((resolve) => server.close(resolve));
  }

  async listenAgain(): Promise<void> {
    if (!this.#https.listening) this.#port = await listen(this.#https, this.#port);
    if (!this.#http.listening) this.#imdsPort = await listen(this.#http, this.#imdsPort);
  }

  async stop(): Promise<void> {
    await this.goAway();
  }

  #letGo(): void {
    for (const response of this.#held) response.destroy();
    this.#held.clear();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await this.#read(request);
    this.#counts.set(call.operation, (this.#counts.get(call.operation) ?? 0) + 1);
    if (this.#latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, this.#latencyMs));
    const rule = this.faults.take(call.operation);
    if (rule?.kind === 'hang') this.#held.add(response);
    else if (rule?.kind === 'reset') request.socket.destroy();
    else if (rule?.kind === 'gatewayThrottle') response.writeHead(429, { 'retry-after': '3' }).end();
    else {
      const fault = rule === undefined ? undefined : faultOf(rule, call.operation);
      const answer = await this.#outcome(call, fault);
      if (rule?.kind === 'cutShort') sendHalf(response, answer);
      else if (rule?.kind === 'notJson')
        send(response, { ...answer, body: Buffer.from(`<html>${answer.body.toString()}</html>`) });
      else send(response, answer);
    }
  }

  async #read(request: IncomingMessage): Promise<AzureCall> {
    const { method = '', headers } = request;
    const url = new URL(request.url ?? '/', this.url);
    const segments = url.pathname
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent);
    const operation = operationOf(method, segments, headers.authorization !== undefined);
    return { operation, method, url, segments, headers, body: await readBody(request) };
  }

  async #outcome(call: AzureCall, fault: AzureFault | undefined): Promise<AzureAnswer> {
    try {
      if (fault !== undefined) throw fault;
      return json(200, await this.#run(call));
    } catch (error) {
      if (error instanceof AzureFault) return faultAnswer(error, Date.now() + this.skewMs);
      throw error;
    }
  }

  async #run(call: AzureCall): Promise<unknown> {
    const [first = ''] = call.segments;
    if (call.operation === 'GetOpenIdConfiguration') return this.#entra.openIdConfiguration(first, this.url);
    if (call.operation === 'GetToken') return this.#entra.clientCredentials(first, call);
    if (call.operation === 'GetManagedIdentityToken') return this.#entra.managedIdentity(call);
    if (vaultOperation(call.method, call.segments) === undefined)
      throw new AzureFault(404, 'NotFound', 'There is nothing here.');
    return this.vault.handle(call, this.url);
  }
}

function operationOf(method: string, segments: readonly string[], hasToken: boolean): string {
  const path = segments.slice(1).join('/');
  if (path === 'v2.0/.well-known/openid-configuration') return 'GetOpenIdConfiguration';
  if (path === 'oauth2/v2.0/token') return 'GetToken';
  if (segments.join('/') === 'metadata/identity/oauth2/token') return 'GetManagedIdentityToken';
  return hasToken ? (vaultOperation(method, segments) ?? 'Unknown') : 'Challenge';
}

function listen(server: NetServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
