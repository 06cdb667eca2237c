/** What is at a place of a KV engine before something is pushed there, and whether it is ours. */
import { remoteOwnerMark } from '../../api/constants.ts';
import { type JsonObject, objectIn, textIn } from './answer.ts';
import { orAbsent } from './api.ts';
import type { KvEngine } from './kvengine.ts';
import type { KvLocation } from './kvpath.ts';

export interface Present {
  readonly exists: boolean;
  /** Without the mark; undefined when the newest version is deleted, too. */
  readonly data: JsonObject | undefined;
  readonly custom: ReadonlyMap<string, string>;
  readonly isMarked: boolean;
  /** The newest; 0: none yet. */
  readonly version: number;
}

/** The mark of ESO 2.9: custom metadata in version 2, a member of the secret in version 1. */
const mark = remoteOwnerMark;
const memberName = 'custom_metadata';

export async function lookAt(kv: KvEngine, location: KvLocation, signal: AbortSignal): Promise<Present> {
  return kv.isVersioned ? lookAtVersions(kv, location, signal) : lookAtPlain(kv, location, signal);
}

/** Nobody else's: nothing is written over that somebody put there by other means. */
export function isOurs({ exists, isMarked }: Present): boolean {
  return !exists || isMarked;
}

export function withMark(custom: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...custom, [mark.key, mark.value]]);
}

/** The data with the mark in it, as version 1 keeps it. */
export function markMember(data: JsonObject): JsonObject {
  return new Map([...data, [memberName, new Map([[mark.key, mark.value]])] as const]);
}

async function lookAtVersions(kv: KvEngine, location: KvLocation, signal: AbortSignal): Promise<Present> {
  const metadata = await orAbsent(kv.readMetadata(location, signal));
  if (metadata === undefined) return { exists: false, data: undefined, custom: new Map(), isMarked: false, version: 0 };
  const { custom, currentVersion: version } = metadata;
  const secret = version === 0 ? undefined : await orAbsent(kv.read(location, undefined, signal));
  const isMarked = custom.get(mark.key) === mark.value;
  return { exists: version > 0, data: secret?.data, custom, isMarked, version };
}

async function lookAtPlain(kv: KvEngine, location: KvLocation, signal: AbortSignal): Promise<Present> {
  const secret = await orAbsent(kv.read(location, undefined, signal));
  const isMarked = textIn(objectIn(secret?.data, memberName), mark.key) === mark.value;
  const data = secret && new Map([...secret.data].filter(([name]) => name !== memberName || !isMarked));
  return { exists: secret !== undefined, data, custom: new Map(), isMarked, version: 0 };
}
