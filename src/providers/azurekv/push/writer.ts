/** Writes objects of one vault: those that are not there yet, and those that were pushed before. */
import type { ApiCaller } from '../../../provider/context.ts';
import type { PushRequest, PushTarget, SecretsWriter } from '../../../provider/provider.ts';
import { type ObjectKind, objectNameOf } from '../objectname.ts';
import type { Vault } from '../vault.ts';
import { CertificateWriter } from './certificate.ts';
import { KeyWriter } from './key.ts';
import type { ObjectWriter } from './objectwriter.ts';
import { SecretWriter } from './secret.ts';

export class VaultWriter implements SecretsWriter {
  readonly #writers: Readonly<Record<ObjectKind, ObjectWriter>>;

  constructor(vault: Vault, call: ApiCaller) {
    this.#writers = {
      secret: new SecretWriter(vault, call),
      cert: new CertificateWriter(vault, call),
      key: new KeyWriter(vault, call),
    };
  }

  async push(request: PushRequest, signal: AbortSignal): Promise<void> {
    const { kind, name } = objectNameOf(request.remoteKey);
    await this.#writers[kind].push(name, request, signal);
  }

  async delete({ remoteKey, property = '' }: PushTarget, signal: AbortSignal): Promise<void> {
    const { kind, name } = objectNameOf(remoteKey);
    await this.#writers[kind].delete(name, property, signal);
  }

  async exists({ remoteKey, property = '' }: PushTarget, signal: AbortSignal): Promise<boolean> {
    const { kind, name } = objectNameOf(remoteKey);
    return this.#writers[kind].exists(name, property, signal);
  }
}
