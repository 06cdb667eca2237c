/** Parses templates into trees, as Go's text/template/parse does. */
import { Lexer, type LexOptions } from './lex.ts';
import type { BranchNode, Node, PipeNode, TemplateNode, TemplateTree } from './node.ts';
import { type PipelineScope, parsePipeline } from './parsepipeline.ts';
import { quote } from './strconv/quote.ts';
import { unquote } from './strconv/unquote.ts';
import type { Token } from './token.ts';
import { TokenStream } from './tokenstream.ts';

export interface ParseOptions extends LexOptions {
  /** The name of the template, in errors and for `template`. */
  readonly name: string;
  /** Blocks inside of each other; deeper nesting is an error. Default 1,000. */
  readonly maxNesting?: number;
}

/** What ends a list of nodes. */
interface Terminator {
  readonly kind: 'end' | 'else';
}

/**
 * Parses a text and all that it defines.
 * @throws TemplateError of phase `parse`
 */
export function parse(text: string, options: ParseOptions): ReadonlyMap<string, TemplateTree> {
  const trees = new Map<string, TemplateTree>();
  const tokens = new TokenStream(options.name, new Lexer(text, options));
  new TreeParser(tokens, options, trees, 0).parseMain(options.name);
  return trees;
}

/** Parses one tree; definitions and blocks get parsers of their own, with their own variables. */
class TreeParser {
  readonly #tokens: TokenStream;
  readonly #options: ParseOptions;
  readonly #trees: Map<string, TemplateTree>;
  readonly #scope: PipelineScope;
  #rangeDepth = 0;
  #nesting: number;

  constructor(tokens: TokenStream, options: ParseOptions, trees: Map<string, TemplateTree>, nesting: number) {
    this.#tokens = tokens;
    this.#options = options;
    this.#trees = trees;
    this.#nesting = nesting;
    this.#scope = { hasFunction: options.isFunction, variables: ['$'] };
  }

  parseMain(name: string): void {
    const root: Node[] = [];
    while (this.#tokens.peek().kind !== 'eof') {
      if (this.#parseDefinition()) continue;
      const node = this.#textOrAction();
      if (isTerminator(node)) this.#tokens.fail(`unexpected {{${node.kind}}}`);
      root.push(node);
    }
    this.#add(name, root);
  }

  /** A `define` may stand at the top level only; answers whether there was one. */
  #parseDefinition(): boolean {
    const delimiter = this.#tokens.peek();
    if (delimiter.kind !== 'leftDelimiter') return false;
    this.#tokens.next();
    const keyword = this.#tokens.nextNonSpace();
    if (keyword.kind !== 'define') {
      this.#tokens.backup(delimiter, keyword);
      return false;
    }
    const context = 'define clause';
    const name = this.#templateName(this.#tokens.nextNonSpace(), context);
    this.#tokens.expect('rightDelimiter', context);
    this.#child().parseBody(name, context);
    return true;
  }

  /** The body of a `define` or `block` up to its end. */
  parseBody(name: string, context: string): void {
    const { list, terminator } = this.#itemList();
    if (terminator.kind !== 'end') this.#tokens.fail(`unexpected {{${terminator.kind}}} in ${context}`);
    this.#add(name, list);
  }

  #child(): TreeParser {
    return new TreeParser(this.#tokens, this.#options, this.#trees, this.#nesting + 1);
  }

  /** An empty definition never replaces another. */
  #add(name: string, root: readonly Node[]): void {
    const before = this.#trees.get(name);
    if (before === undefined || isEmpty(before.root)) this.#trees.set(name, { name, root });
    else if (!isEmpty(root)) this.#tokens.fail(`template: multiple definition of template ${quote(name)}`);
  }

  #itemList(): { readonly list: readonly Node[]; readonly terminator: Terminator } {
    this.#nesting += 1;
    if (this.#nesting > (this.#options.maxNesting ?? 1000)) this.#tokens.fail('blocks are nested too deeply');
    const list: Node[] = [];
    while (this.#tokens.peekNonSpace().kind !== 'eof') {
      const node = this.#textOrAction();
      if (isTerminator(node)) {
        this.#nesting -= 1;
        return { list, terminator: node };
      }
      list.push(node);
    }
    return this.#tokens.fail('unexpected EOF');
  }

  #textOrAction(): Node | Terminator {
    const token = this.#tokens.nextNonSpace();
    if (token.kind === 'text') return { kind: 'text', text: token.text, at: token.at, line: token.line };
    if (token.kind !== 'leftDelimiter') return this.#tokens.unexpected(token, 'input');
    this.#tokens.enterAction(token.line);
    try {
      return this.#action();
    } finally {
      this.#tokens.leaveAction();
    }
  }

  #action(): Node | Terminator {
    const token = this.#tokens.nextNonSpace();
    switch (token.kind) {
      case 'if':
      case 'with':
      case 'range':
        return this.#branch(token.kind, token);
      case 'template':
        return this.#template();
      case 'block':
        return this.#block();
      case 'break':
      case 'continue':
        return this.#loopControl(token.kind, token);
      case 'end':
        this.#tokens.expect('rightDelimiter', 'end');
        return { kind: 'end' };
      case 'else':
        return this.#else();
      default: {
        this.#tokens.backup(token);
        const { at, line } = this.#tokens.peek();
        return { kind: 'action', pipe: this.#pipeline('command'), at, line };
      }
    }
  }

  #pipeline(context: string): PipeNode {
    return parsePipeline(this.#tokens, this.#scope, context, 'rightDelimiter');
  }

  /** Variables live until the end of the branch that declares them. */
  #branch(kind: BranchNode['kind'], { at, line }: Token): BranchNode {
    const variables = this.#scope.variables.length;
    const pipe = this.#pipeline(kind);
    if (kind === 'range') this.#rangeDepth += 1;
    const { list, terminator } = this.#itemList();
    if (kind === 'range') this.#rangeDepth -= 1;
    const elseList = terminator.kind === 'else' ? this.#elseList(kind) : undefined;
    this.#scope.variables.length = variables;
    return { kind, pipe, list, elseList, at, line };
  }

  /** `{{else if}}` and `{{else with}}` are branches inside the else that share its end. */
  #elseList(kind: BranchNode['kind']): readonly Node[] {
    const token = this.#tokens.peek();
    if (kind !== 'range' && token.kind === kind) {
      this.#tokens.next();
      this.#nesting += 1;
      const branch = this.#branch(kind, token);
      this.#nesting -= 1;
      return [branch];
    }
    const { list, terminator } = this.#itemList();
    if (terminator.kind !== 'end') this.#tokens.fail(`expected end; found {{${terminator.kind}}}`);
    return list;
  }

  #else(): Terminator {
    const { kind } = this.#tokens.peekNonSpace();
    if (kind !== 'if' && kind !== 'with') this.#tokens.expect('rightDelimiter', 'else');
    return { kind: 'else' };
  }

  #loopControl(kind: 'break' | 'continue', { at, line }: Token): Node {
    const token = this.#tokens.nextNonSpace();
    if (token.kind !== 'rightDelimiter') this.#tokens.unexpected(token, `{{${kind}}}`);
    if (this.#rangeDepth === 0) this.#tokens.fail(`{{${kind}}} outside {{range}}`);
    return { kind, at, line };
  }

  #template(): TemplateNode {
    const context = 'template clause';
    const first = this.#tokens.nextNonSpace();
    const { at, line } = first;
    const name = this.#templateName(first, context);
    const token = this.#tokens.nextNonSpace();
    if (token.kind === 'rightDelimiter') return { kind: 'template', name, pipe: undefined, at, line };
    this.#tokens.backup(token);
    return { kind: 'template', name, pipe: this.#pipeline(context), at, line };
  }

  /** Defines a template and calls it in the same place. */
  #block(): TemplateNode {
    const context = 'block clause';
    const token = this.#tokens.nextNonSpace();
    const name = this.#templateName(token, context);
    const pipe = this.#pipeline(context);
    this.#child().parseBody(name, context);
    return { kind: 'template', name, pipe, at: token.at, line: token.line };
  }

  #templateName(token: Token, context: string): string {
    if (token.kind !== 'string' && token.kind !== 'rawString') return this.#tokens.unexpected(token, context);
    return unquote(token.text) ?? this.#tokens.fail('invalid syntax');
  }
}

function isTerminator(node: Node | Terminator): node is Terminator {
  return node.kind === 'end' || node.kind === 'else';
}

/** Nothing but white space and definitions. */
function isEmpty(root: readonly Node[]): boolean {
  return root.every((node) => node.kind === 'text' && /^[ \t\r\n\v\f\x85\xa0]*$/.test(node.text));
}
