/** Parses pipelines: declarations, commands, operands. Parentheses are kept on a stack of its own, not on the machine's. */
import type { ChainNode, CommandNode, FieldNode, Operand, PipeNode, VariableNode } from './node.ts';
import { parseNumber } from './number.ts';
import { quote } from './strconv/quote.ts';
import { unquote } from './strconv/unquote.ts';
import type { Token, TokenKind } from './token.ts';
import type { TokenStream } from './tokenstream.ts';

/** As many parentheses as Go 1.26 allows inside each other. */
const maxDepth = 10_000;

/** What a pipeline may refer to. */
export interface PipelineScope {
  hasFunction(name: string): boolean;
  /** Variables that are declared here, dollar signs included; declarations are added to it. */
  readonly variables: string[];
}

/** A pipeline that is not finished yet. */
interface Draft {
  readonly context: string;
  readonly end: TokenKind;
  readonly start: Token;
  isAssign: boolean;
  readonly declarations: string[];
  readonly commands: CommandNode[];
  args: Operand[];
  commandStart: Token;
}

/** Reads up to and including the `end` token. */
export function parsePipeline(tokens: TokenStream, scope: PipelineScope, context: string, end: TokenKind): PipeNode {
  const stack: Draft[] = [];
  let draft = beginPipeline(tokens, scope, context, end);
  for (;;) {
    const operand = beginsOperand(tokens, draft) ? parseTerm(tokens, scope) : undefined;
    if (operand === 'parenthesis') {
      if (stack.length >= maxDepth) tokens.fail('max expression depth exceeded');
      stack.push(draft);
      draft = beginPipeline(tokens, scope, 'parenthesized pipeline', 'rightParen');
      continue;
    }
    if (operand !== undefined) addOperand(tokens, draft, parseChain(tokens, operand));
    while (isFinished(tokens, draft)) {
      const pipe = finish(tokens, draft);
      const outer = stack.pop();
      if (outer === undefined) return pipe;
      draft = outer;
      addOperand(tokens, draft, parseChain(tokens, pipe));
    }
  }
}

function beginPipeline(tokens: TokenStream, scope: PipelineScope, context: string, end: TokenKind): Draft {
  const start = tokens.peekNonSpace();
  const draft: Draft = {
    context,
    end,
    start,
    isAssign: false,
    declarations: [],
    commands: [],
    args: [],
    commandStart: start,
  };
  parseDeclarations(tokens, scope, draft);
  return draft;
}

/** `$x := `, `$x = ` and, in a range, `$i, $x := `. */
function parseDeclarations(tokens: TokenStream, scope: PipelineScope, draft: Draft): void {
  for (;;) {
    const variable = tokens.peekNonSpace();
    if (variable.kind !== 'variable') return;
    tokens.next();
    // A space is a token: three tokens have to be seen to tell `$x := 1` from `$x foo`.
    const after = tokens.peek();
    const following = tokens.peekNonSpace();
    const isComma = following.kind === 'char' && following.text === ',';
    if (following.kind !== 'assign' && following.kind !== 'declare' && !isComma) {
      if (after.kind === 'space') tokens.backup(variable, after);
      else tokens.backup(variable);
      return;
    }
    tokens.nextNonSpace();
    draft.isAssign = following.kind === 'assign';
    draft.declarations.push(variable.text);
    scope.variables.push(variable.text);
    if (!isComma) return;
    if (draft.context !== 'range' || draft.declarations.length >= 2)
      tokens.fail(`too many declarations in ${draft.context}`);
    if (!['variable', 'rightDelimiter', 'rightParen'].includes(tokens.peekNonSpace().kind)) {
      tokens.fail('range can only initialize variables');
    }
  }
}

const operandKinds: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'bool',
  'charConstant',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'rawString',
  'string',
  'variable',
  'leftParen',
]);

/** Whether an operand comes next; if not, the command or the pipeline ends here, or an error is thrown. */
function beginsOperand(tokens: TokenStream, draft: Draft): boolean {
  const token = tokens.peekNonSpace();
  if (operandKinds.has(token.kind)) {
    if (draft.args.length === 0) draft.commandStart = token;
    return true;
  }
  const isEnd = token.kind === draft.end || token.kind === 'rightDelimiter' || token.kind === 'rightParen';
  if (draft.args.length === 0) {
    if (token.kind !== draft.end) tokens.unexpected(token, draft.context);
    return false;
  }
  if (!isEnd && token.kind !== 'pipe') tokens.unexpected(tokens.next(), 'operand');
  return false;
}

/** After an operand: a space goes on with the command, a pipe ends it, a closing token ends the pipeline. */
function addOperand(tokens: TokenStream, draft: Draft, operand: Operand): void {
  draft.args.push(operand);
  const token = tokens.next();
  switch (token.kind) {
    case 'space':
      if (tokens.peek().kind !== 'pipe') return;
      tokens.next();
      endCommand(draft);
      return;
    case 'pipe':
      endCommand(draft);
      return;
    case 'rightDelimiter':
    case 'rightParen':
      tokens.backup(token);
      return;
    default:
      tokens.unexpected(token, 'operand');
  }
}

function endCommand(draft: Draft): void {
  draft.commands.push({ args: draft.args, at: draft.commandStart.at, line: draft.commandStart.line });
  draft.args = [];
}

function isFinished(tokens: TokenStream, draft: Draft): boolean {
  const { kind } = tokens.peekNonSpace();
  if (kind === draft.end) return true;
  return kind === 'rightDelimiter' || kind === 'rightParen' ? tokens.unexpected(tokens.next(), draft.context) : false;
}

/** Parentheses around nothing but parentheses mean nothing: without them evaluation needs no stack for them. */
function onlyOperand({ commands, declarations }: Draft): Operand | undefined {
  const [command, ...others] = commands;
  return others.length === 0 && declarations.length === 0 && command?.args.length === 1 ? command.args[0] : undefined;
}

const notExecutable: ReadonlySet<string> = new Set(['bool', 'dot', 'nil', 'number', 'string']);

function finish(tokens: TokenStream, draft: Draft): PipeNode {
  if (draft.args.length > 0) endCommand(draft);
  tokens.nextNonSpace();
  const { commands, declarations, isAssign, start } = draft;
  const inner = onlyOperand(draft);
  if (inner?.kind === 'pipe' && inner.declarations.length === 0) return inner;
  if (commands.length === 0) tokens.fail(`missing value for ${draft.context}`);
  for (const [stage, command] of commands.entries()) {
    if (stage > 0 && notExecutable.has(command.args[0]?.kind ?? '')) {
      tokens.fail(`non executable command in pipeline stage ${stage + 1}`);
    }
  }
  return { kind: 'pipe', isAssign, declarations, commands, at: start.at, line: start.line };
}

function parseTerm(tokens: TokenStream, scope: PipelineScope): Operand | 'parenthesis' {
  const token = tokens.nextNonSpace();
  const { at, line, text } = token;
  switch (token.kind) {
    case 'leftParen':
      return 'parenthesis';
    case 'identifier':
      if (!scope.hasFunction(text)) tokens.fail(`function ${quote(text)} not defined`);
      return { kind: 'identifier', name: text, at, line };
    case 'variable':
      if (!scope.variables.includes(text)) tokens.fail(`undefined variable ${quote(text)}`);
      return { kind: 'variable', names: [text], at, line };
    case 'field':
      return { kind: 'field', names: [text.slice(1)], at, line };
    case 'bool':
      return { kind: 'bool', value: text === 'true', at, line };
    case 'nil':
      return { kind: 'nil', at, line };
    case 'dot':
      return { kind: 'dot', at, line };
    case 'number':
    case 'complex':
    case 'charConstant': {
      const parsed = parseNumber(text, token.kind);
      return parsed.ok ? { kind: 'number', number: parsed.number, at, line } : tokens.fail(parsed.message);
    }
    default: {
      const value = unquote(text);
      return value === undefined ? tokens.fail('invalid syntax') : { kind: 'string', literal: text, value, at, line };
    }
  }
}

/** `.a.b` directly behind a term. */
function parseChain(tokens: TokenStream, node: Operand): Operand {
  const first = tokens.peek();
  if (first.kind !== 'field') return node;
  const names: string[] = [];
  while (tokens.peek().kind === 'field') names.push(tokens.next().text.slice(1));
  switch (node.kind) {
    case 'field':
    case 'variable':
      return { ...node, names: [...node.names, ...names], at: first.at, line: first.line } satisfies
        | FieldNode
        | VariableNode;
    case 'bool':
    case 'string':
    case 'number':
    case 'nil':
    case 'dot':
      return tokens.fail(`unexpected . after term ${quote(sourceOf(node))}`);
    default:
      return { kind: 'chain', node, names, at: first.at, line: first.line } satisfies ChainNode;
  }
}

function sourceOf(node: Extract<Operand, { kind: 'bool' | 'string' | 'number' | 'nil' | 'dot' }>): string {
  switch (node.kind) {
    case 'bool':
      return String(node.value);
    case 'string':
      return node.literal;
    case 'number':
      return node.number.text;
    case 'nil':
      return 'nil';
    case 'dot':
      return '.';
  }
}
