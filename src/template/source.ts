/** Nodes as text, the way Go prints them in errors: `executing "tpl" at <.x>`. */
import type { CommandNode, Operand, PipeNode } from './node.ts';

export function pipeText(pipe: PipeNode): string {
  const declared =
    pipe.declarations.length === 0 ? '' : `${pipe.declarations.join(', ')} ${pipe.isAssign ? '=' : ':='} `;
  return declared + pipe.commands.map(commandText).join(' | ');
}

export function commandText(command: CommandNode): string {
  return command.args.map((arg) => (arg.kind === 'pipe' ? `(${pipeText(arg)})` : operandText(arg))).join(' ');
}

export function operandText(node: Operand): string {
  switch (node.kind) {
    case 'identifier':
      return node.name;
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'variable':
      return node.names.join('.');
    case 'field':
      return node.names.map((name) => `.${name}`).join('');
    case 'chain': {
      const inner = node.node.kind === 'pipe' ? `(${pipeText(node.node)})` : operandText(node.node);
      return inner + node.names.map((name) => `.${name}`).join('');
    }
    case 'bool':
      return String(node.value);
    case 'number':
      return node.number.text;
    case 'string':
      return node.literal;
    case 'pipe':
      return pipeText(node);
  }
}
