/** Which engine is mounted where, as far as the store's token may see it. */
import type { Clock } from '../../lib/clock.ts';
import { ProviderError } from '../../provider/errors.ts';
import { objectIn, objectOf, textIn } from './answer.ts';
import type { VaultApi } from './api.ts';
import { refusalIn } from './errors.ts';

export interface Mount {
  /** Without slashes around it. */
  readonly path: string;
  /** Such as `kv`, `database`, `pki`. */
  readonly type: string;
}

/** Unauthenticated callers are told of nothing, others of what they have a right to. */
const path = 'sys/internal/ui/mounts';

/** A mount that was made a moment ago is found after this time. */
const refreshAfterMs = 60_000;

export class Mounts {
  readonly #api: VaultApi;
  readonly #clock: Clock;
  #mounts: readonly Mount[] = [];
  #lookedUpAt = Number.NEGATIVE_INFINITY;
  #refusal: ProviderError | undefined;

  constructor(api: VaultApi, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
  }

  /** Why nothing is known; undefined: something is. */
  get refusal(): ProviderError | undefined {
    return this.#refusal;
  }

  /** The mount that a path is under, if it is known. */
  of(path: string): Mount | undefined {
    return this.#mounts.find((mount) => `${path}/`.startsWith(`${mount.path}/`));
  }

  /**
   * Looks the mounts up, unless that was done a moment ago.
   * @returns whether it did
   * @throws ProviderError when Vault cannot be asked; being refused is no error
   */
  async refresh(signal: AbortSignal): Promise<boolean> {
    const now = this.#clock.monotonic();
    if (now - this.#lookedUpAt < refreshAfterMs) return false;
    this.#lookedUpAt = now;
    try {
      this.#mounts = await this.#lookUp(signal);
      this.#refusal = this.#mounts.length > 0 ? undefined : nothingSeen();
    } catch (error) {
      if (!isRefusal(error)) {
        this.#lookedUpAt = Number.NEGATIVE_INFINITY;
        throw error;
      }
      this.#refusal = error;
    }
    return true;
  }

  async #lookUp(signal: AbortSignal): Promise<readonly Mount[]> {
    const answer = await this.#api.request({ operation: 'read', path }, signal, 'ListMounts');
    const mounts = Array.from(objectIn(objectIn(answer, 'data'), 'secret') ?? [], ([key, value]) => ({
      path: key.replace(/\/+$/, ''),
      type: textIn(objectOf(value), 'type'),
    }));
    // Mounts can lie within others' paths: the longest that fits is the one.
    return mounts.sort((left, right) => right.path.length - left.path.length);
  }
}

/** It is this question that is refused, not the login before it. */
function isRefusal(error: unknown): error is ProviderError {
  if (!(error instanceof ProviderError) || refusalIn(error)?.operation !== `read ${path}`) return false;
  return ['denied', 'notFound', 'invalid'].includes(error.kind);
}

function nothingSeen(): ProviderError {
  return new ProviderError('denied', `read ${path}: no mount is visible to this token`);
}
