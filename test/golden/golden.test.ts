import { describe, expect, it } from 'vitest';
import { TemplateCompiler, TemplateError } from '../../src/template/index.ts';
import { type GoldenCase, problemOf, readCases } from './cases.mjs';

const files = ['public', 'regexp.public', 'timeformat.public'];
const compiler = new TemplateCompiler();
const render = (text: string, data: Map<string, Uint8Array | string>): Uint8Array =>
  compiler.compile(text).render(data);
const isTemplateError = (error: unknown): boolean => error instanceof TemplateError;

describe.each(files)('the original engine, %s', (file) => {
  const byArea = Map.groupBy(readCases(new URL(`data/${file}.jsonl`, import.meta.url)), ({ area }) => area);

  it.each([...byArea])('renders all %s alike', (_, cases: GoldenCase[]) => {
    const problems = cases.flatMap((golden) => {
      const problem = problemOf(golden, render, isTemplateError);
      return problem === undefined ? [] : [`${golden.id} ${JSON.stringify(golden.template)}: ${problem}`];
    });
    expect(problems).toEqual([]);
    expect(cases.length).toBeGreaterThan(0);
  });
});
