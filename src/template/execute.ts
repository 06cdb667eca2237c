/** Walks the tree of a template and writes what it makes. */
import type { StepBudget } from './budget.ts';
import { TemplateError } from './errors.ts';
import { Evaluator, type EvaluatorOptions, type PositionedNode } from './evaluate.ts';
import type { FunctionRuntime, FunctionTable } from './function.ts';
import type { MissingKey } from './members.ts';
import type { ActionNode, BranchNode, Node, PipeNode, TemplateNode, TemplateTree } from './node.ts';
import { printAction } from './print.ts';
import { pipeText } from './source.ts';
import { quote } from './strconv/quote.ts';
import { decodeUtf8 } from './text/utf8.ts';
import { isTrue } from './truth.ts';
import { GoFunc, GoInt, GoMap, GoSlice, int, typeOf, type Value } from './value.ts';

export interface Execution {
  /** The name in errors, of the text that all trees come from. */
  readonly name: string;
  readonly text: string;
  readonly trees: ReadonlyMap<string, TemplateTree>;
  readonly functions: FunctionTable;
  readonly missingKey: MissingKey;
  readonly runtime: FunctionRuntime;
  readonly budget: StepBudget;
}

/** @throws TemplateError of phase `exec`, LimitError */
export function execute(execution: Execution, data: Value): string {
  const tree = execution.trees.get(execution.name);
  if (tree === undefined) throw new Error(`there is no template ${execution.name}`);
  const output = { text: '' };
  new TreeWalker(execution, tree.name, output, data, 0).walk(data, tree.root);
  return output.text;
}

/** How the walk of a list ended. */
type Flow = 'next' | 'break' | 'continue';

class TreeWalker {
  readonly #execution: Execution;
  readonly #templateName: string;
  readonly #output: { text: string };
  readonly #evaluator: Evaluator;
  readonly #depth: number;

  constructor(execution: Execution, templateName: string, output: { text: string }, dollar: Value, depth: number) {
    this.#execution = execution;
    this.#templateName = templateName;
    this.#output = output;
    this.#depth = depth;
    const { functions, missingKey, runtime, budget } = execution;
    const fail: EvaluatorOptions['fail'] = (node, message, cause) => this.#fail(node, message, cause);
    this.#evaluator = new Evaluator({ functions, missingKey, runtime, budget, fail }, dollar);
  }

  walk(dot: Value, list: readonly Node[]): Flow {
    for (const node of list) {
      const flow = this.#walkNode(dot, node);
      if (flow !== 'next') return flow;
    }
    return 'next';
  }

  #walkNode(dot: Value, node: Node): Flow {
    this.#execution.budget.charge(1);
    switch (node.kind) {
      case 'text':
        this.#write(node.text);
        return 'next';
      case 'action':
        this.#action(dot, node);
        return 'next';
      case 'if':
      case 'with':
        return this.#ifOrWith(dot, node);
      case 'range':
        return this.#range(dot, node);
      case 'template':
        this.#template(dot, node);
        return 'next';
      case 'break':
      case 'continue':
        return node.kind;
    }
  }

  #write(text: string): void {
    this.#output.text += text;
    this.#execution.budget.checkOutput(this.#output.text.length);
  }

  #action(dot: Value, node: ActionNode): void {
    const value = this.#evaluator.evalPipeline(dot, node.pipe);
    if (node.pipe.declarations.length > 0) return;
    if (typeof value === 'string') {
      this.#write(value);
      return;
    }
    const { budget } = this.#execution;
    if (value instanceof GoFunc)
      this.#failAt(node.pipe, `can't print ${pipeText(node.pipe)} of type ${value.type.name}`);
    this.#write(printAction(value, budget));
  }

  #ifOrWith(dot: Value, node: BranchNode): Flow {
    const mark = this.#evaluator.mark();
    const value = this.#evaluator.evalPipeline(dot, node.pipe);
    let flow: Flow = 'next';
    if (isTrue(value)) flow = this.walk(node.kind === 'with' ? value : dot, node.list);
    else if (node.elseList !== undefined) flow = this.walk(dot, node.elseList);
    this.#evaluator.release(mark);
    return flow;
  }

  #range(dot: Value, node: BranchNode): Flow {
    const mark = this.#evaluator.mark();
    const value = this.#evaluator.evalPipeline(dot, node.pipe);
    const ran = this.#iterate(value, node);
    const flow = !ran && node.elseList !== undefined ? this.walk(dot, node.elseList) : 'next';
    this.#evaluator.release(mark);
    // A break in the else list ends this range, a continue goes on with the one around it.
    return flow === 'break' ? 'next' : flow;
  }

  /** Answers whether there was anything to iterate over. */
  #iterate(value: Value, node: BranchNode): boolean {
    let ran = false;
    for (const [index, element] of this.#elements(value, node)) {
      ran = true;
      if (this.#iteration(index, element, node) === 'break') break;
    }
    return ran;
  }

  *#elements(value: Value, node: BranchNode): Generator<readonly [Value, Value]> {
    if (value === null) return;
    if (value instanceof GoSlice) {
      for (const [index, item] of value.items.entries()) yield [int(index), item];
    } else if (value instanceof GoMap) {
      for (const key of value.sortedKeys()) yield [key, value.entries.get(key) ?? null];
    } else if (value instanceof GoInt) {
      if (node.pipe.declarations.length > 1) {
        this.#evaluator.fail(`can't use ${value.value} to iterate over more than one variable`);
      }
      for (let count = 0n; count < value.value; count += 1n) yield [null, new GoInt(value.type, count)];
    } else {
      // Go prints the value here, which may be a secret.
      this.#evaluator.fail(`range can't iterate over a value of type ${typeOf(value)?.name}`);
    }
  }

  #iteration(index: Value, element: Value, node: BranchNode): Flow {
    this.#execution.budget.charge(1);
    const { declarations, isAssign } = node.pipe;
    const mark = this.#evaluator.mark();
    const [first, second] = declarations;
    if (first !== undefined && isAssign) {
      this.#evaluator.assign(first, second === undefined ? element : index);
      if (second !== undefined) this.#evaluator.assign(second, element);
    } else if (first !== undefined) {
      this.#evaluator.setNewest(1, element);
      if (second !== undefined) this.#evaluator.setNewest(2, index);
    }
    const flow = this.walk(element, node.list);
    this.#evaluator.release(mark);
    return flow;
  }

  /** Variables are not inherited; what the pipeline of the call declares stays with the caller. */
  #template(dot: Value, node: TemplateNode): void {
    const { trees, budget } = this.#execution;
    const tree = trees.get(node.name);
    if (tree === undefined)
      return this.#fail({ at: node.at, text: templateText(node) }, `template ${quote(node.name)} not defined`);
    budget.checkDepth(this.#depth + 1);
    const data = node.pipe === undefined ? null : this.#evaluator.evalPipeline(dot, node.pipe);
    new TreeWalker(this.#execution, tree.name, this.#output, data, this.#depth + 1).walk(data, tree.root);
  }

  #failAt(pipe: PipeNode, message: string): never {
    return this.#fail({ at: pipe.at, text: pipeText(pipe) }, message);
  }

  #fail(node: PositionedNode | undefined, message: string, cause?: unknown): never {
    const { name, text } = this.#execution;
    const before = text.slice(0, node?.at ?? 0);
    const line = before.split('\n').length;
    const column = before.length - (before.lastIndexOf('\n') + 1);
    const where = `template: ${name}:${line}:${column}: executing ${quote(this.#templateName)} at <${node?.text ?? ''}>`;
    throw new TemplateError('exec', { template: name, line, column }, decodeUtf8(`${where}: ${message}`), { cause });
  }
}

function templateText({ name, pipe }: TemplateNode): string {
  return `{{template ${quote(name)}${pipe === undefined ? '' : ` ${pipeText(pipe)}`}}}`;
}
