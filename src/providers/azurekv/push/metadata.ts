/** The `metadata` of a PushSecret entry, and the mark by which pushed objects are known again. */

import { z } from 'zod';
import { remoteOwnerMark } from '../../../api/constants.ts';
import { ProviderError } from '../../../provider/errors.ts';
import { parsePushMetadata } from '../../../provider/pushmetadata.ts';

const PushMetadata = z.strictObject({
  /** RFC 3339. */
  expirationDate: z.iso.datetime({ offset: true }).optional(),
  contentType: z.string().max(255).optional(),
  tags: z.record(z.string(), z.string()).default({}),
});

/** What a pushed object is to have beside its value. */
export interface PushedProperties {
  readonly tags: Readonly<Record<string, string>>;
  readonly expiresOn?: Date;
  readonly contentType?: string;
}

const { key: managedBy, value: manager } = remoteOwnerMark;

/** @throws ProviderError `invalid` */
export function pushedPropertiesOf(metadata: unknown): PushedProperties {
  const { expirationDate, contentType, tags } = parsePushMetadata(metadata, PushMetadata) ?? PushMetadata.parse({});
  return {
    tags: { ...tags, [managedBy]: manager },
    ...(expirationDate === undefined ? {} : { expiresOn: new Date(expirationDate) }),
    ...(contentType === undefined ? {} : { contentType }),
  };
}

export function isManaged(tags: Readonly<Record<string, string>> = {}): boolean {
  return tags[managedBy] === manager;
}

/**
 * Nobody else's objects are overwritten or deleted.
 * @throws ProviderError `denied`: whoever owns the object can make it ours
 */
export function requireManaged(key: string, tags: Readonly<Record<string, string>> | undefined): void {
  if (isManaged(tags)) return;
  const message = `${key} is not managed by external-secrets: it has no tag ${managedBy}: ${manager}`;
  throw new ProviderError('denied', message);
}

interface PresentProperties {
  readonly tags?: Readonly<Record<string, string>>;
  readonly expiresOn?: Date;
  readonly contentType?: string;
}

/** Whether nothing has to be written; a date or content type that the entry does not name is left as it is. */
export function hasProperties(present: PresentProperties, wanted: PushedProperties): boolean {
  const tags = Object.entries(wanted.tags);
  const presentTags = present.tags ?? {};
  return (
    tags.length === Object.keys(presentTags).length &&
    tags.every(([key, value]) => presentTags[key] === value) &&
    (wanted.contentType === undefined || wanted.contentType === present.contentType) &&
    (wanted.expiresOn === undefined || inSeconds(wanted.expiresOn) === inSeconds(present.expiresOn))
  );
}

/** Key Vault counts in seconds. */
function inSeconds(date: Date | undefined): number | undefined {
  return date === undefined ? undefined : Math.floor(date.getTime() / 1_000);
}
