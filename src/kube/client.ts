/** The Kubernetes API as the project uses it: typed resources, explicit options, `ApiError` for every refusal. */
import type { KubeObject, ObjectName, UniqueName } from '../api/object.ts';
import type { Resource } from '../api/resource.ts';

/**
 * Every method rejects with `ApiError` when the server refuses, with the signal's reason when aborted, and with
 * `ConnectionError` when no complete answer came. Writes answer with metadata alone: the bytes of an object that was
 * just sent need not come back.
 */
export interface KubeClient {
  get<T extends KubeObject>(resource: Resource<T>, name: ObjectName, options?: RequestOptions): Promise<T>;
  /** One page. */
  list<T extends KubeObject>(resource: Resource<T>, options?: ListOptions): Promise<ObjectList<T>>;
  /** Ends when the server closes the stream in order; throws when it breaks, also in the middle of a line. */
  watch<T extends KubeObject>(resource: Resource<T>, options: WatchOptions): AsyncGenerator<WatchEvent<T>, void, void>;
  create<T extends KubeObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<Written>;
  /** PUT; with `metadata.resourceVersion` only if nobody else wrote in between. */
  replace<T extends KubeObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<Written>;
  replaceStatus<T extends KubeObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<Written>;
  /** RFC 7386: members that are `null` are removed, arrays are replaced. */
  mergePatch(resource: Resource, name: ObjectName, patch: object, options?: WriteOptions): Promise<Written>;
  patchStatus(resource: Resource, name: ObjectName, patch: object, options?: WriteOptions): Promise<Written>;
  /**
   * Gives this very object a whole new status. Refused as invalid (422) when another object has its name by now: in any
   * other kind of patch the API server takes no notice of a uid.
   */
  setStatus(resource: Resource, name: UniqueName, status: object, options?: WriteOptions): Promise<Written>;
  /** Server-side apply; `apiVersion` and `kind` are filled in from the resource. */
  applyPatch(resource: Resource, object: KubeObject, options: ApplyOptions): Promise<Written>;
  delete(resource: Resource, name: ObjectName, options?: DeleteOptions): Promise<void>;
  /** POSTs an object that is answered, not stored: token requests, access reviews. */
  submit<T extends KubeObject>(resource: Resource<T>, object: T, options?: SubmitOptions): Promise<T>;
  /** The kinds that are served under `apiVersion`, without subresources. Refused with 404 when there is no such version. */
  discover(apiVersion: string, options?: RequestOptions): Promise<readonly Resource[]>;
  /** Closes all connections; open watches end. */
  close(): Promise<void>;
}

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** The whole request including retries; default 30 s. */
  readonly timeoutMs?: number;
}

export interface WriteOptions extends RequestOptions {
  /** Absent: the server takes the name before the slash in the user agent. */
  readonly fieldManager?: string;
  readonly dryRun?: boolean;
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  /** Takes fields over from other managers instead of answering with a conflict. */
  readonly force?: boolean;
  /** Whether fields that the kind does not have are refused. Default: they are dropped, or refused where that is all the server does. */
  readonly strict?: boolean;
}

export interface DeleteOptions extends RequestOptions {
  /** Refused with a conflict unless the object still is this one. */
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
}

export interface SubmitOptions extends RequestOptions {
  /** The object whose subresource is posted to. */
  readonly parent?: ObjectName;
  readonly subresource?: string;
}

/** Restricts a list or watch. */
export interface Selection {
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

export interface ListOptions extends RequestOptions, Selection {
  /** The most objects in one page. */
  readonly limit?: number;
  /** From the page before. A token that is too old is refused with 410. */
  readonly continue?: string | undefined;
  /** Absent: the newest state. `0`: any state that the server happens to have. */
  readonly resourceVersion?: string;
}

export interface ObjectList<T extends KubeObject> {
  readonly items: readonly T[];
  /** Where a watch goes on from. */
  readonly resourceVersion: string;
  /** Present when there are more pages. */
  readonly continue?: string;
}

export interface WatchOptions extends Selection {
  readonly signal: AbortSignal;
  /** Events after this version. */
  readonly resourceVersion: string;
  /** The server ends the watch in order after this time. */
  readonly timeoutSeconds: number;
  /** Runs when the server has accepted the watch. */
  readonly onOpen?: () => void;
}

/** An error event of the server is thrown as `ApiError`. */
export type WatchEvent<T extends KubeObject> =
  | { readonly type: 'added' | 'modified' | 'deleted'; readonly object: T }
  /** Nothing changed up to this version. */
  | { readonly type: 'bookmark'; readonly resourceVersion: string };

/** An object as it is after a write. */
export type Written = KubeObject;
