/** Versions 1 and 2 of Vault's key-value engine, with one face. */
import { ProviderError } from '../../provider/errors.ts';
import { type JsonObject, numberIn, objectIn, objectOf, textIn, textsIn } from './answer.ts';
import { type Leased, orAbsent, type VaultApi } from './api.ts';
import { dataPath, type KvLocation, type KvPlace, locate, metadataPath } from './kvpath.ts';
import { JsonText } from './library.ts';

export interface KvSecret {
  readonly data: JsonObject;
  /** Version 2 only. */
  readonly version?: string;
  readonly lease?: Leased['lease'];
}

/** What version 2 keeps beside a secret. */
export interface KvMetadata {
  readonly custom: ReadonlyMap<string, string>;
  /** 0: there is no version yet. */
  readonly currentVersion: number;
  readonly createdTime: string;
  readonly deleteVersionAfter: string;
}

export class KvEngine {
  readonly place: KvPlace;
  readonly #api: VaultApi;

  constructor(api: VaultApi, place: KvPlace) {
    this.#api = api;
    this.place = place;
  }

  get isVersioned(): boolean {
    return this.place.version === 'v2';
  }

  /** @throws ProviderError `invalid` when the key names a mount and nothing in it */
  locate(key: string): KvLocation {
    const location = locate(this.place, key);
    if (location.path === '') throw new ProviderError('invalid', `${key} names no secret`);
    return location;
  }

  /** @throws ProviderError `notFound` when there is none, or the version is deleted */
  async read(location: KvLocation, version: string | undefined, signal: AbortSignal): Promise<KvSecret> {
    const path = dataPath(location, this.place.version);
    if (!this.isVersioned) return this.#readPlain(path, signal);
    const query = version === undefined || version === '' ? {} : { version };
    const body = dataOf(await this.#api.request({ operation: 'read', path, query }, signal), path);
    return { data: dataOf(body, path), version: String(numberIn(objectIn(body, 'metadata'), 'version')) };
  }

  /** @throws ProviderError `notFound`; `invalid` in version 1, which has none */
  async readMetadata(location: KvLocation, signal: AbortSignal): Promise<KvMetadata> {
    if (!this.isVersioned) throw new ProviderError('invalid', 'version v1 of the KV engine has no metadata');
    const path = metadataPath(location, this.place.version);
    const body = dataOf(await this.#api.request({ operation: 'read', path }, signal), path);
    return {
      custom: textsOf(objectIn(body, 'custom_metadata')),
      currentVersion: numberIn(body, 'current_version'),
      createdTime: textIn(body, 'created_time'),
      deleteVersionAfter: textIn(body, 'delete_version_after'),
    };
  }

  /** Names directly under a folder; those of folders end with `/`. None where there is no such folder. */
  async list(folder: KvLocation, signal: AbortSignal): Promise<readonly string[]> {
    const path = metadataPath(folder, this.place.version);
    const answer = await orAbsent(this.#api.request({ operation: 'list', path }, signal));
    return textsIn(objectIn(answer, 'data'), 'keys');
  }

  /**
   * @param json an object
   * @param replaces the version that must be the newest; only version 2 looks at it
   */
  async write(location: KvLocation, json: string, replaces: number, signal: AbortSignal): Promise<void> {
    const path = dataPath(location, this.place.version);
    const body = new JsonText(this.isVersioned ? `{"options":{"cas":${replaces}},"data":${json}}` : json);
    await this.#api.request({ operation: 'write', path, body }, signal);
  }

  /** Replaces all custom metadata; version 2 only. */
  async writeMetadata(location: KvLocation, custom: ReadonlyMap<string, string>, signal: AbortSignal): Promise<void> {
    const path = metadataPath(location, this.place.version);
    const body = { custom_metadata: Object.fromEntries(custom) };
    await this.#api.request({ operation: 'write', path, body }, signal);
  }

  /** With all versions and metadata. */
  async delete(location: KvLocation, signal: AbortSignal): Promise<void> {
    const { version } = this.place;
    await this.#api.request({ operation: 'delete', path: dataPath(location, version) }, signal);
    if (this.isVersioned)
      await this.#api.request({ operation: 'delete', path: metadataPath(location, version) }, signal);
  }

  /** What version 1 answers may come from any engine, where it is not known what is mounted there. */
  async #readPlain(path: string, signal: AbortSignal): Promise<KvSecret> {
    const { answer, lease } = await this.#api.lease(path, signal);
    return { data: dataOf(answer, path), lease };
  }
}

/**
 * The `data` of an answer; `null` stands for nothing.
 * @throws ProviderError `notFound`; `unavailable` when there is no such member, which Vault never leaves out
 */
export function dataOf(answer: JsonObject, path: string): JsonObject {
  const data = answer.get('data');
  if (data === undefined) throw new ProviderError('unavailable', `read ${path}: the answer holds no data`);
  const object = objectOf(data);
  if (object === undefined) throw new ProviderError('notFound', `read ${path}: there is no data`);
  return object;
}

function textsOf(object: JsonObject | undefined): ReadonlyMap<string, string> {
  return new Map(Array.from(object ?? [], ([key]) => [key, textIn(object, key)]));
}
