/** `npm run bench:template`: renderings a second on one core, and the memory that a cached template takes. */
import { TemplateCompiler } from '../../src/template/index.ts';
import { acceptance, type Document, realistic, values } from './templates.ts';

const roundMs = 1_000;
const rounds = 5;
const cachedTemplates = 2_000;

const compiler = new TemplateCompiler();

for (const [name, documents] of [['acceptance', acceptance] as const, ...realistic.map(alone)]) {
  const perSecond = bestOf(rounds, () => passesPerSecond(documents));
  const each = documents.length === 1 ? '' : ` (of ${documents.length} documents each)`;
  console.log(`${name.padEnd(22)} ${Math.round(perSecond).toLocaleString('en')} renders/s${each}`);
}
console.log(`${'compile'.padEnd(22)} ${Math.round(bestOf(rounds, compilesPerSecond)).toLocaleString('en')} compiles/s`);
console.log(`${'memory'.padEnd(22)} ${Math.round(bytesPerTemplate()).toLocaleString('en')} bytes per cached template`);

function alone(document: Document): readonly [string, readonly Document[]] {
  return [document.name, [document]];
}

function bestOf(times: number, measure: () => number): number {
  return Math.max(...Array.from({ length: times }, measure));
}

/** How often all documents are rendered in a second. */
function passesPerSecond(documents: readonly Document[]): number {
  const templates = documents.map(({ name, template }) => compiler.compile(template, { name }));
  return perSecond(() => {
    for (const template of templates) template.render(values);
  });
}

function compilesPerSecond(): number {
  return perSecond(() => {
    for (const { name, template } of acceptance) compiler.compile(template, { name });
  });
}

function perSecond(run: () => void): number {
  const startMs = performance.now();
  let passes = 0;
  for (; performance.now() - startMs < roundMs; passes += 100) for (let n = 0; n < 100; n += 1) run();
  return (passes * 1_000) / (performance.now() - startMs);
}

/** Of the larger acceptance document, each under a name and with a text of its own. */
function bytesPerTemplate(): number {
  const { template = '' } = acceptance[0] ?? {};
  const before = usedHeap();
  const kept = Array.from({ length: cachedTemplates }, (_, n) =>
    compiler.compile(`${template}# ${n}`, { name: `${n}` }),
  );
  return (usedHeap() - before) / kept.length;
}

function usedHeap(): number {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
