/** Tokens that are made by logins: shared by all clients of a store, renewed, replaced when refused, given back. */
import { deadline } from '../../../lib/deadline.ts';
import { Flight } from '../../../lib/flight.ts';
import type { ApiCaller, ConnectContext, Session } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import { objectIn } from '../answer.ts';
import { refusalIn, toLoginError, toProviderError } from '../errors.ts';
import type { VaultProtocol, VaultRequest } from '../protocol.ts';
import type { LoginMethod } from './method.ts';
import { backend, type Tokens, type TokenUse } from './tokens.ts';
import { VaultToken } from './vaulttoken.ts';

export interface LoginTokensOptions {
  readonly protocol: VaultProtocol;
  readonly method: LoginMethod;
  readonly context: ConnectContext;
  /** Of the server and the store's settings that a login depends on. */
  readonly identity: readonly unknown[];
  /** Where to log in. */
  readonly namespace: string | undefined;
}

/** After a look at a token that was refused, or after a login: so long a refusal is not the token's fault. */
const provenForMs = 30_000;
/** A token is given back while everybody waits for the operator to end. */
const revocationTimeoutMs = 5_000;

export class LoginTokens implements Tokens {
  readonly #protocol: VaultProtocol;
  readonly #method: LoginMethod;
  readonly #context: ConnectContext;
  readonly #namespace: string | undefined;
  readonly #key: string;
  readonly #call: ApiCaller;
  readonly #loginCall: ApiCaller;
  /** Until when a token is known to be good, by the monotonic clock. */
  readonly #provenUntil = new WeakMap<VaultToken, number>();
  readonly #checks = new WeakMap<VaultToken, Flight<boolean>>();
  readonly #revocations = new Set<Promise<void>>();
  #current: VaultToken | undefined;

  constructor({ protocol, method, context, identity, namespace }: LoginTokensOptions) {
    this.#protocol = protocol;
    this.#method = method;
    this.#context = context;
    this.#namespace = namespace;
    const { uid, generation } = context.store;
    this.#key = `vault token ${JSON.stringify([uid, generation, ...identity, namespace, ...method.identity])}`;
    this.#call = context.calls(backend, toProviderError);
    this.#loginCall = context.calls(backend, toLoginError);
  }

  async get(signal: AbortSignal): Promise<TokenUse> {
    return this.#use(await this.#session(signal));
  }

  /** Gives the token back. What was leased with it keeps it alive. */
  async close(): Promise<void> {
    if (this.#current !== undefined) this.#context.sessions.drop(this.#key, this.#current);
    await Promise.all(this.#revocations);
  }

  #use(token: VaultToken): TokenUse {
    return {
      token: token.token,
      successor: (signal) => this.#successor(token, signal),
      hold: (leaseMs, signal) => this.#hold(token, leaseMs, signal),
    };
  }

  async #session(signal: AbortSignal): Promise<VaultToken> {
    const create = (limit: AbortSignal, previous: VaultToken | undefined): Promise<Session<VaultToken>> =>
      this.#create(limit, previous);
    this.#current = await this.#context.sessions.get(this.#key, create, signal);
    return this.#current;
  }

  /**
   * Vault says the same to a token that is not there any more and to one that may not do this, so the token is looked at,
   * and only a dead one is replaced: logging in for each refusal would be a storm.
   */
  async #successor(refused: VaultToken, signal: AbortSignal): Promise<TokenUse | undefined> {
    if (await this.#isAlive(refused, signal)) return undefined;
    this.#context.sessions.drop(this.#key, refused);
    const token = await this.#session(signal);
    this.#prove(token);
    return this.#use(token);
  }

  async #hold(token: VaultToken, leaseMs: number, signal: AbortSignal): Promise<number> {
    const now = this.#context.clock.now();
    token.leased(now + leaseMs);
    if (token.expiresAtMs < now + leaseMs && token.isRenewable) await this.#tryRenew(token, leaseMs, signal);
    return Math.max(0, Math.min(leaseMs, token.expiresAtMs - this.#context.clock.now()));
  }

  async #create(signal: AbortSignal, previous: VaultToken | undefined): Promise<Session<VaultToken>> {
    const token = (await this.#prolonged(previous, signal)) ?? (await this.#logIn(signal));
    const release = (value: VaultToken): Promise<void> => this.#release(value);
    const { expiresAtMs } = token;
    return { value: token, release, ...(Number.isFinite(expiresAtMs) ? { expiresAtMs } : {}) };
  }

  async #prolonged(previous: VaultToken | undefined, signal: AbortSignal): Promise<VaultToken | undefined> {
    if (previous === undefined) return undefined;
    const isFresh = (): boolean => previous.isFresh(this.#context.clock.now());
    // A lease may have prolonged it already.
    if (!isFresh() && previous.isRenewable) await this.#tryRenew(previous, undefined, signal);
    return isFresh() ? previous : undefined;
  }

  async #logIn(signal: AbortSignal): Promise<VaultToken> {
    const answer = await this.#loginCall(
      'Login',
      async (limit) => this.#send({ operation: 'write', ...(await this.#method.request(limit)) }, limit),
      signal,
    );
    const auth = objectIn(answer, 'auth');
    const token = auth && new VaultToken(auth, this.#context.clock.now());
    if (token === undefined || token.token === '') throw new ProviderError('denied', 'the login brought no token');
    return token;
  }

  /** Renewing is a kindness: who is refused it goes on with what there is. */
  async #tryRenew(token: VaultToken, wantedMs: number | undefined, signal: AbortSignal): Promise<void> {
    const body = wantedMs === undefined ? {} : { increment: Math.ceil(wantedMs / 1_000) };
    const request = { operation: 'write', path: 'auth/token/renew-self', body, token: token.token } as const;
    try {
      const answer = await this.#call('RenewSelf', (limit) => this.#send(request, limit), signal);
      const auth = objectIn(answer, 'auth');
      if (auth !== undefined) token.renewed(auth, this.#context.clock.now());
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      this.#context.log.debug({ error }, 'token not renewed');
    }
  }

  async #isAlive(token: VaultToken, signal: AbortSignal): Promise<boolean> {
    if ((this.#provenUntil.get(token) ?? 0) > this.#context.clock.monotonic()) return true;
    const running = this.#checks.get(token);
    const check = running === undefined || running.isAbandoned ? this.#check(token) : running;
    this.#checks.set(token, check);
    try {
      const isAlive = await check.wait(signal);
      // What is dead stays so, also for those who notice late.
      if (isAlive) this.#checks.delete(token);
      return isAlive;
    } catch (error) {
      this.#checks.delete(token);
      throw error;
    }
  }

  #check(token: VaultToken): Flight<boolean> {
    return new Flight(async (signal) => {
      const request = { operation: 'read', path: 'auth/token/lookup-self', token: token.token } as const;
      try {
        await this.#call('LookupSelf', (limit) => this.#send(request, limit), signal);
        this.#prove(token);
        return true;
      } catch (error) {
        if (refusalIn(error)?.status === 403) return false;
        throw error;
      }
    });
  }

  #prove(token: VaultToken): void {
    this.#provenUntil.set(token, this.#context.clock.monotonic() + provenForMs);
  }

  async #release(token: VaultToken): Promise<void> {
    // Its end would be that of credentials which are in use; Vault ends both when their time has come.
    if (token.isBatch || token.hasLeases(this.#context.clock)) return;
    const revocation = this.#revoke(token);
    this.#revocations.add(revocation);
    await revocation.finally(() => this.#revocations.delete(revocation));
  }

  async #revoke({ token }: VaultToken): Promise<void> {
    const limit = deadline(this.#context.clock, revocationTimeoutMs, new AbortController().signal);
    const request = { operation: 'write', path: 'auth/token/revoke-self', token } as const;
    try {
      await this.#call('RevokeSelf', (signal) => this.#send(request, signal), limit.signal);
    } catch (error) {
      // It ends by itself in time.
      this.#context.log.debug({ error }, 'token not revoked');
    } finally {
      limit.end();
    }
  }

  #send(request: VaultRequest, signal: AbortSignal): ReturnType<VaultProtocol['send']> {
    return this.#protocol.send({ namespace: this.#namespace, ...request }, signal);
  }
}
