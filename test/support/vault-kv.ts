/** Vault's key-value engines. Values are kept as the text that was sent. */
import { parseJson } from '../../src/lib/json.ts';
import { marshalJsonAsWritten } from '../../src/lib/jsonvalue.ts';
import { absent, envelope, noContent, type VaultAnswer, type VaultCall, VaultFault } from './vault-wire.ts';

/** An engine, which is asked for paths below its mount. */
export interface Engine {
  readonly type: string;
  readonly options: Readonly<Record<string, string>> | null;
  handle(call: VaultCall, path: string): VaultAnswer | Promise<VaultAnswer>;
}

/** Names directly below a folder. @throws VaultFault 404 when there are none */
function listed(keys: Iterable<string>, path: string): VaultAnswer {
  const folder = path === '' ? '' : `${path.replace(/\/+$/, '')}/`;
  const below = [...keys].filter((key) => key.startsWith(folder)).map((key) => key.slice(folder.length));
  const names = new Set(below.map((key) => (key.includes('/') ? key.slice(0, key.indexOf('/') + 1) : key)));
  if (names.size === 0) throw absent();
  return envelope({ data: { keys: [...names].sort() } });
}

/** The text of one member of the body that was sent, with all its digits. */
function memberText(call: VaultCall, name: string): string {
  const body = parseJson(call.text);
  const member = body instanceof Map ? body.get(name) : undefined;
  if (member === undefined) throw new VaultFault(400, `no ${name} provided`);
  return marshalJsonAsWritten(member);
}

/** An envelope around JSON that is text already. */
function rawEnvelope(json: string, members: object = {}): VaultAnswer {
  const { body } = envelope(members);
  return { status: 200, body: JSON.stringify(body).replace('"data":null', () => `"data":${json}`) };
}

export class KvVersion1 implements Engine {
  readonly type = 'kv';
  readonly options = { version: '1' };
  readonly #secrets = new Map<string, string>();

  handle(call: VaultCall, path: string): VaultAnswer {
    switch (call.operation) {
      case 'list':
        return listed(this.#secrets.keys(), path);
      case 'write':
        this.#secrets.set(path, call.text);
        return noContent;
      case 'delete':
        this.#secrets.delete(path);
        return noContent;
      case 'read': {
        const secret = this.#secrets.get(path);
        if (secret === undefined) throw absent();
        return rawEnvelope(secret, { lease_duration: 2_764_800 });
      }
    }
  }
}

interface Version {
  readonly text: string;
  readonly createdTime: string;
  deletionTime: string;
}

interface Secret {
  readonly versions: Version[];
  readonly createdTime: string;
  custom: Readonly<Record<string, string>> | null;
}

export class KvVersion2 implements Engine {
  readonly type = 'kv';
  readonly options = { version: '2' };
  readonly #secrets = new Map<string, Secret>();

  handle(call: VaultCall, path: string): VaultAnswer {
    const [, part, rest = ''] = /^([^/]*)(?:\/(.*))?$/.exec(path) ?? [];
    if (part === 'data') return this.#data(call, rest);
    if (part === 'metadata') return this.#metadata(call, rest);
    throw absent();
  }

  #data(call: VaultCall, key: string): VaultAnswer {
    switch (call.operation) {
      case 'read':
        return this.#read(key, call.query.get('version') ?? '0');
      case 'write':
        return this.#write(call, key);
      case 'delete': {
        const newest = this.#secrets.get(key)?.versions.at(-1);
        if (newest !== undefined) newest.deletionTime = new Date().toISOString();
        return noContent;
      }
      case 'list':
        throw new VaultFault(405, 'unsupported operation');
    }
  }

  #read(key: string, text: string): VaultAnswer {
    if (!/^-?\d+$/.test(text))
      throw new VaultFault(400, `error converting input for field "version": ${text} is no number`);
    const secret = this.#secrets.get(key);
    const number = Number(text) === 0 ? (secret?.versions.length ?? 0) : Number(text);
    const version = secret?.versions[number - 1];
    if (secret === undefined || version === undefined) throw absent();
    const metadata = {
      created_time: version.createdTime,
      custom_metadata: secret.custom,
      deletion_time: version.deletionTime,
      destroyed: false,
      version: number,
    };
    const isDeleted = version.deletionTime !== '';
    const answer = rawEnvelope(`{"data":${isDeleted ? 'null' : version.text},"metadata":${JSON.stringify(metadata)}}`);
    return isDeleted ? { ...answer, status: 404 } : answer;
  }

  #write(call: VaultCall, key: string): VaultAnswer {
    const secret = this.#secrets.get(key) ?? { versions: [], createdTime: new Date().toISOString(), custom: null };
    const { cas } = (call.body['options'] ?? {}) as { cas?: number };
    if (cas !== undefined && cas !== secret.versions.length)
      throw new VaultFault(400, 'check-and-set parameter did not match the current version');
    const createdTime = new Date().toISOString();
    secret.versions.push({ text: memberText(call, 'data'), createdTime, deletionTime: '' });
    this.#secrets.set(key, secret);
    return envelope({ data: { version: secret.versions.length, created_time: createdTime } });
  }

  #metadata(call: VaultCall, key: string): VaultAnswer {
    if (call.operation === 'list') return listed(this.#secrets.keys(), key);
    const secret = this.#secrets.get(key);
    if (call.operation === 'delete') {
      this.#secrets.delete(key);
      return noContent;
    }
    if (call.operation === 'write') {
      const made = secret ?? { versions: [], createdTime: new Date().toISOString(), custom: null };
      // Vault checks that these are texts.
      made.custom = (call.body['custom_metadata'] ?? made.custom) as Secret['custom'];
      this.#secrets.set(key, made);
      return noContent;
    }
    if (secret === undefined) throw absent();
    return envelope({
      data: {
        created_time: secret.createdTime,
        current_version: secret.versions.length,
        custom_metadata: secret.custom,
        delete_version_after: '0s',
        max_versions: 0,
        versions: {},
      },
    });
  }
}
