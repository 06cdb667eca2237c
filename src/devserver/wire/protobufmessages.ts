/** The numbers of fields in Kubernetes' protobuf messages, for the kinds that kubectl and Helm send so. */

export type FieldType =
  | 'text'
  | 'base64'
  | 'number'
  | 'bool'
  | 'bytes'
  | { readonly message: Message }
  | { readonly repeated: FieldType }
  /** A map from text. */
  | { readonly entries: FieldType };

/** By number: the member and its type. A member without a name is laid out in the message that holds it. */
export type Message = Readonly<Record<number, readonly [member: string, type: FieldType]>>;

const texts: FieldType = { repeated: 'text' };
const textMap: FieldType = { entries: 'text' };

const ownerReference: Message = {
  1: ['kind', 'text'],
  3: ['name', 'text'],
  4: ['uid', 'text'],
  5: ['apiVersion', 'text'],
  6: ['controller', 'bool'],
  7: ['blockOwnerDeletion', 'bool'],
};

const objectMeta: Message = {
  1: ['name', 'text'],
  2: ['generateName', 'text'],
  3: ['namespace', 'text'],
  5: ['uid', 'text'],
  6: ['resourceVersion', 'text'],
  11: ['labels', textMap],
  12: ['annotations', textMap],
  13: ['ownerReferences', { repeated: { message: ownerReference } }],
  14: ['finalizers', texts],
};

const metadata = ['metadata', { message: objectMeta }] as const;

const resourceAttributes: Message = {
  1: ['namespace', 'text'],
  2: ['verb', 'text'],
  3: ['group', 'text'],
  4: ['version', 'text'],
  5: ['resource', 'text'],
  6: ['subresource', 'text'],
  7: ['name', 'text'],
};

const kinds: Readonly<Record<string, Message>> = {
  Namespace: { 1: metadata },
  Secret: {
    1: metadata,
    2: ['data', { entries: 'base64' }],
    3: ['type', 'text'],
    4: ['stringData', textMap],
    5: ['immutable', 'bool'],
  },
  ConfigMap: { 1: metadata, 2: ['data', textMap], 3: ['binaryData', { entries: 'base64' }], 4: ['immutable', 'bool'] },
  ServiceAccount: { 1: metadata },
  TokenRequest: {
    1: metadata,
    2: ['spec', { message: { 1: ['audiences', texts], 4: ['expirationSeconds', 'number'] } }],
  },
  TokenReview: { 1: metadata, 2: ['spec', { message: { 1: ['token', 'text'], 2: ['audiences', texts] } }] },
  SelfSubjectReview: { 1: metadata },
  SelfSubjectAccessReview: {
    1: metadata,
    2: ['spec', { message: { 1: ['resourceAttributes', { message: resourceAttributes }] } }],
  },
  SelfSubjectRulesReview: { 1: metadata, 2: ['spec', { message: { 1: ['namespace', 'text'] } }] },
  DeleteOptions: {
    2: ['preconditions', { message: { 1: ['uid', 'text'], 2: ['resourceVersion', 'text'] } }],
    4: ['propagationPolicy', 'text'],
    5: ['dryRun', texts],
  },
};

/** What every message of a kind comes in. */
const envelope: Message = {
  1: ['', { message: { 1: ['apiVersion', 'text'], 2: ['kind', 'text'] } }],
  2: ['raw', 'bytes'],
};

export const messages = { envelope, kinds };
