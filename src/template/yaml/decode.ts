/** Makes values of a parsed document: resolves scalars, expands aliases, applies merge keys. */
import { decodeBase64 } from '../encoding/base64.ts';
import { decodeUtf8, encodeUtf8 } from '../text/utf8.ts';
import { YamlError } from './errors.ts';
import { goSyntax } from './gosyntax.ts';
import type { AliasNode, MappingNode, Node, ScalarNode } from './node.ts';
import { maxDepth } from './parser.ts';
import { resolve, type ScalarValue } from './resolve.ts';

/** What a document holds. Keys may be any scalar, as YAML allows; `1` and `1.0` are different keys. */
export type YamlValue = ScalarValue | YamlValue[] | YamlMap;
export interface YamlMap extends Map<ScalarValue, YamlValue> {}

export function decode(node: Node): YamlValue {
  return new Decoder().value(node, 0);
}

/** Decodes one document, counting what aliases contribute so that a small text cannot grow without bound. */
class Decoder {
  readonly #open = new Set<AliasNode>();
  /** The document itself counts as one. */
  #count = 1;
  #aliasCount = 0;

  value(node: Node, depth: number): YamlValue {
    this.#account(depth);
    if (node.kind === 'scalar') return scalarValue(node);
    if (node.kind === 'sequence') return node.items.map((item) => this.value(item, depth + 1));
    if (node.kind === 'mapping') return this.#fill(new Map(), node, depth);
    return this.#throughAlias(node, (target) => this.value(target, depth + 1));
  }

  #account(depth: number): void {
    this.#count++;
    if (this.#open.size > 0) this.#aliasCount++;
    const excessive =
      this.#aliasCount > 100 && this.#count > 1_000 && this.#aliasCount / this.#count > allowedRatio(this.#count);
    if (excessive) throw new YamlError('document contains excessive aliasing');
    if (depth > maxDepth) throw new YamlError(`exceeded max depth of ${maxDepth}`);
  }

  #throughAlias<T>(alias: AliasNode, decodeTarget: (target: Node) => T): T {
    if (this.#open.has(alias)) throw new YamlError(`anchor '${alias.name}' value contains itself`);
    this.#open.add(alias);
    const value = decodeTarget(alias.target);
    this.#open.delete(alias);
    return value;
  }

  /** Sets the pairs in their order: a merge overwrites the keys before it, and is overwritten by those after. */
  #fill(map: YamlMap, node: MappingNode, depth: number): YamlMap {
    for (const [keyNode, valueNode] of node.pairs) {
      if (isMerge(keyNode)) this.#merge(map, valueNode, depth);
      else map.set(this.#key(keyNode, depth), this.value(valueNode, depth + 1));
    }
    return map;
  }

  #key(node: Node, depth: number): ScalarValue {
    const key = this.value(node, depth + 1);
    if (typeof key === 'object' && key !== null) throw new YamlError(`invalid map key: ${goSyntax(key)}`);
    return key;
  }

  #merge(map: YamlMap, node: Node, depth: number): void {
    // The earlier of several mappings takes precedence, so it is written last.
    const sources = node.kind === 'sequence' ? node.items.toReversed() : [node];
    for (const source of sources) {
      const target = source.kind === 'alias' ? source.target : source;
      if (target.kind !== 'mapping') throw new YamlError('map merge requires map or sequence of maps as the value');
      this.#account(depth);
      if (source.kind === 'alias') {
        this.#throughAlias(source, () => {
          this.#account(depth);
          return this.#fill(map, target, depth + 1);
        });
      } else this.#fill(map, target, depth + 1);
    }
  }
}

/** How much of the work may come from aliases: 99 % of small documents, falling to 10 % of very large ones. */
function allowedRatio(count: number): number {
  const [low, high] = [400_000, 4_000_000];
  if (count <= low) return 0.99;
  return count >= high ? 0.1 : 0.99 - 0.89 * ((count - low) / (high - low));
}

function isMerge(node: Node): boolean {
  return node.kind === 'scalar' && node.value === '<<' && (node.implicit || node.tag === 'tag:yaml.org,2002:merge');
}

function scalarValue(node: ScalarNode): ScalarValue {
  if (node.tag === '' && !node.implicit) return node.value;
  const { tag, value } = resolve(node.tag, node.value);
  return tag === '!!binary' ? binaryValue(node.value) : value;
}

function binaryValue(text: string): string {
  const decoded = decodeBase64(encodeUtf8(text));
  if (!decoded.ok) throw new YamlError('!!binary value contains invalid base64 data');
  // What is no UTF-8 would be lost on the way through JSON in any case.
  return decodeUtf8(decoded.bytes);
}
