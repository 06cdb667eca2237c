/** gjson's queries: `#(path op value)`, which pick the elements of an array that they match. */
import { glob } from './glob.ts';
import { unescape, type Value } from './scan.ts';

export interface Query {
  /** Of what is compared, within the element; empty: the element itself. */
  readonly path: string;
  /** Empty: only whether it exists. */
  readonly operator: string;
  readonly value: string;
  /** `#(…)#`: every element that matches, not just the first. */
  readonly all: boolean;
}

const nothing: Query = { path: '', operator: '', value: '', all: false };

/** @param path begins with `#(` or `#[`; `end` is behind the closing bracket, or at the end for a query without one */
export function parseQuery(path: string): { readonly query: Query; readonly end: number } {
  const { operatorAt, end } = queryBounds(path);
  if (end === undefined) return { query: nothing, end: path.length };
  const all = path[end] === '#';
  const body = path.slice(0, end - 1);
  if (operatorAt === undefined) return { query: { ...nothing, path: trim(body.slice(2)), all }, end };
  const [, operator = '', value = ''] = /^(==|!=|!%|<=|>=|[=<>%!])([^]*)$/.exec(trim(body.slice(operatorAt))) ?? [];
  return {
    query: {
      path: trim(body.slice(2, operatorAt)),
      operator: operator === '==' ? '=' : operator,
      value: unquote(trim(value)),
      all,
    },
    end,
  };
}

function queryBounds(path: string): { operatorAt: number | undefined; end: number | undefined } {
  let operatorAt: number | undefined;
  let depth = 1;
  for (let at = 2; at < path.length; at += 1) {
    const character = path.charAt(at);
    if (depth === 1 && operatorAt === undefined && '!=<>%'.includes(character)) operatorAt = at;
    else if (character === '\\') at += 1;
    else if (character === '[' || character === '(') depth += 1;
    else if (character === '"') at = closingQuote(path, at);
    else if (character === ']' || character === ')') {
      depth -= 1;
      if (depth === 0) return { operatorAt, end: at + 1 };
    }
  }
  return { operatorAt, end: undefined };
}

function closingQuote(path: string, start: number): number {
  for (let at = start + 1; at < path.length; at += 1) {
    if (path[at] === '\\') at += 1;
    else if (path[at] === '"') return at;
  }
  return path.length;
}

function trim(text: string): string {
  return text.replace(/^[\0- ]+|[\0- ]+$/g, '');
}

function unquote(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? unescape(value) : value;
}

/** Whether what the query's path found in an element is what the query wants. */
export function queryMatches(query: Query, found: Value | undefined): boolean {
  if (query.value.startsWith('~')) return matchesLoosely(query, found);
  if (found === undefined) return false;
  return query.operator === '' || compare(found, query.operator, query.value);
}

/** `~true` and its kin: the value is turned into a boolean first. */
function matchesLoosely(query: Query, found: Value | undefined): boolean {
  const judge = looseJudgements[query.value.slice(1)];
  if (judge === undefined) return false;
  const judged: Value = judge(found) ? { type: 'true', raw: 'true' } : { type: 'false', raw: 'false' };
  return query.operator === '' || compare(judged, query.operator, 'true');
}

const looseJudgements: Readonly<Record<string, (value: Value | undefined) => boolean>> = {
  '*': (value) => value !== undefined,
  null: (value) => value === undefined || value.type === 'null',
  true: isTruthy,
  false: isFalsy,
};

function isTruthy(value: Value | undefined): boolean {
  if (value?.type === 'string') return /^(1|t|true)$/i.test(unescape(value.raw));
  return value?.type === 'true' || (value?.type === 'number' && toNumber(value.raw) !== 0);
}

function isFalsy(value: Value | undefined): boolean {
  if (value?.type === 'string') return /^(0|f|false)$/i.test(unescape(value.raw));
  if (value?.type === 'number') return toNumber(value.raw) === 0;
  return value === undefined || value.type === 'null' || value.type === 'false';
}

function compare(found: Value, operator: string, wanted: string): boolean {
  switch (found.type) {
    case 'string':
      return compareText(unescape(found.raw), operator, wanted);
    case 'number':
      return isOrdered(operator, toNumber(found.raw), toNumber(wanted));
    case 'true':
      return compareTrue(operator, wanted);
    case 'false':
      return compareFalse(operator, wanted);
    default:
      return false;
  }
}

function compareText(text: string, operator: string, wanted: string): boolean {
  if (operator === '%') return glob(text, wanted);
  if (operator === '!%') return !glob(text, wanted);
  return isOrdered(operator, text, wanted);
}

function isOrdered<T extends string | number>(operator: string, left: T, right: T): boolean {
  switch (operator) {
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      return false;
  }
}

function compareTrue(operator: string, wanted: string): boolean {
  if (operator === '=') return wanted === 'true';
  if (operator === '!=') return wanted !== 'true';
  return operator === '>=' || (operator === '>' && wanted === 'false');
}

function compareFalse(operator: string, wanted: string): boolean {
  if (operator === '=') return wanted === 'false';
  if (operator === '!=') return wanted !== 'false';
  return operator === '<=' || (operator === '<' && wanted === 'true');
}

/** What is no number counts as 0, as with gjson. */
export function toNumber(text: string): number {
  const infinity = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (infinity !== null) return infinity[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : 0;
}
