/** The one implementation of `KubeClient`: JSON over HTTP. */
import type { KubeObject, ObjectName, UniqueName } from '../api/object.ts';
import type { Resource } from '../api/resource.ts';
import type {
  ApplyOptions,
  DeleteOptions,
  KubeClient,
  ListOptions,
  ObjectList,
  RequestOptions,
  SubmitOptions,
  WatchEvent,
  WatchOptions,
  WriteOptions,
  Written,
} from './client.ts';
import { parseJson } from './json.ts';
import type { Requester } from './requester.ts';
import {
  type ApiRequest,
  applyRequest,
  createRequest,
  deleteRequest,
  discoveryRequest,
  getRequest,
  listRequest,
  mergePatchRequest,
  replaceRequest,
  setStatusRequest,
  submitRequest,
  watchRequest,
} from './requests.ts';

interface WireResources {
  readonly resources?: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

interface WireList<T> {
  readonly items: readonly T[] | null;
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
}

/** Its methods are async throughout: a name that cannot be a path is a rejection like every other refusal. */
export class RestClient implements KubeClient {
  readonly #requester: Requester;

  constructor(requester: Requester) {
    this.#requester = requester;
  }

  async get<T extends KubeObject>(resource: Resource<T>, name: ObjectName, options: RequestOptions = {}): Promise<T> {
    return this.#ask<T>(getRequest(resource, name), options);
  }

  async list<T extends KubeObject>(resource: Resource<T>, options: ListOptions = {}): Promise<ObjectList<T>> {
    const { items, metadata } = await this.#ask<WireList<T>>(listRequest(resource, options), options);
    const page = { items: items ?? [], resourceVersion: metadata.resourceVersion ?? '' };
    return metadata.continue === undefined || metadata.continue === ''
      ? page
      : { ...page, continue: metadata.continue };
  }

  watch<T extends KubeObject>(resource: Resource<T>, options: WatchOptions): AsyncGenerator<WatchEvent<T>, void, void> {
    return this.#requester.watch<T>(watchRequest(resource, options), options);
  }

  async create<T extends KubeObject>(resource: Resource<T>, object: T, options: WriteOptions = {}): Promise<Written> {
    return this.#ask<Written>(createRequest(resource, object, options), options);
  }

  async replace<T extends KubeObject>(resource: Resource<T>, object: T, options: WriteOptions = {}): Promise<Written> {
    return this.#ask<Written>(replaceRequest(resource, object, undefined, options), options);
  }

  async replaceStatus<T extends KubeObject>(
    resource: Resource<T>,
    object: T,
    options: WriteOptions = {},
  ): Promise<Written> {
    return this.#ask<Written>(replaceRequest(resource, object, 'status', options), options);
  }

  async mergePatch(resource: Resource, name: ObjectName, patch: object, options: WriteOptions = {}): Promise<Written> {
    return this.#ask<Written>(mergePatchRequest(resource, name, patch, undefined, options), options);
  }

  async patchStatus(resource: Resource, name: ObjectName, patch: object, options: WriteOptions = {}): Promise<Written> {
    return this.#ask<Written>(mergePatchRequest(resource, name, patch, 'status', options), options);
  }

  async setStatus(resource: Resource, name: UniqueName, status: object, options: WriteOptions = {}): Promise<Written> {
    return this.#ask<Written>(setStatusRequest(resource, name, status, options), options);
  }

  async applyPatch(resource: Resource, object: KubeObject, options: ApplyOptions): Promise<Written> {
    return this.#ask<Written>(applyRequest(resource, object, options), options);
  }

  async delete(resource: Resource, name: ObjectName, options: DeleteOptions = {}): Promise<void> {
    await this.#requester.send(deleteRequest(resource, name, options), options);
  }

  async submit<T extends KubeObject>(resource: Resource<T>, object: T, options: SubmitOptions = {}): Promise<T> {
    return this.#ask<T>(submitRequest(resource, object, options), options);
  }

  async discover(apiVersion: string, options: RequestOptions = {}): Promise<readonly Resource[]> {
    const { resources = [] } = await this.#ask<WireResources>(discoveryRequest(apiVersion), options);
    const [version = '', group = ''] = apiVersion.split('/').reverse();
    return resources
      .filter(({ name }) => !name.includes('/'))
      .map(({ name, kind, namespaced }) => ({ group, version, kind, plural: name, namespaced }));
  }

  close(): Promise<void> {
    return this.#requester.close();
  }

  async #ask<Answer>(request: ApiRequest, options: RequestOptions): Promise<Answer> {
    // The server's answer is by contract of the type that belongs to the request.
    return parseJson(await this.#requester.send(request, options)) as Answer;
  }
}
