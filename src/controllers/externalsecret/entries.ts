/** The entries of `data` and `dataFrom` in the order in which they are applied, each with its place in the spec. Pure. */

import type { DataEntry, DataFromEntry, Find } from '../../api/data.ts';
import type { ExternalSecret } from '../../api/externalsecret.ts';
import type { GeneratorRef, SecretStoreRef } from '../../api/refs.ts';
import type { RemoteRef } from '../../api/remoteref.ts';
import type { Rewrite } from '../../api/rewrite.ts';

export type Entry =
  | {
      readonly kind: 'value';
      readonly path: string;
      readonly store: SecretStoreRef;
      readonly ref: RemoteRef;
      readonly secretKey: string;
    }
  | {
      readonly kind: 'generatedValue';
      readonly path: string;
      readonly generator: GeneratorRef;
      readonly ref: RemoteRef;
      readonly secretKey: string;
    }
  | {
      readonly kind: 'map';
      readonly path: string;
      readonly store: SecretStoreRef;
      readonly ref: RemoteRef;
      readonly rewrite: readonly Rewrite[];
    }
  | {
      readonly kind: 'find';
      readonly path: string;
      readonly store: SecretStoreRef;
      readonly find: Find;
      readonly rewrite: readonly Rewrite[];
    }
  | {
      readonly kind: 'generatedMap';
      readonly path: string;
      readonly generator: GeneratorRef;
      readonly rewrite: readonly Rewrite[];
    };

/** `dataFrom` first, then `data`: later entries win, as in ESO. */
export function entriesOf(externalSecret: ExternalSecret): readonly Entry[] {
  const { data = [], dataFrom = [], secretStoreRef = {} } = externalSecret.spec;
  return [
    ...dataFrom.flatMap((entry, index) => mapEntry(entry, `spec.dataFrom[${index}]`, secretStoreRef)),
    ...data.map((entry, index) => valueEntry(entry, `spec.data[${index}]`, secretStoreRef)),
  ];
}

function valueEntry(entry: DataEntry, place: string, defaultStore: SecretStoreRef): Entry {
  const { secretKey, remoteRef: ref, sourceRef } = entry;
  const path = `${place} (key: ${ref.key})`;
  return sourceRef?.generatorRef === undefined
    ? { kind: 'value', path, store: sourceRef?.storeRef ?? defaultStore, ref, secretKey }
    : { kind: 'generatedValue', path, generator: sourceRef.generatorRef, ref, secretKey };
}

/** Where an entry says more than one thing, find comes before extract before generator, as in ESO. */
function mapEntry(entry: DataFromEntry, place: string, defaultStore: SecretStoreRef): readonly Entry[] {
  const { find, extract, sourceRef, rewrite = [] } = entry;
  const store = sourceRef?.storeRef ?? defaultStore;
  if (find !== undefined) return [{ kind: 'find', path: `${place}.find`, store, find, rewrite }];
  if (extract !== undefined) return [{ kind: 'map', path: `${place}.extract`, store, ref: extract, rewrite }];
  const generator = sourceRef?.generatorRef;
  if (generator === undefined) return [];
  return [{ kind: 'generatedMap', path: `${place}.sourceRef.generatorRef`, generator, rewrite }];
}
