/** Writes parameters: only those that were pushed, which their tags tell. */
import type { Parameter, PutParameterCommandInput } from '@aws-sdk/client-ssm';
import { KeyedTurns } from '../../../lib/keyedturns.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { PushRequest, PushTarget, SecretsWriter } from '../../../provider/provider.ts';
import { isAlreadyThere } from '../errors.ts';
import { ifThere } from '../ifthere.ts';
import { prefixed } from '../name.ts';
import { hasProperty, lenientText, pushedValue, utf8Of, withoutProperty } from '../pushvalue.ts';
import { isManaged, managedTags, tagChanges, toApiTags } from '../tags.ts';
import type { ParameterStoreApi } from './api.ts';
import { type PushMetadata, pushMetadataOf } from './pushmetadata.ts';

const defaultDescription = "secret 'managed-by:external-secrets'";

export class ParameterStoreWriter implements SecretsWriter {
  readonly #api: ParameterStoreApi;
  readonly #prefix: string | undefined;
  /** Two properties of one parameter are pushed one after the other: there is nothing that tells a lost update. */
  readonly #turns = new KeyedTurns();

  constructor(api: ParameterStoreApi, prefix: string | undefined) {
    this.#api = api;
    this.#prefix = prefix;
  }

  async push(request: PushRequest, signal: AbortSignal): Promise<void> {
    const name = prefixed(this.#prefix, request.remoteKey);
    const metadata = pushMetadataOf(request.metadata);
    await this.#turns.take(name, async () => {
      const present = await this.#get(name, signal);
      if (present !== undefined) await this.#update(present, name, request, metadata, signal);
      else await this.#create(name, request, metadata, signal);
    });
  }

  /** A property, and the parameter with its last one; without a property the parameter. What is not managed stays. */
  async delete({ remoteKey, property = '' }: PushTarget, signal: AbortSignal): Promise<void> {
    const name = prefixed(this.#prefix, remoteKey);
    await this.#turns.take(name, async () => {
      const present = await this.#get(name, signal);
      if (present === undefined || !isManaged(await this.#api.tags(name, signal))) return;
      if (property === '') await ifThere(this.#api.deleteParameter(name, signal));
      else await this.#deleteProperty(present, name, property, signal);
    });
  }

  async exists({ remoteKey, property = '' }: PushTarget, signal: AbortSignal): Promise<boolean> {
    const present = await this.#get(prefixed(this.#prefix, remoteKey), signal);
    return present !== undefined && (property === '' || hasProperty(bytesOf(present), property));
  }

  async #create(name: string, request: PushRequest, metadata: PushMetadata, signal: AbortSignal): Promise<void> {
    const input = inputOf({ name, request, metadata, present: undefined });
    try {
      await this.#api.putParameter({ ...input, Tags: toApiTags(managedTags(metadata.tags)) }, signal);
    } catch (error) {
      if (!isAlreadyThere(error)) throw error;
      // Somebody else was faster: what they made is judged like any other.
      const present = await this.#api.getParameter(name, signal);
      await this.#update(present ?? {}, name, request, metadata, signal);
    }
  }

  /** AWS does not tell key and tier of a parameter along with its value: they are written when the value is. */
  async #update(
    present: Parameter,
    name: string,
    request: PushRequest,
    metadata: PushMetadata,
    signal: AbortSignal,
  ): Promise<void> {
    const tags = await this.#api.tags(name, signal);
    if (!isManaged(tags)) throw new ProviderError('denied', `the parameter ${name} is not managed by external-secrets`);
    const input = inputOf({ name, request, metadata, present });
    if (input.Value !== present.Value || input.Type !== present.Type)
      await this.#api.putParameter({ ...input, Overwrite: true }, signal);
    const { added, removed } = tagChanges(tags, metadata.tags);
    if (removed.length > 0) await this.#api.removeTags(name, removed, signal);
    if (added.size > 0) await this.#api.addTags(name, toApiTags(added), signal);
  }

  async #deleteProperty(present: Parameter, name: string, property: string, signal: AbortSignal): Promise<void> {
    const bytes = bytesOf(present);
    if (!hasProperty(bytes, property)) return;
    const rest = withoutProperty(`the parameter ${name}`, bytes, property);
    if (rest === undefined) await ifThere(this.#api.deleteParameter(name, signal));
    else
      await this.#api.putParameter(
        { Name: name, Value: lenientText(rest), Type: present.Type, Overwrite: true },
        signal,
      );
  }

  #get(name: string, signal: AbortSignal): Promise<Parameter | undefined> {
    return ifThere(this.#api.getParameter(name, signal));
  }
}

interface Pushed {
  readonly name: string;
  readonly request: PushRequest;
  readonly metadata: PushMetadata;
  readonly present: Parameter | undefined;
}

/** Without a type in the metadata a parameter keeps its own: nothing that is encrypted is ever written out in the open. */
function inputOf({ name, request, metadata, present }: Pushed): PutParameterCommandInput {
  const { secretType, kmsKeyID, tier, encodeAsDecoded, description = defaultDescription } = metadata;
  const type = secretType ?? present?.Type ?? 'String';
  const change = {
    name: `the parameter ${name}`,
    present: present && bytesOf(present),
    textOf: encodeAsDecoded ? lenientText : base64Of,
  };
  return {
    Name: name,
    Value: utf8Of(name, pushedValue(change, request)),
    Type: type,
    KeyId: type === 'SecureString' ? kmsKeyID : undefined,
    Tier: tier?.type,
    Policies: tier?.policies === undefined ? undefined : JSON.stringify(tier.policies),
    Description: description,
  };
}

function bytesOf({ Value: value = '' }: Parameter): Uint8Array {
  return Buffer.from(value);
}

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
