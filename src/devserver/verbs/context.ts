/** What every verb works with, and what every write says about itself. */

import type { Clock } from '../../lib/clock.ts';
import { joinKey } from '../../runtime/key.ts';
import type { Catalog } from '../catalog.ts';
import type { ServedKind } from '../kinds/served.ts';
import type { ApiObject } from '../object.ts';
import { notFound } from '../status.ts';
import type { Storage } from '../storage.ts';

export interface ApiContext {
  readonly catalog: Catalog;
  readonly storage: Storage;
  readonly clock: Clock;
}

/** All objects of a kind, or those of one namespace. */
export interface CollectionTarget {
  readonly kind: ServedKind;
  readonly namespace: string | undefined;
}

export interface ObjectTarget extends CollectionTarget {
  readonly name: string;
  readonly subresource?: 'status' | undefined;
}

export interface WriteOptions {
  readonly fieldManager: string;
  readonly dryRun: boolean;
  /** What happens to fields that the schema does not have. */
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore';
  /** Tells the client something that is not an error. */
  readonly warn: (text: string) => void;
}

/** @throws StatusError 404 */
export function existing({ kind, namespace, name }: ObjectTarget): ApiObject {
  const object = kind.objects.get(joinKey(namespace, name));
  if (object === undefined) throw notFound(kind, name);
  return object;
}

/** The object as it is shown in a version: versions differ in nothing but their name. */
export function inVersion(object: ApiObject, apiVersion: string): ApiObject {
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}
