/** The secrets of a few projects, and what Secret Manager does with them. */
import { crc32c } from '../../src/providers/gcpsm/crc32c.ts';
import type { JsonObject, RpcCall } from './gcp-description.ts';
import { GcpError } from './gcp-error.ts';
import { filterOf } from './gcp-filter.ts';

type VersionState = 'ENABLED' | 'DISABLED' | 'DESTROYED';

export interface StoredVersion {
  readonly number: number;
  readonly createTime: string;
  state: VersionState;
  data: Buffer;
}

export interface StoredSecret {
  /** With the project's number, as the service answers it. */
  readonly name: string;
  readonly createTime: string;
  readonly replication: unknown;
  readonly customerManagedEncryption: unknown;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  topics: readonly { readonly name: string }[];
  versionAliases: Readonly<Record<string, string>>;
  etag: string;
  readonly versions: StoredVersion[];
}

/** What each rpc needs, on what it names. */
const permissions: Readonly<Record<string, string>> = {
  ListSecrets: 'secretmanager.secrets.list',
  CreateSecret: 'secretmanager.secrets.create',
  GetSecret: 'secretmanager.secrets.get',
  UpdateSecret: 'secretmanager.secrets.update',
  DeleteSecret: 'secretmanager.secrets.delete',
  AddSecretVersion: 'secretmanager.versions.add',
  AccessSecretVersion: 'secretmanager.versions.access',
  ListSecretVersions: 'secretmanager.versions.list',
  EnableSecretVersion: 'secretmanager.versions.enable',
  DisableSecretVersion: 'secretmanager.versions.disable',
  DestroySecretVersion: 'secretmanager.versions.destroy',
};

/** @throws GcpError `PERMISSION_DENIED` */
export type Authorize = (permission: string, resource: string) => void;

const labelKey = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const labelValue = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;
const annotationKey = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const maxPayloadBytes = 65_536;
/** Small, so that lists have pages; a request can only ask for less. */
const maxPageSize = 3;

export class SecretsModel {
  readonly #secrets = new Map<string, StoredSecret>();
  readonly #projectNumber: string;
  #changes = 0;

  constructor(projectNumber: string) {
    this.#projectNumber = projectNumber;
  }

  /** @param name `projects/<id>[/locations/<region>]/secrets/<id>` */
  get(name: string): StoredSecret | undefined {
    return this.#secrets.get(name);
  }

  /** Makes a secret, or gives it another version. @returns the version's number */
  put(name: string, data: Uint8Array, labels: Readonly<Record<string, string>> = {}): number {
    const [, parent = '', secretId = ''] = /^(.*)\/secrets\/(.*)$/.exec(name) ?? [];
    const replication = parent.includes('/locations/') ? {} : { replication: { automatic: {} } };
    if (!this.#secrets.has(name)) this.#create({ parent, secretId, secret: { labels, ...replication } });
    return this.#add(this.#secret(name), Buffer.from(data)).number;
  }

  remove(name: string): void {
    this.#secrets.delete(name);
  }

  /** The answer, as JSON. */
  handle({ rpc, request }: RpcCall, authorize: Authorize): unknown {
    const permission = permissions[rpc];
    if (permission === undefined) throw new GcpError('UNIMPLEMENTED', `${rpc} is not served here`);
    const secret = request['secret'] as JsonObject | undefined;
    const resource = text(request['name'] ?? request['parent'] ?? secret?.['name']);
    authorize(permission, resource);
    switch (rpc) {
      case 'ListSecrets':
        return this.#list(request);
      case 'CreateSecret':
        return this.#rendered(this.#create(request));
      case 'GetSecret':
        return this.#rendered(this.#secret(resource));
      case 'UpdateSecret':
        return this.#rendered(this.#update(request));
      case 'DeleteSecret':
        return this.#delete(resource, request['etag']);
      case 'AddSecretVersion':
        return this.#renderedVersion(this.#secret(resource), this.#addRequested(request));
      case 'ListSecretVersions':
        return this.#listVersions(resource, request);
      case 'AccessSecretVersion':
        return this.#access(resource);
      default:
        return this.#setState(resource, rpc);
    }
  }

  #create(request: JsonObject): StoredSecret {
    const { parent, secretId, secret = {} } = request as { parent: string; secretId?: string; secret?: JsonObject };
    if (!/^[A-Za-z0-9_-]{1,255}$/.test(secretId ?? ''))
      throw new GcpError('INVALID_ARGUMENT', `Secret ID [${secretId}] must match the pattern [a-zA-Z_0-9-]+.`);
    const isRegional = parent.includes('/locations/');
    const { replication, customerManagedEncryption } = secret;
    if (isRegional === (replication !== undefined))
      throw new GcpError(
        'INVALID_ARGUMENT',
        isRegional ? 'Replication must not be set.' : 'Secret replication is required.',
      );
    const name = `${parent}/secrets/${secretId}`;
    if (this.#secrets.has(name))
      throw new GcpError('ALREADY_EXISTS', `Secret [${this.#numbered(name)}] already exists.`);
    const created = {
      name: this.#numbered(name),
      createTime: this.#now(),
      replication,
      customerManagedEncryption,
      labels: checked(secret['labels'], labelKey, labelValue),
      annotations: checked(secret['annotations'], annotationKey, /^/),
      topics: (secret['topics'] ?? []) as StoredSecret['topics'],
      versionAliases: (secret['versionAliases'] ?? {}) as StoredSecret['versionAliases'],
      etag: this.#etag(),
      versions: [],
    };
    this.#secrets.set(name, created);
    return created;
  }

  #update({ secret, updateMask }: JsonObject): StoredSecret {
    const given = secret as JsonObject & { name: string };
    const stored = this.#secret(given.name);
    this.#checkEtag(stored, given['etag']);
    const paths = text(updateMask)
      .split(',')
      .filter((path) => path !== '');
    if (paths.length === 0) throw new GcpError('INVALID_ARGUMENT', 'Update mask must not be empty.');
    for (const path of paths) {
      if (path === 'labels') stored.labels = checked(given['labels'], labelKey, labelValue);
      else if (path === 'annotations') stored.annotations = checked(given['annotations'], annotationKey, /^/);
      else if (path === 'topics') stored.topics = (given['topics'] ?? []) as StoredSecret['topics'];
      else throw new GcpError('INVALID_ARGUMENT', `Field [${path}] cannot be updated.`);
    }
    stored.etag = this.#etag();
    return stored;
  }

  #delete(name: string, etag: unknown): object {
    this.#checkEtag(this.#secret(name), etag);
    this.#secrets.delete(name);
    return {};
  }

  #addRequested({ parent, payload }: JsonObject): StoredVersion {
    const { data = '', dataCrc32c } = (payload ?? {}) as { data?: string; dataCrc32c?: unknown };
    const bytes = Buffer.from(data, 'base64');
    if (bytes.length === 0) throw new GcpError('INVALID_ARGUMENT', 'Secret Payload cannot be empty.');
    if (bytes.length > maxPayloadBytes)
      throw new GcpError('INVALID_ARGUMENT', `Secret Payload exceeds the limit of ${maxPayloadBytes} bytes.`);
    if (dataCrc32c !== undefined && text(dataCrc32c) !== String(crc32c(bytes)))
      throw new GcpError('INVALID_ARGUMENT', 'The provided checksum does not match the payload.');
    return this.#add(this.#secret(text(parent)), bytes);
  }

  #add(secret: StoredSecret, data: Buffer): StoredVersion {
    const version: StoredVersion = {
      number: secret.versions.length + 1,
      createTime: this.#now(),
      state: 'ENABLED',
      data,
    };
    secret.versions.push(version);
    return version;
  }

  #access(name: string): unknown {
    const { secret, version } = this.#version(name, ' or has no versions');
    const numbered = `${secret.name}/versions/${version.number}`;
    if (version.state !== 'ENABLED')
      throw new GcpError('FAILED_PRECONDITION', `Secret Version [${numbered}] is in ${version.state} state.`);
    const payload = { data: version.data.toString('base64'), dataCrc32c: String(crc32c(version.data)) };
    return { name: numbered, payload };
  }

  #setState(name: string, rpc: string): unknown {
    const { secret, version } = this.#version(name, '');
    if (version.state === 'DESTROYED')
      throw new GcpError('FAILED_PRECONDITION', `Secret Version [${name}] is in DESTROYED state.`);
    version.state = stateAfter(rpc);
    if (version.state === 'DESTROYED') version.data = Buffer.alloc(0);
    return this.#renderedVersion(secret, version);
  }

  #list(request: JsonObject): unknown {
    const parent = text(request['parent']);
    const matches = filterOf(text(request['filter']));
    const all = [...this.#secrets]
      .filter(([name]) => name.startsWith(`${parent}/secrets/`))
      .map(([, secret]) => secret);
    const found = all.reverse().filter((secret) =>
      matches((field) => {
        const [first, key = ''] = field.split(/\.(.*)/s);
        if (first === 'labels') return secret.labels[key];
        return first === 'name' ? secret.name : undefined;
      }),
    );
    const { page, next } = paged(found, request);
    return { secrets: page.map((secret) => this.#rendered(secret)), ...next };
  }

  #listVersions(parent: string, request: JsonObject): unknown {
    const secret = this.#secret(parent);
    const matches = filterOf(text(request['filter']));
    const found = [...secret.versions]
      .reverse()
      .filter((version) => matches((field) => (field === 'state' ? version.state : undefined)));
    const { page, next } = paged(found, request);
    return { versions: page.map((version) => this.#renderedVersion(secret, version)), ...next };
  }

  #secret(name: string): StoredSecret {
    const secret = this.#secrets.get(this.#identified(name));
    if (secret === undefined) throw new GcpError('NOT_FOUND', `Secret [${this.#numbered(name)}] not found.`);
    return secret;
  }

  #version(name: string, orWhat: string): { secret: StoredSecret; version: StoredVersion } {
    const [, parent = '', id = ''] = /^(.*)\/versions\/(.*)$/.exec(name) ?? [];
    const secret = this.#secrets.get(this.#identified(parent));
    if (secret === undefined || secret.versions.length === 0)
      throw new GcpError('NOT_FOUND', `Secret [${this.#numbered(parent)}] not found${orWhat}.`);
    const number = id === 'latest' ? secret.versions.length : Number(secret.versionAliases[id] ?? id);
    const version = secret.versions[number - 1];
    if (version === undefined) throw new GcpError('NOT_FOUND', `Secret Version [${this.#numbered(name)}] not found.`);
    return { secret, version };
  }

  #checkEtag(secret: StoredSecret, etag: unknown): void {
    if (etag === undefined || etag === '' || etag === secret.etag) return;
    throw new GcpError('ABORTED', "The etag provided in the request does not match the resource's current etag.");
  }

  #rendered(secret: StoredSecret): unknown {
    return { ...secret, versions: undefined };
  }

  #renderedVersion(secret: StoredSecret, { number, createTime, state }: StoredVersion): unknown {
    return { name: `${secret.name}/versions/${number}`, createTime, state };
  }

  /** Answers name projects by their number. */
  #numbered(name: string): string {
    return name.replace(/^projects\/[^/]+/, `projects/${this.#projectNumber}`);
  }

  /** Requests may name projects by their number. */
  #identified(name: string): string {
    const known = [...this.#secrets].find(([, secret]) => secret.name === name);
    return known?.[0] ?? name;
  }

  #etag(): string {
    this.#changes += 1;
    return `"${this.#changes.toString(16).padStart(14, '0')}"`;
  }

  #now(): string {
    return new Date().toISOString();
  }
}

function stateAfter(rpc: string): VersionState {
  if (rpc === 'EnableSecretVersion') return 'ENABLED';
  return rpc === 'DisableSecretVersion' ? 'DISABLED' : 'DESTROYED';
}

/** JSON writes 64-bit integers as strings or numbers. */
function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function paged<T>(items: readonly T[], { pageSize, pageToken }: JsonObject): { page: readonly T[]; next: object } {
  const from = Number(pageToken ?? 0);
  const to = from + Math.min(Number(pageSize ?? 0) || maxPageSize, maxPageSize);
  return { page: items.slice(from, to), next: to < items.length ? { nextPageToken: String(to) } : {} };
}

function checked(given: unknown, key: RegExp, value: RegExp): Readonly<Record<string, string>> {
  const texts = (given ?? {}) as Readonly<Record<string, string>>;
  for (const [name, text] of Object.entries(texts)) {
    if (!key.test(name) || !value.test(text))
      throw new GcpError('INVALID_ARGUMENT', `The label or annotation [${name}] does not have a valid form.`);
  }
  return texts;
}
