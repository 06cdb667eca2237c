/** Serves the resources: from an operation to what it answers. */
import { joinKey } from '../runtime/key.ts';
import { type ReviewContext, requestToken } from './identity/reviews.ts';
import type { ApiObject } from './object.ts';
import { type Selection, selectionOf } from './selection.ts';
import { deleted, noSuchPath } from './status.ts';
import { type ApiContext, existing, type ObjectTarget } from './verbs/context.ts';
import { create } from './verbs/create.ts';
import { remove } from './verbs/delete.ts';
import { list } from './verbs/list.ts';
import { patch } from './verbs/patch.ts';
import { replace } from './verbs/update.ts';
import type { WatchOptions } from './verbs/watch.ts';
import { type ApiAnswer, decodeBody, jsonAnswer, mediaType } from './wire/message.ts';
import {
  deleteOptions,
  listQuery,
  type Operation,
  patchQuery,
  rowObjectOf,
  watchQuery,
  writeOptions,
} from './wire/operation.ts';
import { formOf, type Representation, showObject, showPage } from './wire/representation.ts';

/** An answer, or a watch that is to be opened. */
export type Outcome = ApiAnswer | { readonly watch: WatchOptions };

export class ResourceServer {
  readonly #context: ApiContext;
  readonly #reviews: ReviewContext;

  constructor(context: ApiContext, reviews: ReviewContext) {
    this.#context = context;
    this.#reviews = reviews;
  }

  /** @throws StatusError */
  async serve(operation: Operation): Promise<Outcome> {
    switch (operation.verb) {
      case 'get':
        return this.#shown(operation, 200, existing(targetOf(operation)));
      case 'list':
        return this.#list(operation);
      case 'watch':
        return { watch: this.#watch(operation) };
      case 'create':
        return operation.path.subresource === 'token' ? this.#token(operation) : this.#create(operation);
      case 'update':
      case 'patch':
        return this.#change(operation);
      case 'delete':
        return this.#delete(operation);
      case 'deletecollection':
        return this.#deleteAll(operation);
    }
  }

  #list(operation: Operation): ApiAnswer {
    const page = list(this.#context, operation.kind, selected(operation), listQuery(operation.request));
    const shown = showPage(page, representationOf(operation), this.#context.clock.now());
    return jsonAnswer(200, shown, deprecations(operation));
  }

  #watch(operation: Operation): WatchOptions {
    const { kind, path } = operation;
    const { clock, storage } = this.#context;
    // A watch of one object is that of a collection with a selector.
    const { name } = path;
    const all = selected(operation);
    const selection =
      name === undefined
        ? all
        : { ...all, includes: (object: ApiObject) => object.metadata.name === name && all.includes(object) };
    return {
      objects: kind.objects,
      selection,
      representation: representationOf(operation),
      query: watchQuery(operation.request),
      currentRevision: () => storage.revision,
      clock,
    };
  }

  #create(operation: Operation): ApiAnswer {
    const { kind, path, request } = operation;
    const warnings: string[] = [];
    const options = writeOptions(request, (text) => warnings.push(text));
    const object = create(this.#context, { kind, namespace: path.namespace }, decodeBody(request), options);
    return this.#shown(operation, 201, object, warnings);
  }

  #change(operation: Operation): ApiAnswer {
    const { request, verb } = operation;
    const warnings: string[] = [];
    const options = writeOptions(request, (text) => warnings.push(text));
    const target = targetOf(operation);
    const type = mediaType(request.headers['content-type']);
    const body = decodeBody(request);
    const isNew = target.kind.objects.get(joinKey(target.namespace, target.name)) === undefined;
    const object =
      verb === 'update'
        ? replace(this.#context, target, body, options)
        : patch(this.#context, target, type, body, { ...options, ...patchQuery(request) });
    return this.#shown(operation, isNew ? 201 : 200, object, warnings);
  }

  #delete(operation: Operation): ApiAnswer {
    const target = targetOf(operation);
    const { uid } = existing(target).metadata;
    const remaining = remove(this.#context, target, deleteOptions(operation.request));
    if (remaining !== undefined) return this.#shown(operation, 200, remaining);
    return jsonAnswer(200, deleted(target.kind, target.name, uid));
  }

  #deleteAll(operation: Operation): ApiAnswer {
    const { kind } = operation;
    const page = list(this.#context, kind, selected(operation), listQuery(operation.request));
    for (const { metadata } of page.items) {
      const { namespace, name = '' } = metadata;
      remove(this.#context, { kind, namespace, name }, deleteOptions(operation.request));
    }
    return jsonAnswer(200, showPage(page, representationOf(operation), this.#context.clock.now()));
  }

  async #token(operation: Operation): Promise<ApiAnswer> {
    return jsonAnswer(201, await requestToken(this.#reviews, targetOf(operation), decodeBody(operation.request)));
  }

  #shown(operation: Operation, status: number, object: ApiObject, warnings: readonly string[] = []): ApiAnswer {
    const shown = showObject(object, representationOf(operation), this.#context.clock.now());
    return jsonAnswer(status, shown, [...deprecations(operation), ...warnings]);
  }
}

/** @throws StatusError 404 when the path names no object */
function targetOf({ kind, path }: Operation): ObjectTarget {
  const { namespace, name, subresource } = path;
  if (name === undefined || (kind.namespaced && namespace === undefined)) throw noSuchPath();
  return { kind, namespace, name, subresource: subresource === 'status' ? 'status' : undefined };
}

function selected({ kind, path, request: { query } }: Operation): Selection {
  return selectionOf(kind, {
    namespace: path.namespace,
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
  });
}

function representationOf({ kind, request }: Operation): Representation {
  return { kind, form: formOf(request.headers.accept), rowObject: rowObjectOf(request) };
}

function deprecations({ kind }: Operation): readonly string[] {
  return kind.deprecationWarning === undefined ? [] : [kind.deprecationWarning];
}
