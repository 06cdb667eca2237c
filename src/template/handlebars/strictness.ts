/**
 * Two things that Handlebars' own strict mode leaves open: arguments of helpers may be missing, and values are put
 * together with `+`, so that `{{1}}{{2}}` gives 3. Every path is made strict, and every value goes through `print`.
 */
import type { Library } from './library.ts';

/** The helper that makes text of what a tag stands for. Templates cannot name it. */
export const printHelper = ' print';

/** Changes the tree. */
export function makeStrict(library: Library, program: hbs.AST.Program): void {
  const visitor = new library.Visitor();
  visitor.PathExpression = (path) => {
    // What the compiler asks of a path before it looks up the last part without mercy; the types do not know of it.
    Object.assign(path, { strict: true });
  };
  const visitInside = visitor.MustacheStatement.bind(visitor);
  visitor.MustacheStatement = (mustache) => {
    printResult(mustache);
    visitInside(mustache);
  };
  visitor.accept(program);
}

function printResult(mustache: hbs.AST.MustacheStatement): void {
  const { loc, params, hash, path } = mustache;
  const isCall = params.length > 0 || hash !== undefined;
  const inner = isCall && isPath(path) ? { type: 'SubExpression', path, params, hash, loc } : path;
  const print = { type: 'PathExpression', original: printHelper, parts: [printHelper], data: false, depth: 0, loc };
  Object.assign(mustache, { path: print, params: [inner], hash: undefined });
}

function isPath(path: hbs.AST.MustacheStatement['path']): path is hbs.AST.PathExpression {
  return path.type === 'PathExpression';
}
