/** Flux and Argo CD as judges of objects: Flux's own code, and Lua as Argo CD runs it. */
import { execFile } from 'node:child_process';
import { parseAllDocuments } from 'yaml';
import { findProgram } from '../support/debian.ts';
import { buildGoBinary, type GoModule, NoGoError } from '../support/gobinary.ts';
import { codeBlocks, readMarkdown } from '../support/markdown.ts';

/** As a Kustomization has it. */
export interface HealthCheck {
  readonly kind: string;
  readonly current: string;
}

const kstatusModule: GoModule = { name: 'kstatus', binary: 'kstatus', ldflags: '-s -w', duration: 'a minute, once' };

/** Why there are no judges on this machine; undefined when there are. @throws in CI, where that is a failure */
export async function judgesMissing(): Promise<string | undefined> {
  try {
    await buildGoBinary(kstatusModule);
  } catch (error) {
    if (error instanceof NoGoError && process.env['CI'] !== 'true') return error.message;
    throw error;
  }
  const lua = await findLua();
  return typeof lua === 'string' ? lua : undefined;
}

const findLua = () => findProgram('lua5.4', 'usr/bin/lua5.4');

/** @param check absent: the rules that Flux has for every kind */
export async function fluxStatus(object: object, check?: HealthCheck): Promise<string> {
  const kstatus = await buildGoBinary(kstatusModule);
  const expressions = check === undefined ? {} : { expressions: { current: check.current } };
  return new Promise((resolve, reject) => {
    const child = execFile(kstatus, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim());
      else reject(new Error(stderr));
    });
    child.stdin?.end(`${JSON.stringify({ object, ...expressions })}\n`);
  });
}

/** @param rule the text of a `resource.customizations.health` @throws where there is no Lua */
export async function argoHealth(object: object, rule: string): Promise<string> {
  const lua = await findLua();
  if (typeof lua === 'string') throw new Error(lua);
  const { code, output } = await lua(['-'], `obj = ${luaOf(object)}\nprint((function() ${rule} end)().status)`);
  if (code !== 0) throw new Error(output);
  return output.trim();
}

/** What docs/gitops.md tells users of Flux to write, for a kind. */
export function documentedCheck(kind: string): HealthCheck {
  const checks = documentedObjects().flatMap(({ spec }) => spec?.healthCheckExprs ?? []);
  const check = checks.find((candidate) => candidate.kind === kind);
  if (check === undefined) throw new Error(`docs/gitops.md has no expressions for ${kind}`);
  return check;
}

/** What docs/gitops.md tells users of Argo CD to write, for a kind. */
export function documentedRule(kind: string): string {
  const name = `resource.customizations.health.external-secrets.io_${kind}`;
  const rule = documentedObjects().flatMap(({ data }) => data?.[name] ?? [])[0];
  if (rule === undefined) throw new Error(`docs/gitops.md has no ${name}`);
  return rule;
}

interface Documented {
  readonly spec?: { readonly healthCheckExprs?: readonly HealthCheck[] };
  readonly data?: Readonly<Record<string, string>>;
}

function documentedObjects(): readonly Documented[] {
  const blocks = codeBlocks(readMarkdown('docs/gitops.md')).filter(({ language }) => language === 'yaml');
  return blocks.flatMap(({ text }) => parseAllDocuments(text).map((document) => document.toJS() as Documented));
}

/** JSON as Lua writes it. */
function luaOf(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map(luaOf).join(',')}}`;
  if (typeof value !== 'object' || value === null) return value === null ? 'nil' : JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, member]) => `[${JSON.stringify(key)}]=${luaOf(member)}`)
    .join(',')}}`;
}
