/** The tree that the parser makes of a document, before its scalars are resolved. */

export interface ScalarNode {
  readonly kind: 'scalar';
  /** The tag in full, or empty. */
  readonly tag: string;
  readonly value: string;
  /** True for a plain scalar without a tag (or with `!`): its text decides its type. */
  readonly implicit: boolean;
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly items: Node[];
}

export interface MappingNode {
  readonly kind: 'mapping';
  readonly pairs: Array<readonly [key: Node, value: Node]>;
}

export interface AliasNode {
  readonly kind: 'alias';
  readonly name: string;
  readonly target: Node;
}

export type Node = ScalarNode | SequenceNode | MappingNode | AliasNode;
