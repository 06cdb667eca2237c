/** What is built in by name, each loaded when it is first asked for: a cloud that nobody uses costs no memory. */

export type Registry<T> = ReadonlyMap<string, () => Promise<T>>;

/** Whoever asks a second time gets what the first one got. */
export function onDemand<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}

/** For those who need all of them at once, such as admission. */
export async function loadAll<T>(registry: Registry<T>): Promise<ReadonlyMap<string, T>> {
  const loaded = Array.from(registry, async ([name, load]) => [name, await load()] as const);
  return new Map(await Promise.all(loaded));
}
