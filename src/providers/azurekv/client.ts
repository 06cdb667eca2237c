/** Reads one vault. */
import type { ApiCaller, ConnectContext } from '../../provider/context.ts';
import type {
  FindQuery,
  RemoteRef,
  RemoteSecret,
  SecretMap,
  SecretsClient,
  ValidationResult,
} from '../../provider/provider.ts';
import { cloudOf, vaultUrlOf } from './cloud.ts';
import { VaultCredential } from './credential.ts';
import { toProviderError } from './errors.ts';
import { findSecrets } from './find.ts';
import { resolveIdentity } from './identity/resolve.ts';
import { objectNameOf } from './objectname.ts';
import { VaultWriter } from './push/writer.ts';
import { readObject } from './reader.ts';
import type { AzureKvSpec } from './schema.ts';
import { openTransport } from './transport.ts';
import { openVault, type Vault } from './vault.ts';

export interface VaultClientOptions {
  readonly vault: Vault;
  readonly credential: VaultCredential;
  readonly call: ApiCaller;
  readonly close: () => void;
}

export class VaultClient implements SecretsClient {
  readonly writer: VaultWriter;
  readonly #vault: Vault;
  readonly #credential: VaultCredential;
  readonly #call: ApiCaller;
  readonly #close: () => void;

  static async open(spec: AzureKvSpec, context: ConnectContext): Promise<VaultClient> {
    const { sessions, settings, signal } = context;
    const cloud = cloudOf(spec, settings.environment);
    const url = vaultUrlOf(spec);
    const identity = await resolveIdentity(spec, context);
    const transport = await openTransport(settings.environment, settings.userAgent);
    const call = context.calls('Azure/EntraID', toProviderError);
    const credential = new VaultCredential({ identity, cloud, transport, sessions, call, signal });
    const vault = await openVault(url, credential, transport);
    const vaultCall = loggedIn(credential, context.calls('Azure/KeyVault', toProviderError));
    return new VaultClient({ vault, credential, call: vaultCall, close: () => transport.close() });
  }

  constructor({ vault, credential, call, close }: VaultClientOptions) {
    this.#vault = vault;
    this.#credential = credential;
    this.#call = call;
    this.#close = close;
    this.writer = new VaultWriter(vault, call);
  }

  /** A token proves the credentials; what they may do in the vault differs from secret to secret. */
  async validate(signal: AbortSignal): Promise<ValidationResult> {
    await this.#credential.ready(signal);
    return 'ready';
  }

  readKey({ key, version = '', metadataPolicy = 'None' }: RemoteRef): string {
    const { kind, name } = objectNameOf(key);
    return JSON.stringify([kind, name, version, metadataPolicy]);
  }

  async read(ref: RemoteRef, signal: AbortSignal): Promise<RemoteSecret> {
    return readObject(this.#vault, this.#call, ref, signal);
  }

  async find(query: FindQuery, signal: AbortSignal): Promise<SecretMap> {
    return findSecrets(this.#vault, this.#call, query, signal);
  }

  async close(): Promise<void> {
    this.#close();
  }
}

function loggedIn(credential: VaultCredential, call: ApiCaller): ApiCaller {
  return async (name, run, signal) => {
    await credential.ready(signal);
    return call(name, run, signal);
  };
}
