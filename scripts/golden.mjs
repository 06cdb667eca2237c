// `npm run golden -- FILE...`: holds the built engine against files of golden cases.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { problemOf, readCases } from '../test/golden/cases.mjs';

const files = process.argv.slice(2);
if (files.length === 0 || files.includes('--help')) {
  console.log(
    'usage: npm run golden -- FILE...\nRuns golden template cases (one JSON object a line) against dist/template.js.',
  );
  process.exit(files.length === 0 ? 2 : 0);
}
const engine = fileURLToPath(new URL('../dist/template.js', import.meta.url));
if (!existsSync(engine)) {
  console.error('dist/template.js is missing: run "npm run build" first');
  process.exit(2);
}
const { TemplateCompiler, TemplateError } = await import(engine);
const compiler = new TemplateCompiler();
const shownPerArea = 20;

let passed = 0;
const failures = new Map();
for (const golden of files.flatMap(readCases)) {
  const problem = problemOf(
    golden,
    (text, data) => compiler.compile(text).render(data),
    (error) => error instanceof TemplateError,
  );
  if (problem === undefined) passed += 1;
  else failures.set(golden.area, [...(failures.get(golden.area) ?? []), { golden, problem }]);
}
let failed = 0;
for (const [area, list] of [...failures].sort(([left], [right]) => left.localeCompare(right))) {
  failed += list.length;
  console.log(`${area}: ${list.length} failed`);
  for (const { golden, problem } of list.slice(0, shownPerArea)) {
    console.log(`  ${golden.id} ${JSON.stringify(golden.template)}\n    ${problem}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
