/** Events about objects of one kind. */
import type { KubeObject } from '../api/object.ts';
import { apiVersionOf, type Resource } from '../api/resource.ts';
import type { Recorder } from '../kube/events.ts';
import type { EventType, ObjectReference } from '../kube/resources.ts';
import type { EventSink } from './eventsink.ts';

/** Items of a list do not carry their kind, so the kind is given once. */
export class ObjectEvents implements EventSink {
  readonly #recorder: Recorder;
  readonly #resource: Resource;

  constructor(recorder: Recorder, resource: Resource) {
    this.#recorder = recorder;
    this.#resource = resource;
  }

  normal(about: KubeObject, reason: string, message: string): void {
    this.#record(about, 'Normal', reason, message);
  }

  warning(about: KubeObject, reason: string, message: string): void {
    this.#record(about, 'Warning', reason, message);
  }

  #record(about: KubeObject, type: EventType, reason: string, message: string): void {
    this.#recorder.event(this.#reference(about), type, reason, message);
  }

  #reference({ metadata }: KubeObject): ObjectReference {
    const { name = '', namespace, uid, resourceVersion } = metadata;
    const apiVersion = apiVersionOf(this.#resource);
    const scope = namespace === undefined ? {} : { namespace };
    return { apiVersion, kind: this.#resource.kind, name, ...scope, uid, resourceVersion };
  }
}
