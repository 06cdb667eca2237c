/** The grammar of CEL, down to what rules of CRDs use: operators, members, calls, lists. */
import { CelSyntaxError } from './error.ts';
import { expectKnown } from './functions.ts';
import { type CelToken, lexCel } from './lex.ts';

export type CelExpression =
  | { readonly type: 'literal'; readonly value: string | number | boolean | null }
  | { readonly type: 'variable'; readonly name: string }
  | { readonly type: 'list'; readonly items: readonly CelExpression[] }
  | { readonly type: 'member'; readonly of: CelExpression; readonly name: string }
  | { readonly type: 'index'; readonly of: CelExpression; readonly at: CelExpression }
  /** A function, or a method when there is something it is called on. */
  | {
      readonly type: 'call';
      readonly name: string;
      readonly on?: CelExpression;
      readonly args: readonly CelExpression[];
    }
  | { readonly type: 'unary'; readonly operator: string; readonly operand: CelExpression }
  | {
      readonly type: 'binary';
      readonly operator: string;
      readonly left: CelExpression;
      readonly right: CelExpression;
    }
  | {
      readonly type: 'choice';
      readonly condition: CelExpression;
      readonly yes: CelExpression;
      readonly no: CelExpression;
    };

/** Weakest first. */
const binaryOperators: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<', '<=', '>', '>=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** @throws CelSyntaxError */
export function parseCel(text: string): CelExpression {
  const parser = new Parser(lexCel(text));
  const expression = parser.expression();
  parser.expectEnd();
  return expression;
}

class Parser {
  readonly #tokens: readonly CelToken[];
  #at = 0;

  constructor(tokens: readonly CelToken[]) {
    this.#tokens = tokens;
  }

  expression(): CelExpression {
    const condition = this.#binary(0);
    if (!this.#take('?')) return condition;
    const yes = this.expression();
    this.#expect(':');
    return { type: 'choice', condition, yes, no: this.expression() };
  }

  expectEnd(): void {
    if (this.#next.type !== 'end') this.#fail();
  }

  #binary(level: number): CelExpression {
    const operators = binaryOperators[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = operators.find((candidate) => this.#take(candidate));
      if (operator === undefined) return left;
      left = { type: 'binary', operator, left, right: this.#binary(level + 1) };
    }
  }

  #unary(): CelExpression {
    const operator = ['!', '-'].find((candidate) => this.#take(candidate));
    return operator === undefined ? this.#postfix() : { type: 'unary', operator, operand: this.#unary() };
  }

  #postfix(): CelExpression {
    let expression = this.#primary();
    for (;;) {
      if (this.#take('.')) expression = this.#memberOf(expression);
      else if (this.#take('[')) expression = { type: 'index', of: expression, at: this.#closed(']') };
      else return expression;
    }
  }

  #memberOf(of: CelExpression): CelExpression {
    const name = this.#name();
    if (!this.#take('(')) return { type: 'member', of, name };
    expectKnown(name, true);
    return { type: 'call', name, on: of, args: this.#list(')') };
  }

  #primary(): CelExpression {
    const token = this.#next;
    this.#at += 1;
    if (token.type === 'string') return { type: 'literal', value: token.text };
    if (token.type === 'number') return { type: 'literal', value: Number(token.text) };
    if (token.type === 'name') return this.#named(token.text);
    if (token.type === 'operator' && token.text === '(') return this.#closed(')');
    if (token.type === 'operator' && token.text === '[') return { type: 'list', items: this.#list(']') };
    this.#at -= 1;
    return this.#fail();
  }

  #named(name: string): CelExpression {
    if (name === 'true' || name === 'false') return { type: 'literal', value: name === 'true' };
    if (name === 'null') return { type: 'literal', value: null };
    if (name === 'oldSelf') throw new CelSyntaxError('rules over the object as it was are not built');
    if (!this.#take('(')) return { type: 'variable', name };
    expectKnown(name, false);
    return { type: 'call', name, args: this.#list(')') };
  }

  #closed(end: string): CelExpression {
    const expression = this.expression();
    this.#expect(end);
    return expression;
  }

  #list(end: string): readonly CelExpression[] {
    const items: CelExpression[] = [];
    while (!this.#take(end)) {
      if (items.length > 0) this.#expect(',');
      items.push(this.expression());
    }
    return items;
  }

  #name(): string {
    const { type, text } = this.#next;
    if (type !== 'name') return this.#fail();
    this.#at += 1;
    return text;
  }

  get #next(): CelToken {
    return this.#tokens[this.#at] ?? { type: 'end', text: '' };
  }

  /** Goes on if this operator or word comes next. */
  #take(text: string): boolean {
    const { type, text: found } = this.#next;
    const isWord = type === 'operator' || (type === 'name' && text === 'in');
    if (!isWord || found !== text) return false;
    this.#at += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) this.#fail();
  }

  #fail(): never {
    const { type, text } = this.#next;
    throw new CelSyntaxError(type === 'end' ? 'the rule ends too early' : `unexpected ${text} in the rule`);
  }
}
