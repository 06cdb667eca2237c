/** Parses the first document of a YAML 1.1 stream into nodes, with libyaml's grammar and errors. */
import type { Mark } from './cursor.ts';
import { YamlError } from './errors.ts';
import type { MappingNode, Node, ScalarNode, SequenceNode } from './node.ts';
import { Scanner } from './scanner.ts';
import type { Token, TokenKind } from './token.ts';

/** libyaml allows 10,000 levels; ours keeps the recursion over the tree well within the stack. */
export const maxDepth = 1_000;

/** The first document, or undefined when the stream has none. Later documents are not even read, as in go-yaml. */
export function parseDocument(text: string): Node | undefined {
  return new Parser(new Scanner(text)).document();
}

const empty: ScalarNode = { kind: 'scalar', tag: '', value: '', implicit: true };

/** Where a node stands: what block collections may begin here. */
type Place = 'block' | 'blockOrIndentlessSequence' | 'flow';

interface Properties {
  readonly anchor: string;
  readonly tag: string;
}

class Parser {
  readonly #scanner: Scanner;
  readonly #anchors = new Map<string, Node>();
  readonly #tagPrefixes = new Map<string, string>();
  #depth = 0;

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  document(): Node | undefined {
    if (this.#nextIs('streamEnd')) return undefined;
    const explicit = this.#nextIs('versionDirective', 'tagDirective', 'documentStart');
    if (explicit) this.#directives();
    this.#defaultTags();
    if (explicit) this.#expect('documentStart', 'did not find expected <document start>');
    const node =
      explicit && this.#nextIs('versionDirective', 'tagDirective', 'documentStart', 'documentEnd', 'streamEnd')
        ? empty
        : this.#node('block');
    // The document ends where the next token is known, so an error in that token is this document's.
    this.#scanner.peek();
    return node;
  }

  #directives(): void {
    let versioned = false;
    while (this.#nextIs('versionDirective', 'tagDirective')) {
      const { kind, mark, value, suffix } = this.#scanner.next();
      if (kind === 'versionDirective') {
        if (versioned) fail('found duplicate %YAML directive', mark);
        if (value !== '1.1') fail('found incompatible YAML document', mark);
        versioned = true;
      } else {
        if (this.#tagPrefixes.has(value)) fail('found duplicate %TAG directive', mark);
        this.#tagPrefixes.set(value, suffix);
      }
    }
  }

  #defaultTags(): void {
    if (!this.#tagPrefixes.has('!')) this.#tagPrefixes.set('!', '!');
    if (!this.#tagPrefixes.has('!!')) this.#tagPrefixes.set('!!', 'tag:yaml.org,2002:');
  }

  #node(place: Place): Node {
    const start = this.#scanner.peek();
    if (start.kind === 'alias') return this.#alias();
    const properties = this.#properties();
    const next = this.#scanner.peek();
    if (next.kind === 'scalar') return this.#scalar(properties);
    if (this.#startsCollection(next.kind, place)) return this.#collection(next, properties);
    if (properties.anchor === '' && properties.tag === '') {
      fail('did not find expected node content', next.mark, start.mark);
    }
    return this.#anchored(properties, { ...empty, tag: properties.tag, implicit: properties.tag === '' });
  }

  #startsCollection(kind: TokenKind, place: Place): boolean {
    if (kind === 'flowSequenceStart' || kind === 'flowMappingStart') return true;
    if (kind === 'blockEntry') return place === 'blockOrIndentlessSequence';
    return place !== 'flow' && (kind === 'blockSequenceStart' || kind === 'blockMappingStart');
  }

  #collection(start: Token, properties: Properties): Node {
    this.#depth++;
    if (this.#depth > maxDepth) fail(`exceeded max depth of ${maxDepth}`, start.mark);
    // An alias inside may name the collection, so it is known before its members are read.
    const isMapping = start.kind === 'flowMappingStart' || start.kind === 'blockMappingStart';
    const node = isMapping
      ? this.#mapping(start, this.#anchored(properties, { kind: 'mapping', pairs: [] }))
      : this.#sequence(start, this.#anchored(properties, { kind: 'sequence', items: [] }));
    this.#depth--;
    return node;
  }

  #sequence(start: Token, node: SequenceNode): SequenceNode {
    if (start.kind === 'blockEntry') this.#indentlessSequence(node);
    else if (start.kind === 'blockSequenceStart') this.#blockSequence(start, node);
    else this.#flowSequence(start, node);
    return node;
  }

  #mapping(start: Token, node: MappingNode): MappingNode {
    if (start.kind === 'blockMappingStart') this.#blockMapping(start, node);
    else this.#flowMapping(start, node);
    return node;
  }

  #blockSequence(start: Token, node: SequenceNode): void {
    this.#scanner.next();
    while (this.#accept('blockEntry')) {
      node.items.push(this.#nextIs('blockEntry', 'blockEnd') ? empty : this.#node('block'));
    }
    this.#expect('blockEnd', "did not find expected '-' indicator", start.mark);
  }

  /** A sequence that is a mapping's value and stands at the mapping's own column. */
  #indentlessSequence(node: SequenceNode): void {
    while (this.#accept('blockEntry')) {
      node.items.push(this.#nextIs('blockEntry', 'key', 'value', 'blockEnd') ? empty : this.#node('block'));
    }
  }

  #blockMapping(start: Token, node: MappingNode): void {
    this.#scanner.next();
    while (this.#accept('key')) {
      const key = this.#blockMember();
      node.pairs.push([key, this.#accept('value') ? this.#blockMember() : empty]);
    }
    this.#expect('blockEnd', 'did not find expected key', start.mark);
  }

  #blockMember(): Node {
    return this.#nextIs('key', 'value', 'blockEnd') ? empty : this.#node('blockOrIndentlessSequence');
  }

  #flowSequence(start: Token, node: SequenceNode): void {
    this.#scanner.next();
    for (let first = true; !this.#nextIs('flowSequenceEnd'); first = false) {
      if (!first) this.#expect('flowEntry', "did not find expected ',' or ']'", start.mark);
      if (this.#nextIs('flowSequenceEnd')) break;
      node.items.push(this.#nextIs('key') ? this.#flowPair() : this.#node('flow'));
    }
    this.#scanner.next();
  }

  /** A single `key: value` among the entries of a flow sequence. */
  #flowPair(): Node {
    this.#scanner.next();
    const emptyKey = this.#nextIs('value', 'flowEntry', 'flowSequenceEnd');
    const key = emptyKey ? empty : this.#node('flow');
    // libyaml takes the token that shows the key to be empty, even where that is the comma or the bracket.
    if (emptyKey) this.#scanner.next();
    const valued = this.#accept('value') && !this.#nextIs('flowEntry', 'flowSequenceEnd');
    return { kind: 'mapping', pairs: [[key, valued ? this.#node('flow') : empty]] };
  }

  #flowMapping(start: Token, node: MappingNode): void {
    this.#scanner.next();
    for (let first = true; !this.#nextIs('flowMappingEnd'); first = false) {
      if (!first) this.#expect('flowEntry', "did not find expected ',' or '}'", start.mark);
      if (this.#nextIs('flowMappingEnd')) break;
      node.pairs.push(this.#accept('key') ? this.#keyedMember() : [this.#node('flow'), empty]);
    }
    this.#scanner.next();
  }

  #keyedMember(): readonly [Node, Node] {
    const key = this.#nextIs('value', 'flowEntry', 'flowMappingEnd') ? empty : this.#node('flow');
    const valued = this.#accept('value') && !this.#nextIs('flowEntry', 'flowMappingEnd');
    return [key, valued ? this.#node('flow') : empty];
  }

  #alias(): Node {
    const { value: name } = this.#scanner.next();
    const target = this.#anchors.get(name);
    if (target === undefined) throw new YamlError(`unknown anchor '${name}' referenced`);
    return { kind: 'alias', name, target };
  }

  #scalar(properties: Properties): Node {
    const { value, plain } = this.#scanner.next();
    const { tag } = properties;
    return this.#anchored(properties, { kind: 'scalar', tag, value, implicit: (tag === '' && plain) || tag === '!' });
  }

  #anchored<T extends Node>(properties: Properties, node: T): T {
    if (properties.anchor !== '') this.#anchors.set(properties.anchor, node);
    return node;
  }

  /** An anchor and a tag, in either order. */
  #properties(): Properties {
    const start = this.#scanner.peek().mark;
    let anchor = this.#nextIs('anchor') ? this.#scanner.next().value : '';
    const tag = this.#nextIs('tag') ? this.#scanner.next() : undefined;
    if (anchor === '' && tag !== undefined && this.#nextIs('anchor')) anchor = this.#scanner.next().value;
    // An error in what follows the properties comes before one in the tag.
    this.#scanner.peek();
    return { anchor, tag: tag === undefined ? '' : this.#fullTag(tag, start) };
  }

  #fullTag(tag: Token, start: Mark): string {
    if (tag.value === '') return tag.suffix;
    const prefix = this.#tagPrefixes.get(tag.value);
    if (prefix === undefined) fail('found undefined tag handle', tag.mark, start);
    return prefix + tag.suffix;
  }

  #nextIs(...kinds: readonly TokenKind[]): boolean {
    return kinds.includes(this.#scanner.peek().kind);
  }

  #accept(kind: TokenKind): boolean {
    if (!this.#nextIs(kind)) return false;
    this.#scanner.next();
    return true;
  }

  #expect(kind: TokenKind, problem: string, context?: Mark): void {
    if (!this.#accept(kind)) fail(problem, this.#scanner.peek().mark, context);
  }
}

/** A grammar error; go-yaml gives the line before it, counting from zero, so that line 0 is not named. */
function fail(problem: string, mark: Mark, context?: Mark): never {
  const line = mark.line !== 0 ? mark.line : (context?.line ?? 0);
  throw new YamlError(line === 0 ? problem : `line ${line}: ${problem}`);
}
