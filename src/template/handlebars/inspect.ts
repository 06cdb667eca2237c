/** What a Handlebars template may not use: found when it is compiled, with its place. */
import type { Library } from './library.ts';

export interface Finding {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

type Located = Pick<hbs.AST.Node, 'loc'>;
type Call = hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression;

/** The first thing that is not allowed: partials, decorators, and helpers that do not exist. */
export function firstFinding(
  library: Library,
  program: hbs.AST.Program,
  helperNames: ReadonlySet<string>,
): Finding | undefined {
  const findings: Finding[] = [];
  const visitor = new library.Visitor();
  const refuse = (what: string) => (node: Located) => {
    findings.push(finding(node, `${what} are not supported`));
  };
  visitor.PartialStatement = refuse('partials');
  visitor.PartialBlockStatement = refuse('partials');
  visitor.Decorator = refuse('decorators');
  visitor.DecoratorBlock = refuse('decorators and inline partials');
  for (const kind of ['MustacheStatement', 'BlockStatement', 'SubExpression'] as const) {
    const visitInside = visitor[kind].bind(visitor) as (node: Call) => void;
    visitor[kind] = (node: Call) => {
      const name = unknownHelper(node, helperNames);
      if (name !== undefined) findings.push(finding(node, `there is no helper "${name}"`));
      visitInside(node);
    };
  }
  visitor.accept(program);
  return findings[0];
}

/** What has arguments is a call, and so is what stands in parentheses. */
function unknownHelper(call: Call, helperNames: ReadonlySet<string>): string | undefined {
  const isCall = call.type === 'SubExpression' || call.params.length > 0 || call.hash !== undefined;
  const name = 'original' in call.path ? call.path.original : '';
  return isCall && !helperNames.has(name) ? name : undefined;
}

function finding({ loc }: Located, message: string): Finding {
  return { message, line: loc.start.line, column: loc.start.column };
}
