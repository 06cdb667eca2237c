/** Evaluates pipelines, as exec.go of Go's text/template does. Values are checked against the types that functions declare. */
import { fitValue } from './assign.ts';
import type { StepBudget } from './budget.ts';
import { type Caller, callFunction, type Final, missing } from './call.ts';
import { constantFor, idealConstant } from './constant.ts';
import type { FunctionRuntime, FunctionTable } from './function.ts';
import { findMember, type MissingKey, type Receiver } from './members.ts';
import type { ChainNode, CommandNode, FieldNode, IdentifierNode, Operand, PipeNode, VariableNode } from './node.ts';
import { commandText, operandText } from './source.ts';
import { quote } from './strconv/quote.ts';
import { anyType, type GoType, reflectValueType } from './types.ts';
import { GoMap, type Method, type Value } from './value.ts';

interface Variable {
  readonly name: string;
  value: Value;
}

export interface EvaluatorOptions {
  readonly functions: FunctionTable;
  readonly missingKey: MissingKey;
  readonly runtime: FunctionRuntime;
  readonly budget: StepBudget;
  /** Says where it failed, at the node that was evaluated last. */
  readonly fail: (node: PositionedNode | undefined, message: string, cause?: unknown) => never;
}

/** A node that errors can point at. */
export interface PositionedNode {
  readonly at: number;
  readonly text: string;
}

/** The state of one template's execution: its variables and where it is. */
export class Evaluator implements Caller {
  readonly options: EvaluatorOptions;
  readonly #variables: Variable[];
  #node: Operand | CommandNode | undefined;

  constructor(options: EvaluatorOptions, dollar: Value) {
    this.options = options;
    this.#variables = [{ name: '$', value: dollar }];
  }

  /** Variables declared after the mark end with `release`. */
  mark(): number {
    return this.#variables.length;
  }

  release(mark: number): void {
    this.#variables.length = mark;
  }

  /** Sets the n-th newest variable. */
  setNewest(n: number, value: Value): void {
    const variable = this.#variables.at(-n);
    if (variable !== undefined) variable.value = value;
  }

  assign(name: string, value: Value): void {
    const variable = this.#variables.findLast((candidate) => candidate.name === name);
    if (variable === undefined) this.fail(`undefined variable: ${name}`);
    variable.value = value;
  }

  evalPipeline(dot: Value, pipe: PipeNode): Value {
    this.at(pipe);
    let value: Final = missing;
    for (const command of pipe.commands) value = this.#evalCommand(dot, command, value);
    const result = value === missing ? null : value;
    for (const name of pipe.declarations) {
      if (pipe.isAssign) this.assign(name, result);
      else this.#variables.push({ name, value: result });
    }
    return result;
  }

  /** @throws TemplateError at the node that is being evaluated */
  fail(message: string, cause?: unknown): never {
    const node = this.#node;
    const positioned = node && { at: node.at, text: 'kind' in node ? operandText(node) : commandText(node) };
    return this.options.fail(positioned, message, cause);
  }

  get runtime(): FunctionRuntime {
    return this.options.runtime;
  }

  at(node: Operand | CommandNode): void {
    this.#node = node;
    this.options.budget.charge(1);
  }

  #evalCommand(dot: Value, command: CommandNode, final: Final): Value {
    const [word] = command.args;
    if (word === undefined) return this.fail('empty command');
    switch (word.kind) {
      case 'field':
        return this.#evalField(dot, word, command.args, final);
      case 'chain':
        return this.#evalChain(dot, word, command.args, final);
      case 'identifier':
        return this.#evalFunction(dot, word, command, final);
      case 'variable':
        return this.#evalVariable(dot, word, command.args, final);
      case 'pipe':
        this.#refuseArguments(command.args, final);
        return this.evalPipeline(dot, word);
      default:
        this.at(word);
        this.#refuseArguments(command.args, final);
        return this.#evalLiteral(dot, word);
    }
  }

  #evalLiteral(dot: Value, word: Extract<Operand, { kind: 'dot' | 'nil' | 'bool' | 'number' | 'string' }>): Value {
    switch (word.kind) {
      case 'dot':
        return dot;
      case 'nil':
        return this.fail('nil is not a command');
      case 'bool':
      case 'string':
        return word.value;
      case 'number':
        return this.#ideal(word.number);
    }
  }

  #ideal(number: Parameters<typeof idealConstant>[0]): Value {
    const fit = idealConstant(number);
    return fit.ok ? fit.value : this.fail(fit.message);
  }

  #refuseArguments(args: readonly Operand[], final: Final): void {
    if (args.length > 1 || final !== missing) {
      this.fail(`can't give argument to non-function ${args[0] === undefined ? '' : operandText(args[0])}`);
    }
  }

  #evalField(dot: Value, node: FieldNode, args: readonly Operand[], final: Final): Value {
    this.at(node);
    return this.#evalNames(dot, dot, node, node.names, args, final);
  }

  #evalChain(dot: Value, node: ChainNode, args: readonly Operand[], final: Final): Value {
    this.at(node);
    if (node.node.kind === 'nil') this.fail('indirection through explicit nil in ' + operandText(node));
    const receiver = this.evalArgument(dot, anyType, node.node);
    return this.#evalNames(dot, receiver, node, node.names, args, final);
  }

  #evalVariable(dot: Value, node: VariableNode, args: readonly Operand[], final: Final): Value {
    this.at(node);
    const [name = '', ...names] = node.names;
    const variable = this.#variables.findLast((candidate) => candidate.name === name);
    if (variable === undefined) return this.fail(`undefined variable: ${name}`);
    if (names.length === 0) {
      this.#refuseArguments(args, final);
      return variable.value;
    }
    return this.#evalNames(dot, variable.value, node, names, args, final);
  }

  /** Only the last name takes arguments. */
  #evalNames(
    dot: Value,
    receiver: Value,
    node: Operand,
    names: readonly string[],
    args: readonly Operand[],
    final: Final,
  ): Value {
    let value = receiver;
    let isInterface = false;
    const last = names.length - 1;
    for (let index = 0; index <= last; index += 1) {
      const name = names[index] ?? '';
      const outer = value;
      value =
        index < last
          ? this.#member(dot, { value, isInterface }, node, name, [], missing)
          : this.#member(dot, { value, isInterface }, node, name, args, final);
      isInterface = outer instanceof GoMap && outer.type.elem?.kind === 'interface' && outer.entries.has(name);
    }
    return value;
  }

  #member(dot: Value, receiver: Receiver, node: Operand, name: string, args: readonly Operand[], final: Final): Value {
    const hasArguments = args.length > 1 || final !== missing;
    const member = findMember(receiver, name, this.options.missingKey, hasArguments);
    switch (member.kind) {
      case 'value':
        return member.value;
      case 'method':
        return this.#callMethod(dot, node, name, member.method, args, final);
      case 'failure':
        return this.fail(member.message);
    }
  }

  #callMethod(dot: Value, node: Operand, name: string, method: Method, args: readonly Operand[], final: Final): Value {
    const fn = { name, ...method, call: (values: readonly Value[]) => method.call(values) };
    return callFunction(this, { dot, node, name, isMethod: true, fn, args, final });
  }

  #evalFunction(dot: Value, node: IdentifierNode, command: CommandNode | undefined, final: Final): Value {
    this.at(node);
    const fn = this.options.functions.get(node.name);
    if (fn === undefined) return this.fail(`${quote(node.name)} is not a defined function`);
    const args = command?.args ?? [];
    return callFunction(this, { dot, node: command ?? node, name: node.name, isMethod: false, fn, args, final });
  }

  /** An argument as its parameter takes it. */
  evalArgument(dot: Value, type: GoType, node: Operand): Value {
    this.at(node);
    switch (node.kind) {
      case 'dot':
        return this.fit(dot, type);
      case 'nil':
        return this.#nilFor(type);
      case 'field':
        return this.#fitMember(this.#evalField(dot, node, [node], missing), type);
      case 'variable':
        return this.fit(this.#evalVariable(dot, node, [], missing), type);
      case 'pipe':
        return this.fit(this.evalPipeline(dot, node), type);
      case 'identifier':
        return this.fit(this.#evalFunction(dot, node, undefined, missing), type);
      case 'chain':
        return this.#fitMember(this.#evalChain(dot, node, [], missing), type);
      default:
        return this.#literalFor(dot, type, node);
    }
  }

  #literalFor(dot: Value, type: GoType, node: Extract<Operand, { kind: 'bool' | 'number' | 'string' }>): Value {
    if (type.kind === 'interface' || type.name === reflectValueType.name) return this.#evalLiteral(dot, node);
    const fit = constantFor(node, type);
    return fit.ok ? fit.value : this.fail(fit.message);
  }

  #nilFor(type: GoType): Value {
    const fit = fitValue(null, type);
    return fit.ok ? fit.value : this.fail(`cannot assign nil to ${type.name}`);
  }

  /** A member that is nil is a nil interface, which unlike the nil of a pipeline fits nothing but interfaces. */
  #fitMember(value: Value, type: GoType): Value {
    if (value === null && type.kind !== 'interface' && type.name !== reflectValueType.name) {
      return this.fail(`wrong type for value; expected ${type.name}; got ${anyType.name}`);
    }
    return this.fit(value, type);
  }

  fit(value: Value, type: GoType): Value {
    const fit = fitValue(value, type);
    return fit.ok ? fit.value : this.fail(fit.message);
  }
}
