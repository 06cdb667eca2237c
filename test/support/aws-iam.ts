/** Judges IAM policy documents: explicit deny, then allow, then the implicit deny. */

export interface IamPolicy {
  readonly Statement: readonly IamStatement[] | IamStatement;
}

export interface IamStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What somebody wants to do, to what, with the values of the condition keys that are known. */
export interface IamRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
}

export type IamVerdict = 'allowed' | 'explicitly denied' | 'not allowed';

/** Reads a policy as users keep it, with the placeholder `ACCOUNT-ID`. */
export function parsePolicy(text: string, accountId: string): IamPolicy {
  return JSON.parse(text.replaceAll('ACCOUNT-ID', accountId)) as IamPolicy;
}

export function judge(policy: IamPolicy, request: IamRequest): IamVerdict {
  const matching = [policy.Statement].flat().filter((statement) => applies(statement, request));
  if (matching.some(({ Effect }) => Effect === 'Deny')) return 'explicitly denied';
  return matching.length > 0 ? 'allowed' : 'not allowed';
}

function applies(statement: IamStatement, { action, resource, context }: IamRequest): boolean {
  const { Action, NotAction, Resource, NotResource, Condition } = statement;
  if (Action !== undefined && !matchesAny(Action, action, 'i')) return false;
  if (NotAction !== undefined && matchesAny(NotAction, action, 'i')) return false;
  if (Resource !== undefined && !matchesAny(Resource, resource)) return false;
  if (NotResource !== undefined && matchesAny(NotResource, resource)) return false;
  return Object.entries(Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, wanted, context[key])),
  );
}

function holds(operator: string, wanted: string | readonly string[], actual: string | undefined): boolean {
  if (operator === 'StringEquals') return actual !== undefined && [wanted].flat().includes(actual);
  if (operator === 'StringLike') return actual !== undefined && matchesAny(wanted, actual);
  throw new Error(`the IAM condition operator ${operator} is not known here`);
}

function matchesAny(patterns: string | readonly string[], value: string, flags = ''): boolean {
  return [patterns].flat().some((pattern) => {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return new RegExp(`^${source}$`, `s${flags}`).test(value);
  });
}
