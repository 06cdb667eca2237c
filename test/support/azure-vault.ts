/** One vault: who may come in, with which API version, and which object is meant. */
import { CertificatesModel } from './azure-certificates.ts';
import type { AccessToken } from './azure-entra.ts';
import { KeysModel } from './azure-keys.ts';
import { SecretsModel } from './azure-secrets.ts';
import { type AzureCall, AzureFault } from './azure-wire.ts';

export interface VaultOptions {
  /** The tenant that the vault trusts. */
  readonly tenantId: () => string;
  /** The audience that tokens must have. */
  readonly resource: () => string;
  readonly token: (text: string) => AccessToken | undefined;
  readonly now: () => number;
}

const apiVersions = new Set(['7.0', '7.1', '7.2', '7.3', '7.4', '7.5', '7.6', '2025-07-01']);

export class VaultModel {
  readonly secrets: SecretsModel;
  readonly keys: KeysModel;
  readonly certificates: CertificatesModel;
  /** By client id, such as `GetSecret`; whoever is not named may do everything. */
  readonly permissions = new Map<string, readonly string[]>();
  readonly #options: VaultOptions;

  constructor(options: VaultOptions) {
    this.#options = options;
    this.secrets = new SecretsModel(options.now);
    this.keys = new KeysModel(options.now);
    this.certificates = new CertificatesModel(options.now, this.secrets);
  }

  handle(call: AzureCall, authority: string): unknown {
    this.#authorize(call, this.#authenticate(call, authority));
    const version = call.url.searchParams.get('api-version');
    if (version === null || !apiVersions.has(version)) {
      throw new AzureFault(400, 'BadParameter', `The specified version (${version}) is not recognized.`);
    }
    if (
      ['PUT', 'POST'].includes(call.method) &&
      call.body !== '' &&
      call.headers['content-type'] !== 'application/json'
    ) {
      throw new AzureFault(415, 'UnsupportedMediaType', 'The content type must be application/json.');
    }
    const [collection = ''] = call.segments;
    if (collection.endsWith('secrets')) return this.secrets.handle(call);
    return collection.endsWith('keys') ? this.keys.handle(call) : this.certificates.handle(call);
  }

  #authenticate({ headers }: AzureCall, authority: string): AccessToken {
    const tenantId = this.#options.tenantId();
    const challenge = `Bearer authorization="${authority}/${tenantId}", resource="${this.#options.resource()}"`;
    const refuse = (message: string, error = ''): AzureFault =>
      new AzureFault(401, 'Unauthorized', message, { headers: { 'www-authenticate': `${challenge}${error}` } });
    const text = headers.authorization?.match(/^Bearer (.+)$/)?.[1];
    if (text === undefined) throw refuse('AKV10000: Request is missing a Bearer or PoP token.');
    const token = this.#options.token(text);
    if (token === undefined) throw refuse('[TokenExpired] Error validating token: IDX10223', ', error="invalid_token"');
    if (token.audience !== this.#options.resource())
      throw refuse(`AKV10022: Invalid audience. Expected ${this.#options.resource()}`);
    if (token.tenantId !== tenantId)
      throw refuse(`AKV10032: Invalid issuer. Expected one of https://sts.windows.net/${tenantId}/`);
    return token;
  }

  #authorize({ operation }: AzureCall, { clientId }: AccessToken): void {
    if (this.permissions.get(clientId)?.includes(operation) ?? true) return;
    const message = `Caller is not authorized to perform action on resource. Caller: appid=${clientId}; Action: '${operation}'`;
    throw new AzureFault(403, 'Forbidden', message, { innerCode: 'ForbiddenByRbac' });
  }
}

const nouns: Readonly<Record<string, string>> = { secrets: 'Secret', keys: 'Key', certificates: 'Certificate' };

/** What a request to a vault is called; undefined: no such path. */
export function vaultOperation(method: string, segments: readonly string[]): string | undefined {
  const [collection = '', name, tail] = segments;
  const isDeleted = collection.startsWith('deleted');
  const noun = nouns[isDeleted ? collection.slice('deleted'.length) : collection];
  if (noun === undefined) return undefined;
  if (isDeleted && tail === 'recover') return `RecoverDeleted${noun}`;
  if (isDeleted) return method === 'GET' && name !== undefined ? `GetDeleted${noun}` : undefined;
  if (name === undefined) return `Get${noun}s`;
  if (tail === 'versions') return `Get${noun}Versions`;
  if (tail === 'import') return `Import${noun}`;
  const byMethod: Readonly<Record<string, string>> = {
    GET: `Get${noun}`,
    PUT: noun === 'Key' ? 'ImportKey' : `Set${noun}`,
    DELETE: `Delete${noun}`,
  };
  return byMethod[method];
}
