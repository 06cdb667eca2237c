/** What a provider's tests tell the contract suite: what the backend can express, how to fill it, how to break it. */
import type { Provider, RemoteRef } from '../provider.ts';
import type { TestConnectOptions } from './connect.ts';

/** Known before the backend is up, so that every case either is a test or is not there. */
export interface Abilities {
  /** `any`: binary values; `text`: valid UTF-8 only. */
  readonly bytes: 'any' | 'text';
  /** The largest value to try. Default 64 KiB. */
  readonly maxBytes?: number;
  /** False where empty values are refused. Default true. */
  readonly emptyValues?: boolean;
  /** False where every secret is a map and none is a plain value. Default true. */
  readonly plainValues?: boolean;
  /** What a property that is not there means, as in ESO's provider. Default `invalid`. */
  readonly missingProperty?: 'invalid' | 'notFound';
  /** What a version that is not there means. Absent: no versions; the backend has `versions` otherwise. */
  readonly missingVersion?: 'invalid' | 'notFound';
  /** Absent: the provider has no `find`. `path` needs `underPath` of the backend. */
  readonly find?: readonly ('name' | 'tags' | 'path')[];
  /** False: `find` answers the values under other names than they were put under. Default true. */
  readonly findKeepsNames?: boolean;
  /** True: the suite pushes, too. */
  readonly push?: boolean;
  /** Ways in which the backend can break. */
  readonly faults?: readonly FaultName[];
  /** Whether `throttle` can say when to come back. */
  readonly hintsRetryAfter?: boolean;
}

/** A backend that is up, with a store spec that works. */
export interface ContractBackend {
  readonly provider: Provider;
  /** The value under `spec.provider.<name>`. */
  readonly spec: unknown;
  /** Objects, environment and identity that the spec needs. */
  readonly connect?: TestConnectOptions;
  /**
   * Makes a secret, or gives an existing one this value, and says where the same bytes are to be read.
   * Names consist of lower-case letters, digits and `-`; the suite uses a new one for every case.
   * @param tags only given when `find` can do `tags`
   */
  put(name: string, value: Uint8Array, tags?: Readonly<Record<string, string>>): Promise<Located>;
  /** Makes a secret of several keys: a JSON object, the data of a Kubernetes Secret. */
  putMap(name: string, members: Readonly<Record<string, JsonMember>>): Promise<RemoteRef>;
  /** A ref that looks right and names nothing. */
  missing(name: string): RemoteRef;
  readonly versions?: VersionedBackend;
  /** A path for `find`, and how a name under it is written for `put`. */
  readonly underPath?: { readonly path: string; name(name: string): string };
  readonly faults?: ContractFaults;
  stop(): Promise<void>;
}

/** The ref that reads a value, and the property that it lies under where the backend has only maps. */
export interface Located {
  readonly ref: RemoteRef;
  readonly property?: string;
}

export type JsonMember = string | number | boolean | { readonly [key: string]: JsonMember } | readonly JsonMember[];

export interface VersionedBackend {
  /** Makes one secret with these values, oldest first, and answers where each version is read. */
  put(name: string, values: readonly Uint8Array[]): Promise<readonly Located[]>;
  /** The same secret in a version that does not exist. */
  missing(ref: RemoteRef): RemoteRef;
}

export type FaultName = 'deny' | 'throttle' | 'fail' | 'refuse' | 'hang' | 'cutShort';

/** Each breaks the backend for all calls until `heal`. Only those that `Abilities.faults` names are called. */
export interface ContractFaults {
  /** Answers as to somebody without the permission. */
  deny?(): void | Promise<void>;
  /** Answers that there were too many calls. */
  throttle?(retryAfterMs: number | undefined): void | Promise<void>;
  /** Answers with a server error. */
  fail?(): void | Promise<void>;
  /** Nobody listens any more. */
  refuse?(): void | Promise<void>;
  /** Takes requests and says nothing. */
  hang?(): void | Promise<void>;
  /** Sends half of an answer and hangs up. */
  cutShort?(): void | Promise<void>;
  heal(): void | Promise<void>;
}
