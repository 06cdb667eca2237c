// Builds dist/: one bundle split into chunks, so that the operator starts by reading few files and an unused cloud's
// SDK is never loaded. Packages that read files of their own at run time stay outside the bundle.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { externals } from './image/externals.mjs';

/** zod brings its messages in 50 languages and loads them all; errors here are in English. */
const onlyEnglish = {
  name: 'only-english',
  setup({ onLoad }) {
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outdir = join(root, 'dist');
rmSync(outdir, { recursive: true, force: true });

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { main: 'src/main.ts', template: 'src/template/index.ts' },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // The AWS SDK's ES modules: a dynamic import of CommonJS has no named exports in a split bundle.
  mainFields: ['module', 'main'],
  sourcemap: true,
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [onlyEnglish],
  metafile: true,
  chunkNames: 'chunks/[name]-[hash]',
  external: externals,
  banner: {
    // CommonJS packages inside an ES module bundle still call require for Node's own modules.
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
assertNamedExports(metafile);
listBundledPackages(metafile);
declareTemplateTypes();

/** Each package that is imported on demand must have kept its exports. */
function assertNamedExports({ inputs }) {
  for (const [path, { imports }] of Object.entries(inputs)) {
    if (path.includes('node_modules')) continue;
    for (const { kind, external, path: imported } of imports) {
      if (kind !== 'dynamic-import' || external || inputs[imported]?.format !== 'cjs') continue;
      throw new Error(`${path} imports ${imported} on demand: import an own module that re-exports what is needed`);
    }
  }
}

/** Which installed packages have code in the bundle, by their folders: for the image's bill of materials. */
function listBundledPackages({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  const folders = inputs.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  writeFileSync(
    join(outdir, 'bundled.json'),
    `${JSON.stringify(
      [...new Set(folders)].toSorted((left, right) => (left < right ? -1 : 1)),
      null,
      2,
    )}\n`,
  );
}

/** The types of `external-secrets-operator/template`, which other programs import. */
function declareTemplateTypes() {
  const rootDir = join(root, 'src', 'template');
  const options = [
    '--declaration',
    '--emitDeclarationOnly',
    '--rootDir',
    rootDir,
    '--outDir',
    join(outdir, 'template'),
  ];
  const language = ['--target', 'es2023', '--module', 'nodenext', '--types', 'node', '--allowImportingTsExtensions'];
  const compiler = fileURLToPath(import.meta.resolve('typescript/package.json').replace('package.json', 'bin/tsc'));
  const args = [compiler, '--ignoreConfig', ...options, ...language, '--strict', '--skipLibCheck'];
  execFileSync(process.execPath, [...args, join(rootDir, 'index.ts')], { cwd: root, stdio: 'inherit' });
}
