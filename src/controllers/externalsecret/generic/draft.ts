/** A generic target under construction: what templates put where. */
import { parseStringMap } from '../../../template/yaml/stringmap.ts';
import { parseDocument, parseLeaf } from './leaf.ts';
import { getAt, type Path, type Segment, setAt } from './path.ts';
import type { Place } from './place.ts';
import type { Tree, TreeMap } from './tree.ts';

/** How a value is treated on its way from the text to the target. */
export type DecodeText = (text: string) => string;

/** Throws PathError, LeafError or YamlError when something does not fit. */
export class ResourceDraft {
  readonly labels = new Map<string, string>();
  readonly annotations = new Map<string, string>();
  readonly #document: TreeMap;
  readonly #written: Path[] = [];

  /** @param base what is there already: lists that are written in part keep their other elements. Is changed. */
  constructor(base: TreeMap | undefined) {
    this.#document = base ?? new Map();
  }

  /** The text is the value of one key. */
  putValue(place: Place, key: string, text: string): void {
    if (place.kind !== 'content') this[place.kind].set(key, text);
    else this.#set([...place.path, key], place.holdsText ? text : parseLeaf(text));
  }

  putText(place: Place, key: string, text: string): void {
    if (place.kind !== 'content') this[place.kind].set(key, text);
    else this.#set([...place.path, key], text);
  }

  /** The text is a YAML document: keys and values for a map, or the value of the place itself. */
  putDocument(place: Place, text: string, decode: DecodeText): void {
    if (place.kind !== 'content' || place.holdsText) {
      for (const [key, value] of textsOf(text)) this.putText(place, key, decode(value));
      return;
    }
    const document = decoded(parseDocument(text), decode);
    if (place.replaces || !(document instanceof Map)) this.#set(place.path, document);
    else for (const [key, value] of document) this.#set([...place.path, key], value);
  }

  /** What was put, and nothing else of the base but the lists that were written in part: a list is written whole. */
  content(): TreeMap {
    const content: TreeMap = new Map();
    for (const path of this.#written) {
      const whole = upToList(path);
      const value = getAt(this.#document, whole);
      if (value !== undefined) setAt(content, whole, value);
    }
    return content;
  }

  /** Null is the absence of a value. */
  #set(path: Path, value: Tree): void {
    if (value === null) return;
    setAt(this.#document, path, value);
    this.#written.push(path);
  }
}

function upToList([first, ...rest]: Path): Path {
  const end = rest.findIndex((segment: Segment) => typeof segment === 'number');
  return end === -1 ? [first, ...rest] : [first, ...rest.slice(0, end)];
}

function* textsOf(text: string): Iterable<[string, string]> {
  for (const [key, value] of parseStringMap(Buffer.from(text).toString('latin1'))) {
    yield [Buffer.from(key, 'latin1').toString(), Buffer.from(value, 'latin1').toString()];
  }
}

function decoded(tree: Tree, decode: DecodeText): Tree {
  if (typeof tree === 'string') return decode(tree);
  if (Array.isArray(tree)) return tree.map((element) => decoded(element, decode));
  if (!(tree instanceof Map)) return tree;
  return new Map(Array.from(tree, ([key, value]) => [key, decoded(value, decode)]));
}
