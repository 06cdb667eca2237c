/** The tree of a parsed template, as in Go's text/template/parse. */
import type { NumberConstant } from './number.ts';

export interface Position {
  /** The offset of the node's first byte. */
  readonly at: number;
  readonly line: number;
}

export type Node = TextNode | ActionNode | BranchNode | BreakNode | ContinueNode | TemplateNode;

export interface TextNode extends Position {
  readonly kind: 'text';
  readonly text: string;
}

export interface ActionNode extends Position {
  readonly kind: 'action';
  readonly pipe: PipeNode;
}

export interface BranchNode extends Position {
  readonly kind: 'if' | 'with' | 'range';
  readonly pipe: PipeNode;
  readonly list: readonly Node[];
  readonly elseList: readonly Node[] | undefined;
}

export interface BreakNode extends Position {
  readonly kind: 'break';
}

export interface ContinueNode extends Position {
  readonly kind: 'continue';
}

export interface TemplateNode extends Position {
  readonly kind: 'template';
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}

export interface PipeNode extends Position {
  readonly kind: 'pipe';
  /** `$x = …` rather than `$x := …`. */
  readonly isAssign: boolean;
  readonly declarations: readonly string[];
  readonly commands: readonly CommandNode[];
}

export interface CommandNode extends Position {
  readonly args: readonly Operand[];
}

export type Operand =
  | IdentifierNode
  | DotNode
  | NilNode
  | VariableNode
  | FieldNode
  | ChainNode
  | BoolNode
  | NumberNode
  | StringNode
  | PipeNode;

export interface IdentifierNode extends Position {
  readonly kind: 'identifier';
  readonly name: string;
}

export interface DotNode extends Position {
  readonly kind: 'dot';
}

export interface NilNode extends Position {
  readonly kind: 'nil';
}

/** `$x.a.b`; the first name is the variable with its dollar sign. */
export interface VariableNode extends Position {
  readonly kind: 'variable';
  readonly names: readonly string[];
}

/** `.a.b` */
export interface FieldNode extends Position {
  readonly kind: 'field';
  readonly names: readonly string[];
}

/** `(pipeline).a.b` */
export interface ChainNode extends Position {
  readonly kind: 'chain';
  readonly node: Operand;
  readonly names: readonly string[];
}

export interface BoolNode extends Position {
  readonly kind: 'bool';
  readonly value: boolean;
}

export interface NumberNode extends Position {
  readonly kind: 'number';
  readonly number: NumberConstant;
}

export interface StringNode extends Position {
  readonly kind: 'string';
  /** As it is written, with its quotes. */
  readonly literal: string;
  readonly value: string;
}

/** A template and those that it defines. */
export interface TemplateTree {
  readonly name: string;
  readonly root: readonly Node[];
}
