/** How controllers tell people what happened to an object. Never waits; messages hold no secret values. */
import type { KubeObject } from '../api/object.ts';

export interface EventSink {
  normal(about: KubeObject, reason: string, message: string): void;
  warning(about: KubeObject, reason: string, message: string): void;
}
