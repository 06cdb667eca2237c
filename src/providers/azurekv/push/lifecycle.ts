/** What secrets, keys and certificates have in common when they are written: they are deleted softly, and recovered. */
import type { ApiCaller } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import { deletedButRecoverable, innerCodeOf } from '../errors.ts';
import { ifThere } from '../ifthere.ts';
import type { ObjectKind } from '../objectname.ts';
import type { Vault } from '../vault.ts';
import { isManaged } from './metadata.ts';

type Options = { readonly abortSignal: AbortSignal };

/** The SDK's words for one kind. */
interface Words {
  readonly noun: string;
  begin(name: string, options: Options): Promise<unknown>;
  deleted(name: string, options: Options): Promise<{ readonly properties: { readonly tags?: Record<string, string> } }>;
  recover(name: string, options: Options): Promise<unknown>;
}

export class Lifecycle {
  readonly #words: Words;
  readonly #call: ApiCaller;

  constructor(vault: Vault, kind: ObjectKind, call: ApiCaller) {
    this.#words = wordsFor(vault)[kind];
    this.#call = call;
  }

  /** What is gone already is fine. */
  async delete(name: string, signal: AbortSignal): Promise<void> {
    const { noun } = this.#words;
    await ifThere(this.#call(`Delete${noun}`, (limit) => this.#words.begin(name, { abortSignal: limit }), signal));
  }

  /**
   * Makes a new version by one call. Where a deleted object of ours still holds the name, it is recovered for it.
   * @throws ProviderError `unavailable` while it is being recovered, which takes seconds
   */
  async write(
    call: string,
    name: string,
    run: (options: Options) => Promise<unknown>,
    signal: AbortSignal,
  ): Promise<void> {
    const isWritten = await this.#call(call, (limit) => unlessDeleted(run({ abortSignal: limit })), signal);
    if (isWritten) return;
    await this.#recover(name, signal);
    throw new ProviderError('unavailable', `${name} was deleted; it is being recovered to be written again`);
  }

  async #recover(name: string, signal: AbortSignal): Promise<void> {
    const { noun } = this.#words;
    const reading = this.#call(
      `GetDeleted${noun}`,
      (limit) => this.#words.deleted(name, { abortSignal: limit }),
      signal,
    );
    if (!isManaged((await reading).properties.tags)) {
      const message = `${name} was deleted by somebody else and can still be recovered: its name is taken until it is purged`;
      throw new ProviderError('denied', message);
    }
    await this.#call(`RecoverDeleted${noun}`, (limit) => this.#words.recover(name, { abortSignal: limit }), signal);
  }
}

async function unlessDeleted(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (innerCodeOf(error) === deletedButRecoverable) return false;
    throw error;
  }
}

function wordsFor({ secrets, keys, certificates }: Vault): Readonly<Record<ObjectKind, Words>> {
  return {
    secret: {
      noun: 'Secret',
      begin: (name, options) => secrets.beginDeleteSecret(name, options),
      deleted: (name, options) => secrets.getDeletedSecret(name, options),
      recover: (name, options) => secrets.beginRecoverDeletedSecret(name, options),
    },
    key: {
      noun: 'Key',
      begin: (name, options) => keys.beginDeleteKey(name, options),
      deleted: (name, options) => keys.getDeletedKey(name, options),
      recover: (name, options) => keys.beginRecoverDeletedKey(name, options),
    },
    cert: {
      noun: 'Certificate',
      begin: (name, options) => certificates.beginDeleteCertificate(name, options),
      deleted: (name, options) => certificates.getDeletedCertificate(name, options),
      recover: (name, options) => certificates.beginRecoverDeletedCertificate(name, options),
    },
  };
}
