/** Keeps the newest certificate at hand: a renewal needs no restart, and a bad file does not replace a good certificate. */
import type { SecureContextOptions } from 'node:tls';
import { type Clock, sleep } from '../lib/clock.ts';
import { toError } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import { type CertificateOptions, loadCertificate, type ServingCertificate } from './servingcertificate.ts';

export interface CertificateWatchOptions extends CertificateOptions {
  /** `--check-interval`. */
  readonly checkIntervalMs: number;
  /** `--lookahead-interval`: a certificate that ends sooner is worth a warning. */
  readonly lookaheadMs: number;
  /** A certificate was read that is not the one before. */
  readonly onLoaded: (tls: SecureContextOptions) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How often files are looked at while there is no certificate yet, or none that is new: reading three files is cheap. */
const pollMs = 10_000;
const firstPollMs = 1_000;
const notReadYet = 'not read yet';

export class CertificateWatch {
  readonly #options: CertificateWatchOptions;
  #current: ServingCertificate | undefined;
  #problem = notReadYet;

  constructor(options: CertificateWatchOptions) {
    this.#options = options;
  }

  /** Why no call can be served; undefined while all is well. */
  get problem(): string | undefined {
    if (this.#current === undefined) return this.#problem;
    return this.#current.notAfterMs > this.#options.clock.now() ? undefined : 'the certificate has ended';
  }

  /** When the certificate ends; undefined while there is none. */
  get notAfterMs(): number | undefined {
    return this.#current?.notAfterMs;
  }

  /** Resolves when there is a certificate. @throws when there is none after `timeoutMs`, or the signal's reason */
  async whenLoaded(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    for (const startedAt = clock.monotonic(); ; await sleep(clock, firstPollMs, signal)) {
      await this.#load();
      if (this.#current !== undefined) return;
      if (clock.monotonic() - startedAt >= timeoutMs) throw new Error(`no certificate to serve with: ${this.#problem}`);
    }
  }

  /** Looks for new files until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, checkIntervalMs } = this.#options;
    try {
      for (;;) {
        await sleep(clock, Math.min(pollMs, checkIntervalMs), signal);
        await this.#load();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #load(): Promise<void> {
    const { clock, log, lookaheadMs, onLoaded } = this.#options;
    try {
      const next = await loadCertificate(this.#options, clock.now());
      this.#problem = notReadYet;
      if (next.fingerprint === this.#current?.fingerprint) return;
      onLoaded(next.tls); // Throws when it cannot be served with, and is tried again then.
      this.#current = next;
      const endsAt = new Date(next.notAfterMs).toISOString();
      if (next.notAfterMs - clock.now() < lookaheadMs) log.warn({ endsAt }, 'the certificate ends soon');
      else log.info({ endsAt }, 'certificate loaded');
    } catch (error) {
      const problem = toError(error).message;
      if (problem !== this.#problem) log.warn({ error: problem }, 'cannot load the certificate');
      this.#problem = problem;
    }
  }
}
