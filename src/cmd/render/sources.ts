/** The ConfigMaps and Secrets among the manifests: what `templateFrom` names, and what a PushSecret pushes. */
import type { TemplateSources } from '../../controllers/externalsecret/render.ts';
import type { SecretMap } from '../../provider/provider.ts';
import { TerminalError } from '../../runtime/errors.ts';
import type { ManifestDocument } from './documents.ts';

type SourceKind = 'ConfigMap' | 'Secret';

/** Objects of the same namespace, or of none. @throws TerminalError from `text` when there is no such object or key */
export function sourcesAmong(documents: readonly ManifestDocument[], namespace: string | undefined): TemplateSources {
  return {
    text(kind, name, key) {
      const content = contentOf(documents, { kind, name, namespace });
      if (content === undefined) {
        throw new TerminalError('SecretSyncedError', `${kind} ${name} is in none of the files`);
      }
      const value = content.get(key);
      if (value === undefined) throw new TerminalError('SecretSyncedError', `${kind} ${name} has no key ${key}`);
      return Buffer.from(value).toString();
    },
  };
}

export interface SourceName {
  readonly kind: SourceKind;
  readonly name: string;
  readonly namespace: string | undefined;
}

/** Keys and values of the object; undefined: it is not there. */
export function contentOf(documents: readonly ManifestDocument[], source: SourceName): SecretMap | undefined {
  const found = documents.find(({ object }) => isSource(object, source));
  if (found === undefined) return undefined;
  const { data, stringData, binaryData } = found.object as Readonly<Record<string, unknown>> &
    ManifestDocument['object'];
  const isSecret = source.kind === 'Secret';
  return new Map([
    ...entriesOf(data, isSecret ? 'base64' : 'utf8'),
    ...entriesOf(binaryData, 'base64'),
    ...entriesOf(stringData, 'utf8'),
  ]);
}

function isSource({ apiVersion, kind, metadata }: ManifestDocument['object'], source: SourceName): boolean {
  const { name, namespace } = metadata;
  const isSameNamespace = namespace === undefined || source.namespace === undefined || namespace === source.namespace;
  return apiVersion === 'v1' && kind === source.kind && name === source.name && isSameNamespace;
}

function entriesOf(data: unknown, encoding: BufferEncoding): [string, Uint8Array][] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).map(([key, value]) => [key, Buffer.from(String(value), encoding)]);
}
